import { existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { writeWholeSync } from "../../files/atomic";
import { giveNotice } from "../../files/notices";
import { freeBytes } from "../../files/space";
import { openDuckdb } from "./duckdb";
import type { Engine } from "./engine";
import { bucketSql, DAY_OFFSET, WIDTH } from "./rollup";
import { migrate, ROLLUPS, spansFromVersions, WEEK, type Rollup } from "./schema";

/** Without these the rest has no meaning: which series is which, and up to where the journals are in it. */
const NEEDED = ["series", "journal_place", "rolled", "dirty"];
/** Made by `migrate`, not taken over. */
const OWN = ["schema_version"];
/** Tables whose rows are what publishers sent. */
const SENT = ["readings", "positions", "event_versions"];
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

/**
 * Takes what can still be read of a store that was kept aside over into a new one, where that was planned and there is no new one
 * yet. It is made whole before it is put in its place: a kill leaves nothing half, and the next start does it again. What cannot
 * be read is counted in a notice. Never throws: without it a store is begun from the journal.
 * @param file of the store @param data the data folder @param now ms
 */
export async function rescue(file: string, data: string, now: number): Promise<void> {
  const plan = marker(file);
  const draft = `${file}.draft`;
  const left = [draft, `${draft}.wal`];
  for (const name of left) rmSync(name, { force: true, recursive: true });
  if (!existsSync(plan)) return;
  let broken = file;
  try {
    broken = path.join(path.dirname(file), path.basename(readFileSync(plan, "utf8")));
    // Without the name of a file there is nothing to take over; with a store in place it has been done.
    if (!existsSync(file) && existsSync(broken) && statSync(broken).isFile()) {
      const missing = await takeOver(broken, draft);
      renameSync(draft, file);
      tellMissing(data, broken, missing, now);
    }
  } catch (error) {
    console.error(`citywall: nothing could be taken over from ${broken}: ${(error as Error).message}`);
  }
  for (const name of [plan, ...left]) rmSync(name, { force: true, recursive: true });
}

/** Rows that could not be read, by table. */
type Missing = Map<string, number>;

async function takeOver(broken: string, draft: string): Promise<Missing> {
  const free = freeBytes(path.dirname(draft));
  const needed = statSync(broken).size * (1 + ROOM);
  if (free !== null && free < needed)
    throw new Error(`it would take ${Math.ceil(needed / 1e6)} MB, which are not free`);
  const engine = await openDuckdb(draft);
  try {
    await engine.run(`ATTACH '${broken.replaceAll("'", "''")}' AS broken (READ_ONLY)`);
    const [version] = await engine.rows("SELECT max(version) AS version FROM broken.schema_version");
    await migrate(engine, () => {}, Number(version?.version ?? 0));
    const missing = await copyTables(engine);
    await engine.run("DETACH broken");
    await mend(engine, missing);
    await engine.compact();
    return missing;
  } finally {
    await engine.close();
  }
}

async function copyTables(engine: Engine): Promise<Missing> {
  const columns = await engine.rows(
    `SELECT a.table_name AS t, string_agg('"' || a.column_name || '"', ', ' ORDER BY a.column_index) AS names
      FROM duckdb_columns() AS a JOIN duckdb_columns() AS b ON b.table_name = a.table_name AND b.column_name = a.column_name
      WHERE a.database_name = current_database() AND b.database_name = 'broken' GROUP BY a.table_name`,
  );
  const missing: Missing = new Map();
  for (const { t, names } of columns) {
    const table = String(t);
    if (OWN.includes(table)) continue;
    const [size] = await engine.rows(`SELECT count(*) AS n FROM broken.${table}`);
    const lost = await copy(engine, table, String(names), 0, Number(size?.n ?? 0));
    if (lost > 0 && NEEDED.includes(table)) throw new Error(`its table ${table} cannot be read`);
    if (lost > 0) missing.set(table, lost);
  }
  return missing;
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
    if (rows <= LEAST) return rows;
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
async function mend(engine: Engine, missing: Missing): Promise<void> {
  for (const tier of ROLLUPS) if (missing.has(tier)) await remake(engine, tier);
  if (missing.has("event_spans")) {
    await engine.run("DELETE FROM event_spans");
    await engine.run(spansFromVersions("duckdb"));
  }
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

function tellMissing(data: string, broken: string, missing: Missing, now: number): void {
  if (missing.size === 0) return;
  const counts = [...missing].map(([table, rows]) => `${rows} rows of ${table}`);
  giveNotice(data, {
    what: "store",
    id: `${now}-missing`,
    at: now,
    file: broken,
    fault: `${counts.join(", ")} could not be read; all else was taken over into the new store`,
    kept: broken,
    lost: SENT.reduce((sum, table) => sum + (missing.get(table) ?? 0), 0),
    exact: true,
  });
}
