import { COARSE, FINE, HOURLY } from "../../contract/reduce";
import { idList, type Row } from "./engine";
import type { Historian } from "./historian";
import { piecesOf, type Piece, type Trust } from "./plan";
import { bucketOf, rolledColumn } from "./rollup";
import type { Rollup } from "./schema";
import { askReadings, trustFor } from "./source";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How far back the last value of a topic is looked for: in readings, then in minutes, then in hours, then in days. */
const LOOKBACK = { readings: HOUR, minutes: 26 * HOUR, hours: 40 * DAY, days: 36_600 * DAY } as const;

/** A reading as the store knows it: observed (ms), value, and 0 good, 1 uncertain, 2 bad. */
export interface StoredReading {
  at: number;
  value: number;
  quality: number;
}

export interface LastOptions {
  /** as it was known at this moment (ms); undefined: as it is known now */
  asOf: number | undefined;
  /** look past readings that their source called bad */
  usable?: boolean;
}

/** The last reading of a bucket of a rollup at or before `at`, as columns at, value, quality. */
function bucketLast(at: number, usable: boolean): string {
  const good = `last_at <= ${at}`;
  const bad = usable ? "FALSE" : `bad_at <= ${at} AND (last_at IS NULL OR last_at > ${at} OR bad_at > last_at)`;
  const pick = (ofBad: string, ofGood: string): string =>
    `CASE WHEN ${bad} THEN ${ofBad} WHEN ${good} THEN ${ofGood} END`;
  return [
    `${pick("bad_at", "last_at")} AS t`,
    `${pick("bad_last", rolledColumn("last"))} AS value`,
    `${pick("2", "coalesce(last_quality, 0)")} AS quality`,
  ].join(", ");
}

/**
 * Asks about a piece as rows (series, t, value, quality): its readings, or the last of each of its buckets, up to `at`.
 * @param over the question around the SQL of those rows
 */
async function askPiece(
  { engine }: Historian,
  series: number[],
  piece: Piece,
  at: number,
  { asOf, usable = false }: LastOptions,
  over: (rows: string) => string,
): Promise<Row[]> {
  if (piece.source === "readings") {
    const range = { series, from: piece.from, to: Math.min(piece.to, at + 1), asOf };
    return askReadings(engine, range, (source) =>
      engine.query(
        over(`SELECT series, observed AS t, value, quality FROM (${source}) AS c${usable ? " WHERE quality < 2" : ""}`),
      ),
    );
  }
  return engine.query(
    over(`
    SELECT series, t, value, quality FROM (
      SELECT series, ${bucketLast(at, usable)} FROM ${piece.source}
      WHERE series IN (${idList(series)}) AND bucket >= ${piece.from} AND bucket < ${piece.to}
    ) AS b WHERE t IS NOT NULL`),
  );
}

/** Where readings of [from, to) (ms) are told by a rollup, and where it does not hold. */
function piecesIn(tier: Rollup | "readings", from: number, to: number, trust: Trust): Piece[] {
  const tiers = tier === "readings" ? [] : [tier];
  const start = tier === "readings" ? from : bucketOf(tier, from);
  return piecesOf([{ edges: [start, to], tiers }], trust);
}

/**
 * The last reading at or before `at` (ms) of each series, whatever its age and quality; series without one are left
 * out. As known then, nothing is told that was recorded later.
 */
export async function lastReadings(
  historian: Historian,
  series: number[],
  at: number,
  options: LastOptions,
): Promise<Map<number, StoredReading>> {
  const found = new Map<number, StoredReading>();
  const take = (row: Row): void => {
    const reading = { at: Number(row.t), value: Number(row.value), quality: Number(row.quality) };
    const asOf = found.get(Number(row.series));
    if (!asOf || reading.at > asOf.at) found.set(Number(row.series), reading);
  };
  for (const tier of ["readings", "minutes", "hours", "days"] as const) {
    const missing = series.filter((id) => !found.has(id));
    if (missing.length === 0) break;
    const from = Math.max(0, at - LOOKBACK[tier]);
    const trust = await trustFor(historian, missing, from, at + 1, options.asOf);
    const answers = await Promise.all(
      piecesIn(tier, from, at + 1, trust).map((piece) =>
        askPiece(
          historian,
          missing,
          piece,
          at,
          options,
          (rows) => `
      SELECT series, t, value, quality FROM (
        SELECT series, t, value, quality, row_number() OVER (PARTITION BY series ORDER BY t DESC) AS place
        FROM (${rows}) AS r
      ) AS p WHERE place = 1`,
        ),
      ),
    );
    for (const row of answers.flat()) take(row);
  }
  return found;
}

/** Points of a series' past for its charts, as snapshots carry them. */
export interface Tail {
  /** pairs observed (ms), value */
  series: number[];
  /** pairs index of the point, quality, of points that are not good */
  marks: number[];
}

const spanOf = ({ bucketMs, capacity }: { bucketMs: number; capacity: number }): number => (bucketMs * capacity) / 1000;
/**
 * Live series and where the store has the same: the last reading of each second, minute, hour. Oldest and coarsest
 * first: a series takes points in order.
 */
const TAILS = [
  { source: "hours", width: HOURLY.bucketMs, over: spanOf(COARSE), upTo: spanOf(HOURLY) },
  { source: "minutes", width: COARSE.bucketMs, over: spanOf(FINE), upTo: spanOf(COARSE) },
  { source: "readings", width: FINE.bucketMs, over: 0, upTo: spanOf(FINE) },
] as const;

/** The last reading of each bucket of a live series in [start, at], whatever its quality. */
async function tailRows(
  historian: Historian,
  { source, width }: (typeof TAILS)[number],
  ids: number[],
  start: number,
  at: number,
  asOf: number | undefined,
): Promise<Row[]> {
  const trust = await trustFor(historian, ids, start, at + 1, asOf);
  // The bucket that runs at `at` has later readings in it.
  const watermark = { ...trust.watermark };
  if (source !== "readings") watermark[source] = Math.min(watermark[source], bucketOf(source, at));
  const rows = await Promise.all(
    piecesIn(source, start, at + 1, { ...trust, watermark }).map((piece) =>
      askPiece(
        historian,
        ids,
        piece,
        at,
        { asOf },
        (sql) => `
    SELECT series, t, value, quality FROM (
      SELECT series, t, value, quality,
        row_number() OVER (PARTITION BY series, t - t % ${width} ORDER BY t DESC) AS place
      FROM (${sql}) AS r
    ) AS p WHERE place = 1 AND t >= ${start} ORDER BY t`,
      ),
    ),
  );
  return rows.flat();
}

/** Past readings of each series for its charts: by the second, the minute or the hour, as live series hold them. */
export async function tailsOf(
  historian: Historian,
  wanted: { series: number; spans: number[] }[],
  at: number,
  asOf: number | undefined,
): Promise<Map<number, Tail>> {
  const tails = new Map<number, Tail>();
  for (const tail of TAILS) {
    const asked = wanted.flatMap(({ series, spans }) => {
      const span = Math.max(0, ...spans.filter((one) => one > tail.over && one <= tail.upTo));
      return span > 0 ? [{ series, start: at - span * 1000 }] : [];
    });
    if (asked.length === 0) continue;
    const starts = new Map(asked.map(({ series, start }) => [series, start]));
    for (const row of await tailRows(historian, tail, [...starts.keys()], Math.min(...starts.values()), at, asOf)) {
      const id = Number(row.series);
      if (Number(row.t) < (starts.get(id) ?? Infinity)) continue;
      let own = tails.get(id);
      if (!own) tails.set(id, (own = { series: [], marks: [] }));
      if (Number(row.quality) > 0) own.marks.push(own.series.length / 2, Number(row.quality));
      own.series.push(Number(row.t), Number(row.value));
    }
  }
  return tails;
}
