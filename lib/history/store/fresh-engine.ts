/** Stores of their own for tests: each is empty, and takes itself away again. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { openDuckdb } from "./duckdb";
import type { Engine } from "./engine";
import { openPostgres } from "./postgres";

export interface FreshEngine {
  engine: Engine;
  /** Removes what it kept; to be called when the engine has been closed. */
  drop: () => Promise<void>;
}

let schemas = 0;

/** The embedded engine, in a folder of its own. */
export async function freshDuckdb(): Promise<FreshEngine> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-engine-"));
  return {
    engine: await openDuckdb(path.join(folder, "h.duckdb")),
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * A schema of its own on a server. @param address of the server, `postgres://…`
 * @param prepare SQL to run in the schema @param further schemas to look in, with a comma before each
 * @returns an address whose tables are in the schema, and what takes it away again
 */
export async function freshSchema(
  address: string,
  prepare: (schema: string) => string = () => "",
  further = "",
): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `t${process.pid}_${Math.floor(performance.timeOrigin)}_${++schemas}`;
  const admin = new pg.Client({ connectionString: address });
  await admin.connect();
  await admin.query(`CREATE SCHEMA ${name}; ${prepare(name)}`);
  return {
    url: `${address}?options=-c%20search_path%3D${name}${further}`,
    async drop() {
      await admin.query(`DROP SCHEMA ${name} CASCADE`);
      await admin.end();
    },
  };
}

/** A PostgreSQL store in a schema of its own; see `freshSchema`. */
export async function freshPostgres(
  address: string,
  prepare?: (schema: string) => string,
  further?: string,
): Promise<FreshEngine> {
  const { url, drop } = await freshSchema(address, prepare, further);
  return { engine: await openPostgres(url), drop };
}

/** Every engine that there is on this machine, by name: PostgreSQL where CITYWALL_TEST_POSTGRES names a server. */
export const ENGINES: [name: string, fresh: () => Promise<FreshEngine>][] = [["duckdb", freshDuckdb]];
const { CITYWALL_TEST_POSTGRES: server } = process.env;
if (server) ENGINES.push(["postgres", () => freshPostgres(server)]);
