import { idList, type Engine } from "./engine";
import type { Historian } from "./historian";
import { trustNow, trustThen, type Trust } from "./plan";
import { currentReadings, WIDTH } from "./rollup";
import { ROLLUPS, type Rollup } from "./schema";

/** Whether a range may hold several versions of one moment. */
async function hasLate(engine: Engine, series: number[], from: number, to: number, signal?: AbortSignal): Promise<boolean> {
  const rows = await engine.query(
    `SELECT 1 AS x FROM readings WHERE late = 1 AND observed >= $1 AND observed < $2 AND series IN (${idList(series)}) LIMIT 1`,
    [from, to], signal);
  return rows.length > 0;
}

/** The SQL of readings of a range as they stand now, or stood at `known`. */
export async function readingsSql(engine: Engine, series: number[], from: number, to: number, known: number | undefined, signal?: AbortSignal): Promise<string> {
  const then = known === undefined ? "" : ` AND recorded <= ${Math.round(known)}`;
  const where = `series IN (${idList(series)}) AND observed >= ${from} AND observed < ${to}${then}`;
  return currentReadings(where, await hasLate(engine, series, from, to, signal));
}

/** Which rollups' buckets hold something that was recorded after `known`. */
async function recordedLater(engine: Engine, series: number[], from: number, to: number, known: number): Promise<Record<Rollup, number[]>> {
  const found = await Promise.all(ROLLUPS.map((tier) => engine.query(`
    SELECT DISTINCT bucket FROM ${tier}
    WHERE late_recorded > $1 AND bucket >= $2 AND bucket < $3 AND series IN (${idList(series)})`, [Math.round(known), from - WIDTH[tier], to])));
  const [minutes, hours, days] = found.map((rows) => rows.map((row) => Number(row.bucket))) as [number[], number[], number[]];
  return { minutes, hours, days };
}

/** What of the rollups may be read for a question about a range. @param known as of when, ms; undefined: now */
export async function trustFor({ engine, rollups }: Historian, series: number[], from: number, to: number, known: number | undefined): Promise<Trust> {
  const now = trustNow(rollups);
  return known === undefined ? now : trustThen(now, known, await recordedLater(engine, series, from, to, known));
}
