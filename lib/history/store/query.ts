import { bucketEdges, bucketStart, type Step } from "../../clock";
import { inStretches, Pace } from "../../clock/pace";
import type { Aggregate, Fill } from "../../contract/history";
import { idList, type Engine, type Row } from "./engine";
import type { Historian } from "./historian";
import { increases } from "./increase";
import { groupsOf, isTier, keySql, piecesOf, type Piece } from "./plan";
import { TooMuch } from "./question";
import { rolledColumn, USABLE } from "./rollup";
import type { Rollup } from "./schema";
import { askReadings, trustFor } from "./source";

const QUANTILES: Partial<Record<Aggregate, number>> = { p05: 0.05, p50: 0.5, p95: 0.95 };

/** A question about past readings. All times in ms. */
export interface HistoryQuery {
  series: number[];
  /** the range is widened to whole buckets */
  from: number;
  /** excluded */
  to: number;
  /** width of a bucket; 0 = every reading as it came */
  step: Step;
  aggregates: Aggregate[];
  fill: Fill;
  /** IANA zone that buckets are in line with */
  timeZone: string;
  /** as it was known at this moment; left out: as it is known now */
  asOf?: number;
  /** zones in whose midnight a series' counter begins anew, by series; those left out count on */
  resets?: Map<number, string>;
  /** readings one by one that the answer may hold; left out: all */
  most?: number;
  /** the present, up to which a running bucket has gone */
  now: number;
}

/** One series: bucket starts (ms) and a value of each aggregate; null where there is none. */
export interface HistorySeries {
  series: number;
  at: number[];
  values: Partial<Record<Aggregate, (number | null)[]>>;
  /** readings of each bucket that its source called bad, and which are in no aggregate; left out where there is none */
  bad?: number[];
  /** readings of each bucket that are in the aggregates, but uncertain; left out where there is none */
  uncertain?: number[];
  /** of readings one by one: 0 good, 1 uncertain, 2 bad */
  quality?: number[];
}

/** Readings one by one, oldest first; one for each moment. */
async function rawSeries({ engine }: Historian, query: HistoryQuery, signal?: AbortSignal): Promise<HistorySeries[]> {
  const { most } = query;
  const limit = most === undefined ? "" : ` LIMIT ${most + 1}`;
  const rows = await askReadings(
    engine,
    { series: query.series, from: query.from, to: query.to, asOf: query.asOf },
    (source) =>
      engine.query(
        `SELECT series, observed AS t, value, quality FROM (${source}) AS c ORDER BY series, observed${limit}`,
        [],
        signal,
      ),
    signal,
  );
  if (most !== undefined && rows.length > most)
    throw new TooMuch("step", `more than ${most} readings; ask for a shorter range, fewer topics or step=1m`);
  const bySeries = new Map(
    query.series.map((id) => [
      id,
      { series: id, at: [] as number[], values: { last: [] as number[] }, quality: [] as number[] },
    ]),
  );
  await inStretches(rows, new Pace(), (row) => {
    const series = bySeries.get(Number(row.series));
    series?.at.push(Number(row.t));
    series?.values.last.push(Number(row.value));
    series?.quality.push(Number(row.quality));
  });
  return [...bySeries.values()];
}

async function readingRows(
  historian: Historian,
  query: HistoryQuery,
  piece: Piece,
  signal?: AbortSignal,
): Promise<Row[]> {
  const { engine } = historian;
  const wanted = new Set(query.aggregates);
  const flawed = historian.isFlawed(query.series);
  const good = flawed ? USABLE : "value";
  const goodAt = flawed ? "CASE WHEN quality < 2 THEN observed END" : "observed";
  const columns = [
    ...(["min", "max"] as const).filter((name) => wanted.has(name)).map((name) => `${name}(${good}) AS ${name}`),
    ...(wanted.has("last") ? [`max(${goodAt}) AS last_at`, `${engine.dialect.last(good, goodAt)} AS last`] : []),
    ...query.aggregates
      .filter((a) => QUANTILES[a] !== undefined)
      .map((a) => `percentile_disc(${QUANTILES[a]}) WITHIN GROUP (ORDER BY ${good}) AS ${a}`),
    ...(flawed
      ? ["count(*) FILTER (WHERE quality = 2) AS bad", "count(*) FILTER (WHERE quality = 1) AS uncertain"]
      : []),
  ];
  const range = { series: query.series, from: piece.from, to: piece.to, asOf: query.asOf };
  return askReadings(
    engine,
    range,
    (source) =>
      engine.query(
        `
    SELECT series, ${keySql(piece.group, "observed")} AS t, count(${good}) AS n,
      ${[`sum(${good}) AS sum`, ...columns].join(", ")}
    FROM (${source}) AS c GROUP BY 1, 2`,
        [],
        signal,
      ),
    signal,
  );
}

/** Columns of a rollup for the aggregates asked for, each by itself or of several buckets together. */
function rolledColumns(query: HistoryQuery, engine: Engine, together: boolean, flawed: boolean): string {
  const wanted = new Set(query.aggregates);
  const of = (name: string, fold: string, column = rolledColumn(name)): string =>
    `, ${together ? `${fold}(${column})` : column} AS ${name}`;
  // Only what is asked for: most of the time goes into handing columns over.
  const asked = (["min", "max"] as const).filter((name) => wanted.has(name)).map((name) => of(name, name));
  const quantiles = together
    ? []
    : query.aggregates.filter((a) => QUANTILES[a] !== undefined).map((a) => `, ${rolledColumn(a)} AS ${a}`);
  const last = together
    ? `, max(last_at) AS last_at, ${engine.dialect.last(rolledColumn("last"), "last_at")} AS last`
    : `, last_at, ${rolledColumn("last")} AS last`;
  const flaws = flawed ? [of("bad", "sum", "coalesce(bad, 0)"), of("uncertain", "sum", "coalesce(uncertain, 0)")] : [];
  return [...asked, ...quantiles, wanted.has("last") ? last : "", ...flaws].join("");
}

function rollupRows(
  historian: Historian,
  query: HistoryQuery,
  { source, from, to, group }: Piece & { source: Rollup },
  signal?: AbortSignal,
): Promise<Row[]> {
  const { engine } = historian;
  const where = `series IN (${idList(query.series)}) AND bucket >= ${from} AND bucket < ${to}`;
  const flawed = historian.isFlawed(query.series);
  if (isTier(group, source)) {
    return engine.query(
      `SELECT series, bucket AS t, n, sum${rolledColumns(query, engine, false, flawed)} FROM ${source} WHERE ${where}`,
      [],
      signal,
    );
  }
  return engine.query(
    `
    SELECT series, ${keySql(group, "bucket")} AS t, sum(n) AS n,
      sum(sum) AS sum${rolledColumns(query, engine, true, flawed)}
    FROM ${source} WHERE ${where} GROUP BY 1, 2`,
    [],
    signal,
  );
}

/** What a bucket holds besides its count and sum where it is asked for, and what it holds before the first row. */
const EMPTY = { min: Infinity, max: -Infinity, lastAt: -Infinity, last: NaN, p05: NaN, p50: NaN, p95: NaN } as const;
type Figure = keyof typeof EMPTY;

/**
 * A series' buckets while their pieces are put together. A column for each figure: an object for each bucket took longer
 * to make than the rows took to come.
 */
class SeriesBuckets {
  private readonly seen: Uint8Array;
  private readonly n: Float64Array;
  private readonly sum: Float64Array;
  private readonly figures: Partial<Record<Figure, Float64Array>> = {};
  /** readings of each bucket that are bad, or uncertain; left out where there is none */
  readonly flaws: { bad?: Float64Array; uncertain?: Float64Array } = {};

  constructor(private readonly length: number) {
    this.seen = new Uint8Array(length);
    this.n = new Float64Array(length);
    this.sum = new Float64Array(length);
  }

  /** Whether a row told of the bucket. */
  has(i: number): boolean {
    return this.seen[i] === 1;
  }

  private figure(name: Figure): Float64Array {
    return (this.figures[name] ??= new Float64Array(this.length).fill(EMPTY[name]));
  }

  add(i: number, row: Row): void {
    this.seen[i] = 1;
    for (const flaw of ["bad", "uncertain"] as const) {
      const count = Number(row[flaw] ?? 0);
      if (count > 0) (this.flaws[flaw] ??= new Float64Array(this.length))[i]! += count;
    }
    const n = Number(row.n);
    if (n === 0) return;
    this.n[i]! += n;
    this.sum[i]! += Number(row.sum);
    if (row.min !== undefined) this.figure("min")[i] = Math.min(this.figure("min")[i]!, Number(row.min));
    if (row.max !== undefined) this.figure("max")[i] = Math.max(this.figure("max")[i]!, Number(row.max));
    if (row.last_at !== undefined && Number(row.last_at) >= this.figure("lastAt")[i]!) {
      this.figure("lastAt")[i] = Number(row.last_at);
      this.figure("last")[i] = Number(row.last);
    }
    for (const name of ["p05", "p50", "p95"] as const)
      if (row[name] !== undefined) this.figure(name)[i] = Number(row[name]);
  }

  /** An aggregate of a bucket, null where it has no usable reading. */
  value(i: number, aggregate: Exclude<Aggregate, "increase" | "rate">): number | null {
    const n = this.n[i]!;
    if (aggregate === "count") return n;
    if (n === 0) return null;
    if (aggregate === "sum") return this.sum[i]!;
    if (aggregate === "avg") return this.sum[i]! / n;
    return this.figures[aggregate]?.[i] ?? null;
  }
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
  if (fill === "previous" && before >= 0)
    for (let k = before + 1; k < out.length; k++) out[k] = values[before] as number;
  return out;
}

/**
 * Where `at` stands in `edges` (sorted), undefined where it does not. Nearly all buckets are alike in width, so that a
 * guess by the mean width finds them; a change of the clock puts it off by a few.
 */
export function edgeIndex(edges: number[], at: number): number | undefined {
  const last = edges.length - 1;
  const [first, end] = [edges[0] as number, edges[last] as number];
  let i = Math.max(0, Math.min(last, Math.round(((at - first) / (end - first)) * last)));
  while (i < last && (edges[i] as number) < at) i++;
  while (i > 0 && (edges[i] as number) > at) i--;
  return edges[i] === at ? i : undefined;
}

/** The buckets of each series, by their place among the edges. */
async function bucketsOf(
  historian: Historian,
  query: HistoryQuery,
  edges: number[],
  signal?: AbortSignal,
): Promise<Map<number, SeriesBuckets>> {
  const buckets = new Map(query.series.map((id) => [id, new SeriesBuckets(edges.length - 1)]));
  const exact = query.aggregates.some((aggregate) => QUANTILES[aggregate] !== undefined);
  const pace = new Pace();
  const groups = groupsOf(edges, exact);
  if (pace.isOver) await pace.rest();
  const trust = await trustFor(
    historian,
    query.series,
    edges[0] as number,
    edges[edges.length - 1] as number,
    query.asOf,
  );
  const pieces = piecesOf(groups, trust);
  const answers = await Promise.all(
    pieces.map((piece) => {
      const { source } = piece;
      return source === "readings"
        ? readingRows(historian, query, piece, signal)
        : rollupRows(historian, query, { ...piece, source }, signal);
    }),
  );
  for (const rows of answers)
    await inStretches(rows, pace, (row) => {
      const i = edgeIndex(edges, Number(row.t));
      if (i !== undefined) buckets.get(Number(row.series))?.add(i, row);
    });
  return buckets;
}

/** Readings take this long (ms) to come, as a rule. */
const USUAL_LAG = 5_000;

/**
 * Start (ms) of the first bucket of a question that was not over, stragglers included, by `completeUntil`; null where
 * all were.
 */
export function provisionalFrom(
  { from, to, step, timeZone, asOf }: Pick<HistoryQuery, "from" | "to" | "step" | "timeZone" | "asOf">,
  completeUntil: number,
): number | null {
  const settled = Math.min(completeUntil, asOf ?? Infinity) - USUAL_LAG;
  if (step === 0) return settled < to ? Math.max(from, settled) : null;
  // Of the edges in between, half a million where the answer is long, nothing is asked.
  const end = bucketEdges(Math.max(from, to - 1), to, step, timeZone).at(-1) as number;
  return settled >= end ? null : Math.max(bucketStart(from, step, timeZone), bucketStart(settled, step, timeZone));
}

/** Seconds of the bucket that have gone by, of a running one up to now. */
function secondsOf(edges: number[], i: number, asOf: number): number {
  const from = edges[i] as number;
  return Math.max(1, Math.min(edges[i + 1] as number, asOf) - from) / 1000;
}

/**
 * Past readings in buckets, each series in the order asked. Reads rollups where they can answer, and readings where
 * they cannot or do not hold any more. Bad readings are left out of every aggregate, and counted.
 * @throws Cancelled once `signal` fires
 */
export async function queryHistory(
  historian: Historian,
  query: HistoryQuery,
  signal?: AbortSignal,
): Promise<HistorySeries[]> {
  if (query.step === 0) return rawSeries(historian, query, signal);
  const pace = new Pace();
  const edges = bucketEdges(query.from, query.to, query.step, query.timeZone);
  if (pace.isOver) await pace.rest();
  const counters = query.aggregates.some((aggregate) => aggregate === "increase" || aggregate === "rate");
  const [buckets, risen] = await Promise.all([
    bucketsOf(historian, query, edges, signal),
    counters ? increases(historian, query, edges, signal) : new Map<number, (number | null)[]>(),
  ]);
  const found: HistorySeries[] = [];
  for (const id of query.series)
    found.push(await shownSeries(query, edges, id, buckets.get(id) ?? new SeriesBuckets(0), risen.get(id), pace));
  return found;
}

/** What a question is told of a series, from its buckets and what it rose by in each. */
async function shownSeries(
  query: HistoryQuery,
  edges: number[],
  id: number,
  own: SeriesBuckets,
  risen: (number | null)[] | undefined,
  pace: Pace,
): Promise<HistorySeries> {
  const asOf = query.asOf ?? query.now;
  const shown: number[] = [];
  const starts: number[] = [];
  await inStretches(edges, pace, (edge, i) => {
    if (i === edges.length - 1 || (query.fill === "none" && !own.has(i))) return;
    shown.push(i);
    starts.push(edge);
  });
  const valueAt = (aggregate: Aggregate, i: number): number | null => {
    if (!own.has(i)) return null;
    if (aggregate !== "increase" && aggregate !== "rate") return own.value(i, aggregate);
    const rise = risen?.[i] ?? null;
    return rise === null || aggregate === "increase" ? rise : rise / secondsOf(edges, i, asOf);
  };
  const series: HistorySeries = { series: id, at: starts, values: {} };
  for (const aggregate of query.aggregates) {
    const values: (number | null)[] = [];
    await inStretches(shown, pace, (i) => void values.push(valueAt(aggregate, i)));
    series.values[aggregate] = fillGaps(values, query.fill);
  }
  for (const flaw of ["bad", "uncertain"] as const) {
    const counts = own.flaws[flaw];
    if (counts) series[flaw] = shown.map((i) => counts[i] ?? 0);
  }
  return series;
}
