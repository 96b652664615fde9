/** For tests: control data on each engine that there is, and a clock that they set. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Kysely } from "kysely";
import pg from "pg";
import type { By, Control } from "./context";
import { METHODS, type MethodName, type Params, type Result } from "./methods";
import { openControl, type ControlPlace } from "./open";
import type { Tables } from "./tables";

const server = process.env.CITYWALL_TEST_POSTGRES;
/** PostgreSQL where `CITYWALL_TEST_POSTGRES` says where one is. */
export const ENGINES = ["embedded", ...(server ? (["PostgreSQL"] as const) : [])] as const;

/** A database of its own on the test server. */
export async function freshDatabase(): Promise<string> {
  const name = `control_${Math.random().toString(36).slice(2)}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

export const BY: By = { who: "command test", address: "" };

/** Control data of its own, whose methods are called as the gateway calls them. */
export class TestControl implements Control {
  private constructor(
    readonly db: Kysely<Tables>,
    readonly place: ControlPlace,
    /** what its clock says, ms */
    public clock = Date.UTC(2026, 11, 1, 8),
  ) {}

  static async open(engine: (typeof ENGINES)[number]): Promise<TestControl> {
    const data = await mkdtemp(path.join(os.tmpdir(), "citywall-control-"));
    const place = engine === "embedded" ? { data } : { data, databaseUrl: await freshDatabase() };
    return new TestControl(await openControl(place), place);
  }

  readonly now = (): number => this.clock;

  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    const run = METHODS[method] as (context: Control, params: Params<M>) => Promise<Result<M>>;
    return run(this, params);
  }

  async drop(): Promise<void> {
    await this.db.destroy();
    await rm(this.place.data, { recursive: true, force: true });
  }
}
