import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { syncFile } from "../../files/atomic";
import { stateOf, type EngineCopy, type Row, type SqlValue } from "./engine";

/** The tables of the past, but for those that a store makes for itself as it is opened. */
export const HISTORY = [
  "series",
  "things",
  "annotations",
  "event_versions",
  "event_spans",
  "screen_versions",
  "readings",
  "minutes",
  "hours",
  "days",
  "positions",
  "rolled",
  "dirty",
  "unsettled",
  "journal_place",
] as const;
/** Those that are kept by the week, which there has to be room for before they are filled. */
const BY_WEEK = ["readings", "positions"];
/** Lists the tables of a copy, beside their files. */
const LIST = "tables.json";

/** A table as it was copied. */
interface TableCopy {
  table: string;
  columns: string[];
  rows: number;
  /** when the first and the last of a table by the week were observed, ms */
  observed?: [number, number];
}

/** Where a database's copy lies in a folder that stands for the data folder. */
export function databaseFolder(tree: string, part: "history" | "control"): string {
  return path.join(tree, "database", part);
}

const fileOf = (folder: string, table: string): string => path.join(folder, `${table}.copy.gz`);
const quoted = (name: string): string => pg.escapeIdentifier(name);

async function connected(url: string, schema?: string): Promise<pg.Client> {
  const options = schema === undefined ? {} : { options: `-c search_path=${schema}` };
  const client = new pg.Client({ connectionString: url, application_name: "citywall backup", ...options });
  // That it went away is told by what is asked of it.
  client.on("error", () => {});
  await client.connect();
  return client;
}

const rowsBy = (client: pg.Client) => ({
  rows: async (sql: string, params: SqlValue[] = []) => (await client.query<Row>(sql, params)).rows,
});

/** The file of a table: PostgreSQL's own text of COPY, packed. */
async function copyTable(client: pg.Client, folder: string, table: string): Promise<TableCopy> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
      WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`,
    [table],
  );
  const columns = rows.map(({ name }) => name);
  const file = fileOf(folder, table);
  const source = client.query(
    copyTo(`COPY (SELECT ${columns.map(quoted).join(", ")} FROM ${quoted(table)}) TO STDOUT`),
  );
  await pipeline(source, createGzip({ level: 1 }), createWriteStream(file, { mode: 0o600, flags: "wx" }));
  await syncFile(file);
  const copy = { table, columns, rows: source.rowCount };
  if (!BY_WEEK.includes(table)) return copy;
  const [ends] = (await client.query<Row>(`SELECT min(observed) AS first, max(observed) AS newest FROM ${table}`)).rows;
  return ends?.first === null || !ends ? copy : { ...copy, observed: [Number(ends.first), Number(ends.newest)] };
}

/** Writes tables of one moment into a folder. @param schema the one that the address names where it is left out */
async function copyOut<T>(
  url: string,
  folder: string,
  schema: string | undefined,
  tables: (client: pg.Client) => Promise<readonly string[]>,
  moment: (client: pg.Client) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true });
  const client = await connected(url, schema);
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const found = await moment(client);
    const copies: TableCopy[] = [];
    for (const table of await tables(client)) copies.push(await copyTable(client, folder, table));
    await client.query("COMMIT");
    await writeFile(path.join(folder, LIST), `${JSON.stringify(copies)}\n`, { mode: 0o600 });
    return found;
  } finally {
    await client.end();
  }
}

/** Writes the past into a folder, as the database has it at one moment; see `Engine.copy`. */
export function copyHistory(url: string, tree: string, atMoment: () => void): Promise<EngineCopy> {
  return copyOut(
    url,
    databaseFolder(tree, "history"),
    undefined,
    () => Promise.resolve(HISTORY),
    async (client) => {
      // The first statement takes the snapshot that all others see.
      await client.query("SELECT 1");
      atMoment();
      return stateOf(rowsBy(client));
    },
  );
}

/** Writes all tables of a schema into a folder. */
export function copySchema(url: string, tree: string, schema: string): Promise<void> {
  const tables = async (client: pg.Client): Promise<string[]> => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1",
    );
    return rows.map(({ name }) => name);
  };
  return copyOut(url, databaseFolder(tree, "control"), schema, tables, () => Promise.resolve());
}

/**
 * Fills tables that are there, and empty but for what making them brought, from a folder: all of them, or none where it fails.
 * @param prepare makes room for what was observed in [from, to), ms
 * @param omit tables that stay as they are
 */
export async function fillTables(
  url: string,
  folder: string,
  {
    schema,
    prepare,
    omit = [],
  }: { schema?: string; prepare?: (from: number, to: number) => Promise<void>; omit?: string[] },
): Promise<void> {
  const copies = (JSON.parse(await readFile(path.join(folder, LIST), "utf8")) as TableCopy[]).filter(
    ({ table }) => !omit.includes(table),
  );
  for (const { observed } of copies) if (observed) await prepare?.(observed[0], observed[1] + 1);
  const client = await connected(url, schema);
  try {
    await client.query("BEGIN");
    for (const { table, columns, rows } of copies) {
      await client.query(`DELETE FROM ${quoted(table)}`);
      const sink = client.query(copyFrom(`COPY ${quoted(table)} (${columns.map(quoted).join(", ")}) FROM STDIN`));
      await pipeline(createReadStream(fileOf(folder, table)), createGunzip(), sink);
      if (sink.rowCount !== rows) throw new Error(`${table}: ${sink.rowCount} rows of ${rows} went in`);
    }
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

/** Whether a database has tables of Citywall's in it already. */
export async function isUsed(url: string, controlSchema: string): Promise<boolean> {
  const client = await connected(url);
  try {
    const { rows } = await client.query<{ used: boolean }>(
      `SELECT to_regclass('schema_version') IS NOT NULL OR to_regclass('readings') IS NOT NULL
        OR to_regnamespace($1) IS NOT NULL AS used`,
      [controlSchema],
    );
    return rows[0]?.used === true;
  } finally {
    await client.end();
  }
}
