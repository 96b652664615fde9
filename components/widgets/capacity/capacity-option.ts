import type { Series } from "@/lib/contract/series";

export type CapacityState = "unknown" | "ample" | "tight" | "short" | "over";

export interface Outlook {
  state: CapacityState;
  /** highest demand to be expected, in the demand's own unit; null where nothing can be said */
  expected: number | null;
  /** expected over capacity */
  ratio: number | null;
  /** seconds until the opening; null without one within the horizon */
  opensIn: number | null;
  /** seconds until a growing demand reaches capacity; null when it does not within the horizon */
  reachedIn: number | null;
}

export interface CapacityInput {
  demand: number | null;
  capacity: number | null;
  /** change of demand and of those who wait, a second */
  demandSlope: number;
  waiting: number | null;
  waitingSlope: number;
  opensIn: number | null;
  burst: number;
}

/** Seconds ahead that are looked at: beyond them a trend says nothing. */
export const HORIZON = 1_800;
/** Part of capacity from which on there is little to spare. */
const TIGHT = 0.7;

/**
 * Least-squares slope of the newest `seconds` of a series, bad values left out, in units a second; 0 with fewer than
 * three values.
 */
export function slopeOf(series: Series, now: number, seconds: number): number {
  let n = 0;
  let [sx, sy, sxx, sxy] = [0, 0, 0, 0];
  for (let i = series.indexFrom(now - seconds * 1000); i < series.length; i++) {
    if (series.quality(i) === "bad") continue;
    const x = (series.at(i) - now) / 1000;
    const y = series.value(i);
    n++;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
  }
  const spread = n * sxx - sx * sx;
  return n < 3 || spread === 0 ? 0 : (n * sxy - sx * sy) / spread;
}

/**
 * What is to come. Before an opening those who wait by then ask within a second, whatever demand is now; without one a
 * growing demand is drawn out until it meets capacity.
 */
export function outlook({
  demand,
  capacity,
  demandSlope,
  waiting,
  waitingSlope,
  opensIn,
  burst,
}: CapacityInput): Outlook {
  if (demand === null || capacity === null || capacity <= 0)
    return { state: "unknown", expected: null, ratio: null, opensIn: null, reachedIn: null };
  const opening = opensIn !== null && opensIn > 0 && opensIn <= HORIZON && waiting !== null ? opensIn : null;
  const crowd =
    opening === null || waiting === null ? null : Math.max(waiting, waiting + waitingSlope * opening) * burst;
  const reachedIn =
    demandSlope > 0 && demand < capacity && (capacity - demand) / demandSlope <= HORIZON
      ? (capacity - demand) / demandSlope
      : null;
  const expected = Math.max(demand, crowd ?? 0, reachedIn === null ? 0 : capacity);
  const ratio = expected / capacity;
  return { state: stateOf(demand > capacity, ratio, reachedIn), expected, ratio, opensIn: opening, reachedIn };
}

function stateOf(exceeded: boolean, ratio: number, reachedIn: number | null): CapacityState {
  if (exceeded) return "over";
  if (ratio > 1 || reachedIn !== null) return "short";
  return ratio > TIGHT ? "tight" : "ample";
}

/** Openings into which a crowd has to be split so that each is within capacity. */
export function batches(ratio: number): number {
  return Math.max(1, Math.ceil(ratio / TIGHT));
}
