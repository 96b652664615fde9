import { writeFile } from "node:fs/promises";
import { DuckDBInstance, DuckDBTimestampTZValue, type DuckDBConnection } from "@duckdb/node-api";
import type { Engine, Row, SqlValue } from "../lib/history/store/engine";
import { releaseLock, takeLock } from "../lib/history/store/lock";
import { currentReadings, rolledColumn, USABLE, WIDTH } from "../lib/history/store/rollup";
import { migrate } from "../lib/history/store/schema";
import { installationOf } from "../lib/history/store/installation";
import { openPostgres } from "../lib/history/store/postgres";
import { openEngine } from "../lib/history/store/service";
import { Progress } from "./progress";

const DAY = 86_400_000;

interface Place {
  data: string;
  databaseUrl: string | undefined;
}

/** Runs `task` on the store while no other process holds it. @throws when one does */
async function alone<T>(place: Place, task: (engine: Engine) => Promise<T>, open = openEngine): Promise<T> {
  try {
    takeLock(place.data);
  } catch (error) {
    throw new Error(`${(error as Error).message}: stop Citywall first`, { cause: error });
  }
  try {
    const engine = await open(place);
    try {
      return await task(engine);
    } finally {
      await engine.close();
    }
  } finally {
    releaseLock(place.data);
  }
}

/** `db migrate`: brings the tables to the present version. */
export function dbMigrate(place: Place): Promise<void> {
  return alone(place, async (engine) => {
    const progress = new Progress("migrate");
    const { from, to } = await migrate(engine, (done, all) => progress.show(done / all));
    progress.end();
    console.log(
      from === to ? `the tables are of version ${to} already` : `tables brought from version ${from} to ${to}`,
    );
  });
}

/** `db adopt`: makes a PostgreSQL database this data folder's, whosever it was. @throws where its store is at work */
export function dbAdopt({ data, databaseUrl }: Place): Promise<void> {
  if (databaseUrl === undefined)
    throw new Error("DATABASE_URL: is not set; the embedded store lies in its data folder");
  const open = (): Promise<Engine> => openPostgres(databaseUrl, installationOf(data, { anew: true }), { adopt: true });
  const done = (): Promise<void> => Promise.resolve(console.log(`the database is that of ${data} now`));
  return alone({ data, databaseUrl }, done, open);
}

/** Days that hold readings, as starts in ms. */
async function daysOf(engine: Engine): Promise<number[]> {
  const [row] = await engine.query("SELECT min(observed) AS first, max(observed) AS newest FROM readings");
  if (!row || row.first === null) return [];
  const days: number[] = [];
  for (let day = Math.floor(Number(row.first) / DAY) * DAY; day <= Number(row.newest); day += DAY) days.push(day);
  return days;
}

/** `db verify`: every minute and hour against the readings it was made of. Returns the issues found. */
export function dbVerify(place: Place): Promise<number> {
  return alone(place, async (engine) => {
    await migrate(engine);
    const progress = new Progress("verify");
    const until = new Map(
      (await engine.query("SELECT tier, until FROM rolled")).map((row) => [String(row.tier), Number(row.until)]),
    );
    const days = await daysOf(engine);
    let issues = 0;
    let readings = 0;
    for (const [i, day] of days.entries()) {
      readings += Number(
        (
          await engine.query("SELECT count(*) AS n FROM readings WHERE observed >= $1 AND observed < $2", [
            day,
            day + DAY,
          ])
        )[0]?.n ?? 0,
      );
      for (const tier of ["minutes", "hours"] as const)
        issues += await wrongBuckets(engine, tier, day, Math.min(day + DAY, until.get(tier) ?? 0));
      progress.show((i + 1) / days.length, `${issues} issues`);
    }
    const [orphans] = await engine.query(
      "SELECT count(*) AS n FROM readings WHERE series NOT IN (SELECT id FROM series)",
    );
    issues += Number(orphans?.n ?? 0);
    progress.end();
    console.log(`${readings.toLocaleString("en")} readings on ${days.length} days, ${issues} issues`);
    return issues;
  });
}

/** Buckets of a tier in [from, to) that differ from their readings, except those noted as to be made again. */
async function wrongBuckets(engine: Engine, tier: "minutes" | "hours", from: number, to: number): Promise<number> {
  if (to <= from) return 0;
  const width = WIDTH[tier];
  const [row] = await engine.query(
    `
    SELECT count(*) AS n FROM (
      SELECT series, observed - observed % ${width} AS bucket, count(good) AS n, min(good) AS low, max(good) AS high,
        count(*) - count(good) AS bad
      FROM (
        SELECT series, observed, ${USABLE} AS good
        FROM (${currentReadings("observed >= $1 AND observed < $2", true)}) AS c
      ) AS r GROUP BY 1, 2
    ) AS made FULL OUTER JOIN (
      SELECT series, bucket, n, ${rolledColumn("min")} AS min, ${rolledColumn("max")} AS max, coalesce(bad, 0) AS bad
      FROM ${tier} WHERE bucket >= $1 AND bucket < $2
    ) AS kept ON made.series = kept.series AND made.bucket = kept.bucket
    WHERE (
        made.n IS NULL OR kept.n IS NULL OR made.n <> kept.n OR made.bad <> kept.bad
        OR made.low <> kept.min OR made.high <> kept.max
      )
      AND coalesce(made.bucket, kept.bucket) NOT IN (SELECT bucket FROM dirty WHERE tier = $3)`,
    [from, to, tier],
  );
  return Number(row?.n ?? 0);
}

/** `db compact`: gives the room of what was deleted back. */
export function dbCompact(place: Place): Promise<void> {
  return alone(place, async (engine) => {
    const before = await engine.size();
    await engine.compact();
    console.log(`${(before / 1e6).toFixed(1)} MB before, ${((await engine.size()) / 1e6).toFixed(1)} MB now`);
  });
}

export interface ExportOptions {
  from: number;
  to: number;
  topics: string[];
  format: "parquet" | "csv";
  out: string;
}

/** The table of an export, as its file's columns are. */
const EXPORTED = `
  CREATE TABLE readings (
    topic VARCHAR,
    observed TIMESTAMPTZ,
    recorded TIMESTAMPTZ,
    value DOUBLE,
    quality VARCHAR
  )`;

async function appendReadings(connection: DuckDBConnection, rows: Row[]): Promise<void> {
  const appender = await connection.createAppender("readings");
  const moment = (at: unknown): DuckDBTimestampTZValue => new DuckDBTimestampTZValue(BigInt(Number(at)) * 1000n);
  for (const row of rows) {
    appender.appendVarchar(String(row.topic));
    appender.appendTimestampTZ(moment(row.observed));
    appender.appendTimestampTZ(moment(row.recorded));
    appender.appendDouble(Number(row.value));
    appender.appendVarchar(["good", "uncertain", "bad"][Number(row.quality)] ?? "bad");
    appender.endRow();
  }
  appender.closeSync();
}

/** `db export`: readings (as they now stand and as they came) to a Parquet or CSV file, a day at a time. */
export function dbExport(place: Place, options: ExportOptions): Promise<void> {
  return alone(place, async (engine) => {
    await migrate(engine);
    const progress = new Progress("export");
    const scratch = await DuckDBInstance.create(":memory:");
    const connection = await scratch.connect();
    await connection.run(EXPORTED);
    const filter =
      options.topics.length > 0 ? ` AND s.topic IN (${options.topics.map((_, i) => `$${i + 3}`).join(", ")})` : "";
    const days: [number, number][] = [];
    for (let at = options.from; at < options.to; at += DAY) days.push([at, Math.min(at + DAY, options.to)]);
    let count = 0;
    for (const [i, [from, to]] of days.entries()) {
      const rows = await engine.query(
        `
        SELECT s.topic, r.observed, r.recorded, r.value, r.quality
        FROM readings AS r JOIN series AS s ON s.id = r.series
        WHERE r.observed >= $1 AND r.observed < $2${filter}
        ORDER BY r.observed, s.topic, r.recorded, r.sequence`,
        [from, to, ...options.topics] as SqlValue[],
      );
      await appendReadings(connection, rows);
      count += rows.length;
      progress.show((i + 1) / days.length, `${count.toLocaleString("en")} readings`);
    }
    progress.end();
    await writeFile(options.out, "");
    const form = options.format === "csv" ? "csv, HEADER" : options.format;
    await connection.run(`COPY readings TO '${options.out.replaceAll("'", "''")}' (FORMAT ${form})`);
    connection.closeSync();
    scratch.closeSync();
    console.log(`${count.toLocaleString("en")} readings written to ${options.out}`);
  });
}
