import { idList, type Engine, type Row } from "./engine";
import type { Historian } from "./historian";
import { trustNow, trustThen, type Trust } from "./plan";
import { currentReadings, WIDTH } from "./rollup";
import { ROLLUPS, type Rollup } from "./schema";

/** Whether a range may hold several versions of one moment. */
async function hasLate(
  engine: Engine,
  series: number[],
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const rows = await engine.query(
    `SELECT 1 AS x FROM readings
    WHERE late = 1 AND observed >= $1 AND observed < $2 AND series IN (${idList(series)})
    LIMIT 1`,
    [from, to],
    signal,
  );
  return rows.length > 0;
}

/** Readings of some series observed in [from, to), as they stand now or stood at `asOf`; all in ms. */
interface ReadingRange {
  series: number[];
  from: number;
  to: number;
  asOf: number | undefined;
}

/**
 * Asks about the readings of a range, of each moment the version that stands.
 *
 * Telling versions apart costs, so it is done only where the range holds late ones. Between that look and the answer
 * the first late one may be taken in, and both versions would count: so an answer without telling apart is given only
 * if there is none afterwards.
 *
 * @param ask gets the SQL of the readings (series, observed, recorded, value, quality) and asks the store
 */
export async function askReadings(
  engine: Engine,
  { series, from, to, asOf }: ReadingRange,
  ask: (source: string) => Promise<Row[]>,
  signal?: AbortSignal,
): Promise<Row[]> {
  const upTo = asOf === undefined ? "" : ` AND recorded <= ${Math.round(asOf)}`;
  const where = `series IN (${idList(series)}) AND observed >= ${from} AND observed < ${to}${upTo}`;
  const late = (): Promise<boolean> => hasLate(engine, series, from, to, signal);
  if (!(await late())) {
    const rows = await ask(currentReadings(where, false));
    if (!(await late())) return rows;
  }
  return ask(currentReadings(where, true));
}

/** Which rollups' buckets hold something that was recorded after `asOf`. */
async function recordedLater(
  engine: Engine,
  series: number[],
  from: number,
  to: number,
  asOf: number,
): Promise<Record<Rollup, number[]>> {
  const found = await Promise.all(
    ROLLUPS.map((tier) =>
      engine.query(
        `
    SELECT DISTINCT bucket FROM ${tier}
    WHERE late_recorded > $1 AND bucket >= $2 AND bucket < $3 AND series IN (${idList(series)})`,
        [Math.round(asOf), from - WIDTH[tier], to],
      ),
    ),
  );
  const [minutes, hours, days] = found.map((rows) => rows.map((row) => Number(row.bucket))) as [
    number[],
    number[],
    number[],
  ];
  return { minutes, hours, days };
}

/** What of the rollups may be read for a question about a range. @param asOf as of when, ms; undefined: now */
export async function trustFor(
  { engine, rollups }: Historian,
  series: number[],
  from: number,
  to: number,
  asOf: number | undefined,
): Promise<Trust> {
  const now = trustNow(rollups);
  return asOf === undefined ? now : trustThen(now, asOf, await recordedLater(engine, series, from, to, asOf));
}
