import { chmod, mkdir } from "node:fs/promises";
import path from "node:path";
import Database from "libsql";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { migrate, MIGRATIONS } from "./migrations";
import { InTurnDialect } from "./sqlite";
import type { Tables } from "./tables";

/** Most ms that a statement waits for another process: it holds up everything else here, so who writes tries again instead. */
const PATIENCE = 20;
/** Schema of PostgreSQL in which the control data lies, apart from history. */
export const CONTROL_SCHEMA = "citywall_control";

/** Where control data lies: in a file of the data folder, or in PostgreSQL where `databaseUrl` is given. */
export interface ControlPlace {
  data: string;
  databaseUrl?: string | undefined;
}

async function embedded(data: string): Promise<Kysely<Tables>> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const file = path.join(data, "control.db");
  const database = new Database(file);
  await chmod(file, 0o600);
  database.exec("PRAGMA journal_mode = WAL");
  // Written when it says so: what was audited is not lost with the machine's power.
  database.exec("PRAGMA synchronous = FULL");
  database.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
  return new Kysely<Tables>({ dialect: new InTurnDialect(database) });
}

function served(databaseUrl: string): Kysely<Tables> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, options: `-c search_path=${CONTROL_SCHEMA}` });
  // An idle connection that is lost is made again when it is needed.
  pool.on("error", () => {});
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** Opens control data to read them alone: they stay as they are. @throws where they cannot be opened, or are of another version */
export async function readControl({ data, databaseUrl }: ControlPlace): Promise<Kysely<Tables>> {
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const db = databaseUrl ? served(databaseUrl) : await embedded(data);
  try {
    const rows = await db.selectFrom("control_migrations").select("name").orderBy("name").execute();
    const [seen, known] = [rows, [...MIGRATIONS]].map((list) => list.map(({ name }) => name).sort());
    if (JSON.stringify(seen) !== JSON.stringify(known)) throw new Error("they are of another version of Citywall");
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

/**
 * Opens the control data and brings it to this version. Its rows have numbers for moments on both engines.
 * @param migrations for control data of an earlier version
 * @throws where it cannot be opened, or was made by a newer version
 */
export async function openControl(
  { data, databaseUrl }: ControlPlace,
  migrations = MIGRATIONS,
): Promise<Kysely<Tables>> {
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const db = databaseUrl ? served(databaseUrl) : await embedded(data);
  try {
    if (databaseUrl) await sql.raw(`CREATE SCHEMA IF NOT EXISTS ${CONTROL_SCHEMA}`).execute(db);
    await migrate(db, migrations);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}
