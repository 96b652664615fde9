import { bucketEdges, bucketStart } from "../../clock";
import { inStretches, Pace } from "../../clock/pace";
import { idList, type Row } from "./engine";
import type { Historian } from "./historian";
import { lastReadings } from "./moment";
import { groupsOf, keySql, piecesOf, type Piece } from "./plan";
import type { HistoryQuery } from "./query";
import { riseSql, rolledColumn } from "./rollup";
import { askReadings, trustFor } from "./source";

const DAY = 86_400_000;

/** What a counter did in a stretch of time: how it began and ended, and what it rose by in between. */
interface Stretch {
  first: number;
  last: number;
  rise: number;
  /** readings that had one before them in the stretch */
  pairs: number;
}

/**
 * The SQL of a piece of readings or of a rollup as rows (series, place, first, last, rise), one for each reading or
 * bucket.
 */
function readingsAsRows(source: string): string {
  return `
    SELECT series, observed AS place, value AS first, value AS last, CAST(NULL AS DOUBLE PRECISION) AS rise
    FROM (${source}) AS c WHERE quality < 2`;
}

function rollupAsRows({ source, from, to }: Piece, series: number[]): string {
  // Buckets of a version that did not keep these are taken to have risen evenly.
  return `
    SELECT series, bucket AS place, coalesce(first, ${rolledColumn("min")}) AS first, ${rolledColumn("last")} AS last,
      coalesce(rise, CASE WHEN n > 1 THEN max - min END) AS rise
    FROM ${source} WHERE series IN (${idList(series)}) AND bucket >= ${from} AND bucket < ${to} AND n > 0`;
}

async function stretchRows(
  historian: Historian,
  query: HistoryQuery,
  series: number[],
  piece: Piece,
  signal?: AbortSignal,
): Promise<Row[]> {
  const { engine } = historian;
  const fold = (rows: string): Promise<Row[]> =>
    engine.query(
      `
    SELECT series, t,
      ${engine.dialect.first("first", "place")} AS first,
      ${engine.dialect.last("last", "place")} AS last,
      coalesce(sum(rise), 0) + coalesce(sum(${riseSql("first", "before")}), 0) AS rise,
      count(rise) + count(before) AS pairs
    FROM (
      SELECT series, t, place, first, last, rise, lag(last) OVER (PARTITION BY series, t ORDER BY place) AS before
      FROM (SELECT series, ${keySql(piece.group, "place")} AS t, place, first, last, rise FROM (${rows}) AS r) AS k
    ) AS l GROUP BY series, t ORDER BY series, t`,
      [],
      signal,
    );
  if (piece.source !== "readings") return fold(rollupAsRows(piece, series));
  const range = { series, from: piece.from, to: piece.to, asOf: query.asOf };
  return askReadings(engine, range, (source) => fold(readingsAsRows(source)), signal);
}

/** Edges at which a stretch must end: those of the buckets, and each midnight at which the counter begins anew. */
function cutsOf(edges: number[], resetZone: string | null): number[] {
  if (resetZone === null) return edges;
  const [first, end] = [edges[0] as number, edges[edges.length - 1] as number];
  const midnights = bucketEdges(first, end, DAY, resetZone).filter((at) => at > first && at < end);
  return mergedOnce(edges, midnights);
}

/** The numbers of two sorted lists in order, each once: sorting half a million of them anew takes a while. */
function mergedOnce(a: number[], b: number[]): number[] {
  const out: number[] = [];
  for (let i = 0, k = 0; i < a.length || k < b.length;) {
    const next = Math.min(a[i] ?? Infinity, b[k] ?? Infinity);
    out.push(next);
    if (a[i] === next) i++;
    if (b[k] === next) k++;
  }
  return out;
}

/** The last usable value before `at` of each series, none where the counter begins anew just there. */
async function valuesBefore(
  historian: Historian,
  query: HistoryQuery,
  series: number[],
  at: number,
  resetZone: string | null,
): Promise<Map<number, { at: number; value: number }>> {
  if (resetZone !== null && bucketStart(at, DAY, resetZone) === at) return new Map();
  return lastReadings(historian, series, at - 1, { asOf: query.asOf, usable: true });
}

/** Puts stretches together, oldest first: what the series rose by in each bucket, null where nothing can be said. */
class Riser {
  private last: number | null;
  private lastDay: number | null;
  /** the day that was looked up last, [from, to) in ms */
  private day = { from: 0, to: 0 };

  constructor(
    private readonly resetZone: string | null,
    before: { at: number; value: number } | undefined,
  ) {
    this.last = before?.value ?? null;
    this.lastDay = before === undefined ? null : this.dayOf(before.at);
  }

  private dayOf(at: number): number | null {
    if (this.resetZone === null) return null;
    // A day is looked up once: calendars cost more than all the rest.
    if (at < this.day.from || at >= this.day.to) {
      const [from, to] = bucketEdges(at, at + 1, DAY, this.resetZone) as [number, number];
      this.day = { from, to };
    }
    return this.day.from;
  }

  /** What the counter rose by up to the end of a stretch that begins at `at` (ms); null of a first reading. */
  add(at: number, stretch: Stretch): number | null {
    const day = this.dayOf(at);
    const begins = day !== null && day !== this.lastDay;
    const before = begins ? 0 : this.last;
    this.last = stretch.last;
    this.lastDay = day;
    if (before === null) return stretch.pairs > 0 ? stretch.rise : null;
    return stretch.rise + (stretch.first >= before ? stretch.first - before : stretch.first);
  }
}

async function increasesOf(
  historian: Historian,
  query: HistoryQuery,
  series: number[],
  edges: number[],
  resetZone: string | null,
  signal?: AbortSignal,
): Promise<Map<number, (number | null)[]>> {
  const pace = new Pace();
  const cuts = cutsOf(edges, resetZone);
  if (pace.isOver) await pace.rest();
  const groups = groupsOf(cuts, false);
  if (pace.isOver) await pace.rest();
  const trust = await trustFor(historian, series, edges[0] as number, edges[edges.length - 1] as number, query.asOf);
  const pieces = piecesOf(groups, trust);
  const [before, ...answers] = await Promise.all([
    valuesBefore(historian, query, series, edges[0] as number, resetZone),
    ...pieces.map((piece) => stretchRows(historian, query, series, piece, signal)),
  ]);
  const risers = new Map(series.map((id) => [id, new Riser(resetZone, before.get(id))]));
  const found = new Map(series.map((id) => [id, new Array<number | null>(edges.length - 1).fill(null)]));
  const bucketOfCut = indexer(edges);
  for (const rows of answers)
    await inStretches(rows, pace, (row) => {
      const [id, at] = [Number(row.series), Number(row.t)];
      const stretch = {
        first: Number(row.first),
        last: Number(row.last),
        rise: Number(row.rise),
        pairs: Number(row.pairs),
      };
      const rise = risers.get(id)?.add(at, stretch) ?? null;
      const own = found.get(id);
      const i = bucketOfCut(at);
      if (own && rise !== null) own[i] = (own[i] ?? 0) + rise;
    });
  return found;
}

/** Index of the bucket that holds a time. */
function indexer(edges: number[]): (at: number) => number {
  return (at) => {
    let [low, high] = [0, edges.length - 2];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((edges[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}

/**
 * What counters rose by in each bucket, by series: the sum of what readings rose over the ones before them, the last
 * before the bucket included. After a fall the counter began anew (Prometheus' `increase`, without its extrapolation to
 * a bucket's edges); one that is counted by the day begins anew at midnight, however high it stands at its first
 * reading.
 */
export async function increases(
  historian: Historian,
  query: HistoryQuery,
  edges: number[],
  signal?: AbortSignal,
): Promise<Map<number, (number | null)[]>> {
  const byZone = new Map<string | null, number[]>();
  for (const id of query.series) {
    const zone = query.resets?.get(id) ?? null;
    byZone.set(zone, [...(byZone.get(zone) ?? []), id]);
  }
  const found = await Promise.all(
    [...byZone].map(([zone, ids]) => increasesOf(historian, query, ids, edges, zone, signal)),
  );
  return new Map(found.flatMap((own) => [...own]));
}
