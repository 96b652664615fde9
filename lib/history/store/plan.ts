import { bucketOf, GRACE, runsOf, WIDTH, type Rollups } from "./rollup";
import { ROLLUPS, type Rollup } from "./schema";

/** Buckets of differing widths that one statement tells apart. */
const UNEVEN_AT_ONCE = 64;
/** Buckets of one width in a row that are worth an expression of their own. */
const EVEN_FROM = 3;
/** Stretches that one tier's changed buckets may cut a range into; more are joined. */
const RUNS = 12;

/** Buckets in a row whose starts one expression gives, and which rollups their edges lie on, coarsest first. */
export interface Group {
  edges: number[];
  tiers: Rollup[];
}

/** A stretch of a group and where it is read from. */
export interface Piece {
  source: Rollup | "readings";
  from: number;
  to: number;
  group: Group;
}

function onGrid(tier: Rollup, at: number): boolean {
  return bucketOf(tier, at) === at;
}

/** Rollups that can answer for a bucket; for quantiles only one that has exactly this bucket ready. */
function tiersFor(from: number, to: number, exact: boolean): Rollup[] {
  const fitting = ROLLUPS.filter(
    (tier) => onGrid(tier, from) && onGrid(tier, to) && (!exact || to - from === WIDTH[tier]),
  );
  return fitting.reverse();
}

const sameTiers = (a: Rollup[], b: Rollup[]): boolean =>
  a === b || (a.length === b.length && a.every((tier, i) => tier === b[i]));

/** Whether a group's buckets are all of one width. */
function isEven(edges: number[]): boolean {
  const width = (edges[1] as number) - (edges[0] as number);
  return edges.length === 2 || edges.every((at, i) => i === 0 || at - (edges[i - 1] as number) === width);
}

/** Length of the run of buckets from `i` on that are of one width. */
function evenRun(edges: number[], i: number): number {
  const width = (edges[i + 1] as number) - (edges[i] as number);
  let end = i + 1;
  while (end + 1 < edges.length && (edges[end + 1] as number) - (edges[end] as number) === width) end++;
  return end - i;
}

/**
 * Groups of buckets that one statement can answer.
 * @param edges of the buckets, see `bucketEdges` @param exact quantiles are asked for, which cannot be put together
 */
export function groupsOf(edges: number[], exact: boolean): Group[] {
  const groups: Group[] = [];
  /** what the next bucket may be added to */
  let open: Group | null = null;
  let openIsEven = false;
  for (let i = 0; i + 1 < edges.length;) {
    const run = evenRun(edges, i);
    const even = run >= EVEN_FROM;
    // Buckets of one width are told apart by arithmetic, others by a list of their edges.
    if (even || openIsEven) open = null;
    openIsEven = even;
    // Where the first bucket has both of its edges on a rollup's, so have all that follow it in one width.
    const tiers = tiersFor(edges[i] as number, edges[i + 1] as number, exact);
    for (let k = i; k < i + run; k++) {
      const [from, to] = [edges[k] as number, edges[k + 1] as number];
      if (open && sameTiers(open.tiers, tiers) && (even || open.edges.length <= UNEVEN_AT_ONCE)) open.edges.push(to);
      else groups.push((open = { edges: [from, to], tiers }));
    }
    i += run;
  }
  return groups;
}

/** The SQL of the start of the bucket that holds a time of the group. */
export function keySql({ edges }: Group, column: string): string {
  const first = edges[0] as number;
  if (edges.length === 2) return `CAST(${first} AS BIGINT)`;
  if (isEven(edges)) {
    const width = (edges[1] as number) - first;
    const phase = first % width;
    return phase === 0 ? `${column} - ${column} % ${width}` : `${column} - (${column} - ${phase}) % ${width}`;
  }
  const starts = edges.slice(0, -1);
  const branches = starts.slice(0, -1).map((start, i) => `WHEN ${column} < ${starts[i + 1]} THEN ${start}`);
  return `CAST(CASE ${branches.join(" ")} ELSE ${starts[starts.length - 1]} END AS BIGINT)`;
}

/** Whether a tier's rows are the group's buckets as they stand. */
export function isTier({ edges }: Group, tier: Rollup): boolean {
  return isEven(edges) && (edges[1] as number) - (edges[0] as number) === WIDTH[tier];
}

/** What may be read from a rollup: up to where it is made, and which of its buckets in a range do not hold. */
export interface Trust {
  watermark: Record<Rollup, number>;
  stale(tier: Rollup, from: number, to: number): number[];
}

/**
 * Rollups as they stand now: buckets that changed since they were made are not read. Work that goes on does not change
 * it.
 */
export function trustNow(rollups: Rollups): Trust {
  const stale = new Map(ROLLUPS.map((tier) => [tier, rollups.staleIn(tier, -Infinity, Infinity)]));
  return {
    watermark: { ...rollups.watermark },
    stale: (tier, from, to) => (stale.get(tier) ?? []).filter((bucket) => bucket >= from && bucket < to),
  };
}

/**
 * Rollups as of `known` (ms): only buckets that were over by then, and of which nothing was recorded later.
 * @param now what could be trusted before it was asked which buckets hold something later: one that was made since may
 * as well
 * @param recordedLater buckets that hold something recorded after `asOf`
 */
export function trustThen(now: Trust, asOf: number, recordedLater: Record<Rollup, number[]>): Trust {
  const watermark = { ...now.watermark };
  for (const tier of ROLLUPS) watermark[tier] = Math.min(watermark[tier], bucketOf(tier, asOf - GRACE[tier]));
  return {
    watermark,
    stale: (tier, from, to) => [
      ...now.stale(tier, from, to),
      ...recordedLater[tier].filter((bucket) => bucket >= from && bucket < to),
    ],
  };
}

/** Runs of stale buckets, so few that a range is not cut into more pieces than are worth it. */
function staleRuns(buckets: number[], width: number): [number, number][] {
  let runs = runsOf(buckets, width, Infinity);
  for (let gap = width; runs.length > RUNS; gap *= 4) {
    const joined: [number, number][] = [];
    for (const run of runs) {
      const last = joined[joined.length - 1];
      if (last && run[0] - last[1] <= gap) last[1] = run[1];
      else joined.push([...run]);
    }
    runs = joined;
  }
  return runs;
}

function split(group: Group, from: number, to: number, tiers: Rollup[], trust: Trust, out: Piece[]): void {
  if (from >= to) return;
  const [tier, ...finer] = tiers;
  if (!tier) {
    const last = out[out.length - 1];
    if (last?.source === "readings" && last.to === from && last.group === group) last.to = to;
    else out.push({ source: "readings", from, to, group });
    return;
  }
  const made = Math.max(from, Math.min(to, trust.watermark[tier]));
  let at = from;
  for (const [staleFrom, staleTo] of staleRuns(trust.stale(tier, from, made), WIDTH[tier])) {
    if (staleFrom > at) out.push({ source: tier, from: at, to: staleFrom, group });
    split(group, Math.max(at, staleFrom), Math.min(staleTo, made), finer, trust, out);
    at = Math.min(staleTo, made);
  }
  if (at < made) out.push({ source: tier, from: at, to: made, group });
  split(group, made, to, finer, trust, out);
}

/**
 * The coarsest source that can answer each stretch of the groups, and finer ones where that is not made yet or does not
 * hold.
 */
export function piecesOf(groups: Group[], trust: Trust): Piece[] {
  const pieces: Piece[] = [];
  for (const group of groups)
    split(group, group.edges[0] as number, group.edges[group.edges.length - 1] as number, group.tiers, trust, pieces);
  return pieces;
}
