import { zoneOffset } from "../../clock";
import { idList, type Engine, type Row } from "./engine";
import { bucketSql, currentReadings, DAY_OFFSET, rolledColumn, WIDTH, type Rollups } from "./rollup";
import type { Rollup } from "./schema";

export const AGGREGATES = ["avg", "sum", "count", "min", "max", "last", "p05", "p50", "p95"] as const;
export type Aggregate = (typeof AGGREGATES)[number];
const QUANTILES: Partial<Record<Aggregate, number>> = { p05: 0.05, p50: 0.5, p95: 0.95 };

export const FILLS = ["none", "null", "previous", "linear", "zero"] as const;
export type Fill = (typeof FILLS)[number];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface HistoryQuery {
  series: number[];
  /** ms; the range is widened to whole buckets */
  from: number;
  /** ms, excluded */
  to: number;
  /** width of a bucket, ms; 0 = every reading as it came */
  step: number;
  aggregates: Aggregate[];
  fill: Fill;
  /** IANA zone that days begin in */
  timeZone: string;
  /** as it was known at this moment (ms); left out: as it is known now */
  known?: number;
}

/** One series: bucket starts (ms) and a value of each aggregate; null where there is none. */
export interface HistorySeries {
  series: number;
  at: number[];
  values: Partial<Record<Aggregate, (number | null)[]>>;
}

/** Start of the bucket that holds `at`: whole days (and runs of days) begin at midnight of the zone, others count from its last midnight too. */
export function bucketStart(at: number, step: number, timeZone: string): number {
  const offset = zoneOffset(at, timeZone);
  const start = Math.floor((at + offset) / step) * step - offset;
  // Over a change of the clocks the start has another offset than the moment.
  return step < DAY ? start : start + offset - zoneOffset(start, timeZone);
}

/** Starts of the buckets of [from, to). */
export function bucketsOf(from: number, to: number, step: number, timeZone: string): number[] {
  const out: number[] = [];
  for (let at = bucketStart(from, step, timeZone); at < to; ) {
    out.push(at);
    const next = bucketStart(at + step, step, timeZone);
    // A day of 25 hours would otherwise be met twice.
    at = next > at ? next : bucketStart(at + step + 2 * HOUR, step, timeZone);
  }
  return out;
}

/** A piece of the range and where it is read from. */
interface Piece {
  source: Rollup | "readings";
  from: number;
  to: number;
}

/** The coarsest source that can answer, and finer ones for what is not rolled up yet. */
export function piecesOf(query: Pick<HistoryQuery, "from" | "to" | "step" | "aggregates" | "timeZone" | "known">, until: Record<Rollup, number>): Piece[] {
  const { from, to, step } = query;
  const offset = zoneOffset(from, query.timeZone);
  const fits = (tier: Rollup): boolean => {
    if (query.known !== undefined || step === 0 || step % WIDTH[tier] !== 0) return false;
    // A quantile of quantiles is not one: only a bucket that is exactly the rollup's has it ready.
    if (query.aggregates.some((a) => QUANTILES[a] !== undefined) && step !== WIDTH[tier]) return false;
    return tier === "days" ? offset === DAY_OFFSET && zoneOffset(to, query.timeZone) === offset : offset % WIDTH[tier] === 0;
  };
  const pieces: Piece[] = [];
  let at = from;
  for (const tier of ["days", "hours", "minutes"] as const) {
    const end = Math.min(to, until[tier]);
    if (!fits(tier) || end <= at) continue;
    pieces.push({ source: tier, from: at, to: end });
    at = end;
  }
  if (at < to) pieces.push({ source: "readings", from: at, to });
  return pieces;
}

async function hasLate(engine: Engine, series: number[], from: number, to: number, signal?: AbortSignal): Promise<boolean> {
  return (await engine.query(`SELECT 1 AS x FROM readings WHERE late = 1 AND observed >= $1 AND observed < $2 AND series IN (${idList(series)}) LIMIT 1`, [from, to], signal)).length > 0;
}

/** Readings one by one, oldest first; one for each moment. */
async function rawRows(engine: Engine, query: HistoryQuery, signal?: AbortSignal): Promise<Row[]> {
  const known = query.known === undefined ? "" : ` AND recorded <= ${Math.round(query.known)}`;
  const where = `series IN (${idList(query.series)}) AND observed >= ${query.from} AND observed < ${query.to}${known}`;
  return engine.query(`SELECT series, observed AS t, value FROM (${currentReadings(where, await hasLate(engine, query.series, query.from, query.to, signal))}) AS c ORDER BY series, observed`, [], signal);
}

async function pieceRows(engine: Engine, query: HistoryQuery, piece: Piece, step: number, offset: number, signal?: AbortSignal): Promise<Row[]> {
  const wanted = new Set(query.aggregates);
  const quantiles = [...wanted].filter((a) => QUANTILES[a] !== undefined);
  if (piece.source === "readings") {
    const known = query.known === undefined ? "" : ` AND recorded <= ${Math.round(query.known)}`;
    const where = `series IN (${idList(query.series)}) AND observed >= ${piece.from} AND observed < ${piece.to}${known}`;
    const source = currentReadings(where, await hasLate(engine, query.series, piece.from, piece.to, signal));
    const extra = [
      ...(wanted.has("last") ? ["max(observed) AS last_at", `${engine.dialect.last("value", "observed")} AS last`] : []),
      ...quantiles.map((a) => `percentile_disc(${QUANTILES[a]}) WITHIN GROUP (ORDER BY value) AS ${a}`),
    ];
    const bucket = bucketSql(step, offset);
    return engine.query(`SELECT series, ${bucket} AS t, count(*) AS n, sum(value) AS sum, min(value) AS min, max(value) AS max${extra.map((e) => `, ${e}`).join("")} FROM (${source}) AS c GROUP BY series, ${bucket}`, [], signal);
  }
  const where = `series IN (${idList(query.series)}) AND bucket >= ${piece.from} AND bucket < ${piece.to}`;
  // Only what is asked for: most of the time goes into handing columns over.
  const asked = (["min", "max"] as const).filter((a) => wanted.has(a));
  if (step === WIDTH[piece.source]) {
    const columns = [...asked, ...quantiles].map((a) => `, ${rolledColumn(a)} AS ${a}`).join("");
    return engine.query(`SELECT series, bucket AS t, n, sum${columns}${wanted.has("last") ? `, last_at, ${rolledColumn("last")} AS last` : ""} FROM ${piece.source} WHERE ${where}`, [], signal);
  }
  const bucket = bucketSql(step, offset, "bucket");
  const last = wanted.has("last") ? `, max(last_at) AS last_at, ${engine.dialect.last(rolledColumn("last"), "last_at")} AS last` : "";
  return engine.query(`SELECT series, ${bucket} AS t, sum(n) AS n, sum(sum) AS sum${asked.map((a) => `, ${a}(${rolledColumn(a)}) AS ${a}`).join("")}${last} FROM ${piece.source} WHERE ${where} GROUP BY series, ${bucket}`, [], signal);
}

interface Cell {
  n: number;
  sum: number;
  min: number;
  max: number;
  lastAt: number;
  last: number;
  quantiles: Partial<Record<Aggregate, number>>;
}

function addCell(cells: Map<number, Cell>, at: number, row: Row): void {
  const cell = cells.get(at) ?? { n: 0, sum: 0, min: Infinity, max: -Infinity, lastAt: -Infinity, last: NaN, quantiles: {} };
  cell.n += Number(row.n);
  cell.sum += Number(row.sum);
  if (row.min !== undefined) cell.min = Math.min(cell.min, Number(row.min));
  if (row.max !== undefined) cell.max = Math.max(cell.max, Number(row.max));
  if (row.last_at !== undefined && Number(row.last_at) >= cell.lastAt) [cell.lastAt, cell.last] = [Number(row.last_at), Number(row.last)];
  for (const name of ["p05", "p50", "p95"] as const) if (row[name] !== undefined) cell.quantiles[name] = Number(row[name]);
  cells.set(at, cell);
}

function valueOf(cell: Cell, aggregate: Aggregate): number | null {
  if (aggregate === "avg") return cell.sum / cell.n;
  if (aggregate === "count") return cell.n;
  if (aggregate === "last") return cell.last;
  if (aggregate === "sum" || aggregate === "min" || aggregate === "max") return cell[aggregate];
  return cell.quantiles[aggregate] ?? null;
}

/** Puts values where there are none, as asked. Nothing is made up before the first value or after the last. */
export function fillGaps(values: (number | null)[], fill: Fill): (number | null)[] {
  if (fill === "none" || fill === "null") return values;
  if (fill === "zero") return values.map((value) => value ?? 0);
  const out = [...values];
  let before = -1;
  for (let i = 0; i < out.length; i++) {
    if (values[i] === null) continue;
    for (let k = before + 1; before >= 0 && k < i; k++) {
      const [a, b] = [values[before] as number, values[i] as number];
      out[k] = fill === "previous" ? a : a + ((b - a) * (k - before)) / (i - before);
    }
    before = i;
  }
  if (fill === "previous" && before >= 0) for (let k = before + 1; k < out.length; k++) out[k] = values[before] as number;
  return out;
}

/**
 * Past readings in buckets, each series in the order asked. Reads rollups where they can answer and readings where
 * they cannot. @throws Cancelled once `signal` fires
 */
export async function queryHistory(engine: Engine, rollups: Rollups, query: HistoryQuery, signal?: AbortSignal): Promise<HistorySeries[]> {
  if (query.step === 0) {
    const rows = await rawRows(engine, query, signal);
    const bySeries = new Map<number, HistorySeries>(query.series.map((id) => [id, { series: id, at: [], values: { last: [] } }]));
    for (const row of rows) {
      const series = bySeries.get(Number(row.series));
      series?.at.push(Number(row.t));
      series?.values.last?.push(Number(row.value));
    }
    return [...bySeries.values()];
  }
  const { step, timeZone } = query;
  const buckets = bucketsOf(query.from, query.to, step, timeZone);
  const range = { ...query, from: buckets[0] ?? query.from, to: nextBucket(buckets, step, timeZone, query.to) };
  const offset = zoneOffset(range.from, timeZone);
  // Days that are not all of 24 hours are put together here from hours.
  const uneven = step >= DAY && zoneOffset(range.to, timeZone) !== offset;
  const sqlStep = uneven ? HOUR : step;
  const cells = new Map<number, Map<number, Cell>>(query.series.map((id) => [id, new Map()]));
  const pieces = piecesOf(uneven ? { ...range, step: HOUR } : range, rollups.until);
  for (const rows of await Promise.all(pieces.map((piece) => pieceRows(engine, query, piece, sqlStep, uneven ? 0 : offset, signal)))) {
    for (const row of rows) {
      const at = uneven ? bucketStart(Number(row.t), step, timeZone) : Number(row.t);
      const own = cells.get(Number(row.series));
      if (own) addCell(own, at, row);
    }
  }
  return query.series.map((id) => {
    const own = cells.get(id) ?? new Map<number, Cell>();
    const at = query.fill === "none" ? buckets.filter((bucket) => own.has(bucket)) : buckets;
    const values: HistorySeries["values"] = {};
    for (const aggregate of query.aggregates) {
      values[aggregate] = fillGaps(at.map((bucket) => {
        const cell = own.get(bucket);
        return cell ? valueOf(cell, aggregate) : null;
      }), query.fill);
    }
    return { series: id, at, values };
  });
}

/** End of the last bucket. */
function nextBucket(buckets: number[], step: number, timeZone: string, fallback: number): number {
  const last = buckets[buckets.length - 1];
  return last === undefined ? fallback : bucketStart(last + step + (step >= DAY ? 2 * HOUR : 0), step, timeZone);
}
