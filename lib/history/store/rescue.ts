import { existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { writeWholeSync } from "../../files/atomic";
import { giveUpBroken } from "../../files/broken";
import { giveNotice } from "../../files/notices";
import { freeBytes } from "../../files/space";
import type { HistoryConfig } from "../config";
import { openDuckdb } from "./duckdb";
import type { Engine } from "./engine";
import { Historian } from "./historian";
import { bucketSql, DAY_OFFSET, WIDTH } from "./rollup";
import { migrate, ROLLUPS, spansFromVersions, WEEK, type Rollup } from "./schema";

/** Without these the rest has no meaning: which series is which, and up to where the journals are in it. */
const NEEDED = ["series", "journal_place", "rolled", "dirty"];
/** Made by `migrate`, not taken over. */
const OWN = ["schema_version"];
/** Tables whose rows are what publishers sent: what is missing there may still be in the journal. */
const SENT = ["readings", "positions", "event_versions"];
/** Those, and what people wrote, which was never in the journal: each is an item that was acknowledged. */
const ACKNOWLEDGED = [...SENT, "annotations"];
/** What the journal brings. */
const JOURNALED = [...SENT, "screen_versions"];
/** Rows of a group that DuckDB keeps together, and of a vector, the least that it reads. */
const GROUP = 122_880;
const LEAST = 2_048;
/** What has to be free beyond the size of what is taken over, in parts of it. */
const ROOM = 0.2;

/** The file that says that a store is being taken over, and from which; it is gone once that has been done. */
function marker(file: string): string {
  return `${file}.rescue`;
}

/** Notes that what can be read of `broken` belongs in the store that is begun at `file`: before `broken` is put aside. */
export function planRescue(file: string, broken: string): void {
  writeWholeSync(marker(file), path.basename(broken));
}

interface Rescue {
  /** of the store */
  file: string;
  /** the data folder */
  data: string;
  config: HistoryConfig;
  /** ms */
  now: number;
}

/**
 * Takes what can still be read of a store that was kept aside over into a new one, where that was planned and there is no new one
 * yet, and what cannot be read from the journal, as far as that still has it. The new one is made whole before it is put in its
 * place: a kill leaves nothing half, and the next start does it again. What neither has is counted in a notice. Never throws:
 * without it a store is begun from the journal.
 */
export async function rescue({ file, data, config, now }: Rescue): Promise<void> {
  const plan = marker(file);
  const draft = `${file}.draft`;
  const left = [draft, `${draft}.wal`, `${draft}.new`];
  for (const name of left) rmSync(name, { force: true, recursive: true });
  if (!existsSync(plan)) return;
  let broken = file;
  try {
    broken = path.join(path.dirname(file), path.basename(readFileSync(plan, "utf8")));
    // Without the name of a file there is nothing to take over; with a store in place it has been done.
    if (!existsSync(file) && existsSync(broken) && statSync(broken).isFile()) {
      const missing = await takeOver(broken, draft, { data, config, now });
      renameSync(draft, file);
      tellMissing(data, broken, missing, now);
    }
  } catch (error) {
    tellFailed(data, broken, error as Error, now);
  }
  for (const name of [plan, ...left]) rmSync(name, { force: true, recursive: true });
}

/** Rows that could not be read, by table, and how many of them the journal brought again. */
interface Missing {
  rows: Map<string, number>;
  again: number;
}

async function takeOver(broken: string, draft: string, rest: Omit<Rescue, "file">): Promise<Missing> {
  const folder = path.dirname(draft);
  const needed = statSync(broken).size * (1 + ROOM);
  const lacks = (): boolean => (freeBytes(folder) ?? Infinity) < needed;
  // What can be read of this one is worth more than those that were broken before it.
  while (lacks() && giveUpBroken(folder, true));
  if (lacks()) throw new Error(`it would take ${Math.ceil(needed / 1e6)} MB, which are not free`);
  const engine = await openDuckdb(draft);
  try {
    await engine.run(`ATTACH '${broken.replaceAll("'", "''")}' AS broken (READ_ONLY)`);
    const [version] = await engine.rows("SELECT max(version) AS version FROM broken.schema_version");
    await migrate(engine, () => {}, Number(version?.version ?? 0));
    const rows = await copyTables(engine);
    await engine.run("DETACH broken");
    await mend(engine, rows);
    const again = JOURNALED.some((table) => rows.has(table)) ? await fromJournal(engine, rest) : 0;
    await engine.compact();
    return { rows, again };
  } finally {
    await engine.close();
  }
}

/** Takes in what the journals still have of what is missing. Returns how many items publishers had sent of it. */
async function fromJournal(engine: Engine, { data, config, now }: Omit<Rescue, "file">): Promise<number> {
  const historian = new Historian(engine, config, data);
  await historian.open(now);
  const before = await countOf(engine, SENT);
  await historian.restore(data, now);
  return (await countOf(engine, SENT)) - before;
}

async function countOf(engine: Engine, tables: string[]): Promise<number> {
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table})`);
  const [row] = await engine.rows(`SELECT ${counts.join(" + ")} AS n`);
  return Number(row?.n ?? 0);
}

async function copyTables(engine: Engine): Promise<Missing["rows"]> {
  const columns = await engine.rows(
    `SELECT a.table_name AS t, string_agg('"' || a.column_name || '"', ', ' ORDER BY a.column_index) AS names
      FROM duckdb_columns() AS a JOIN duckdb_columns() AS b ON b.table_name = a.table_name AND b.column_name = a.column_name
      WHERE a.database_name = current_database() AND b.database_name = 'broken' GROUP BY a.table_name`,
  );
  const missing: Missing["rows"] = new Map();
  for (const { t, names } of columns) {
    const table = String(t);
    if (OWN.includes(table)) continue;
    // Rows that were deleted leave their numbers behind: those that are left may have any.
    const [ends] = await engine.rows(`SELECT max(rowid) AS last FROM broken.${table}`);
    if (ends?.last === null || ends?.last === undefined) continue;
    const lost = await copy(engine, table, String(names), 0, Number(ends.last) + 1);
    if (lost > 0 && NEEDED.includes(table)) throw new Error(`its table ${table} cannot be read`);
    if (lost > 0) missing.set(table, lost);
  }
  return missing;
}

/** How many rows of a table there are at [from, to), whether they can be read or not. */
async function rowsAt(engine: Engine, table: string, from: number, to: number): Promise<number> {
  const [row] = await engine.rows(`SELECT count(*) AS n FROM broken.${table} WHERE rowid >= ${from} AND rowid < ${to}`);
  return Number(row?.n ?? 0);
}

/** Copies the rows [from, to) of a table as they lie, in ever smaller pieces where one cannot be read. Returns how many could not. */
async function copy(engine: Engine, table: string, columns: string, from: number, to: number): Promise<number> {
  if (from >= to) return 0;
  try {
    await engine.run(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM broken.${table} WHERE rowid >= ${from} AND rowid < ${to}`,
    );
    return 0;
  } catch (error) {
    // Our own side has to be in order: a full disk is no fault of the other's.
    if (!isOfTheFile(error)) throw error;
    const rows = to - from;
    if (rows <= LEAST) return rowsAt(engine, table, from, to);
    const piece = rows > GROUP ? GROUP : Math.ceil(rows / 4 / LEAST) * LEAST;
    let lost = 0;
    for (let at = from; at < to; at += piece) lost += await copy(engine, table, columns, at, Math.min(to, at + piece));
    return lost;
  }
}

function isOfTheFile(error: unknown): boolean {
  return /corrupt|checksum|deserialize|Serialization|Could not read/i.test((error as Error).message);
}

/** Makes again what follows from the rest where it could not be read. */
async function mend(engine: Engine, missing: Missing["rows"]): Promise<void> {
  if (missing.has("things")) await dropStrays(engine, missing);
  for (const tier of ROLLUPS) if (missing.has(tier)) await remake(engine, tier);
  if (missing.has("event_spans")) {
    await engine.run("DELETE FROM event_spans");
    await engine.run(spansFromVersions("duckdb"));
  }
}

/** Positions of things of which nobody knows any more what they are: the journal may have them with their names. */
async function dropStrays(engine: Engine, missing: Missing["rows"]): Promise<void> {
  const before = await countOf(engine, ["positions"]);
  await engine.run("DELETE FROM positions WHERE thing NOT IN (SELECT id FROM things)");
  const strays = before - (await countOf(engine, ["positions"]));
  if (strays > 0) missing.set("positions", (missing.get("positions") ?? 0) + strays);
}

/** Has the buckets of a tier made again of which there are readings and no row, a week of them at a time. */
async function remake(engine: Engine, tier: Rollup): Promise<void> {
  const bucket = bucketSql(WIDTH[tier], tier === "days" ? DAY_OFFSET : 0);
  const [range] = await engine.rows("SELECT min(observed) AS first, max(observed) AS last FROM readings");
  if (range?.first === null || range?.first === undefined) return;
  for (let from = Number(range.first); from <= Number(range.last); from += WEEK)
    await engine.run(
      `INSERT INTO dirty (tier, bucket) SELECT DISTINCT '${tier}', bucket FROM (
        SELECT DISTINCT series, ${bucket} AS bucket FROM readings WHERE observed >= $1 AND observed < $2
      ) AS r ANTI JOIN ${tier} USING (series, bucket) WHERE bucket < (SELECT until FROM rolled WHERE tier = '${tier}')`,
      [from, from + WEEK],
    );
}

/** Says that all that a broken store alone had is missing: nobody can tell how much that is. */
function tellFailed(data: string, broken: string, error: Error, now: number): void {
  giveNotice(data, {
    what: "store",
    id: `${now}-missing`,
    at: now,
    file: broken,
    fault: `nothing could be taken over from it: ${error.message.split("\n")[0]}; the new store has what the journal still had`,
    kept: broken,
    lost: 0,
    exact: false,
  });
}

function tellMissing(data: string, broken: string, { rows, again }: Missing, now: number): void {
  if (rows.size === 0) return;
  const counts = [...rows].map(([table, count]) => `${count} rows of ${table}`);
  const gone = ACKNOWLEDGED.reduce((sum, table) => sum + (rows.get(table) ?? 0), 0);
  giveNotice(data, {
    what: "store",
    id: `${now}-missing`,
    at: now,
    file: broken,
    fault:
      `${counts.join(", ")} could not be read; all else was taken over into the new store` +
      (again > 0 ? `, and ${again} items once more from the journal` : ""),
    kept: broken,
    lost: Math.max(0, gone - again),
    exact: true,
  });
}
