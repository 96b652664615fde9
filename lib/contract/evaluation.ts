import { isSmallCell, type Metric } from "./city";
import type { Freshness, Pace } from "./freshness";
import type { Quality } from "./readings";
import type { ReadingItem } from "./reduce";

/** From where and when something is looked at. */
export interface Viewpoint {
  /** gateway time, ms; of a replay the moment shown */
  now: number;
  /** ms by which limits are wider, where the past is kept more coarsely than it came; 0 live */
  tolerance: number;
  /** the gateway is heard: without it nothing can be said */
  connected: boolean;
}

/** How alive a topic is. */
export interface Sign {
  /** when it was last observed, ms; null where nothing ever came */
  at: number | null;
  freshness: Freshness;
  /** the moment at which this holds, ms: ages are counted back from here */
  evaluatedAt: number;
}

/** What may be said of a metric's last reading: the answer that every figure, mark, colour and sum is made from. */
export interface MetricReading extends Sign {
  /** as it came, however old or doubtful; null where nothing ever came */
  value: number | null;
  quality: Quality | null;
  /** the count below which it may only be told that it is below it, where it is; else null */
  suppressed: number | null;
  /**
   * the value where it counts: neither dead nor bad. Sums, ranks, colours and comparisons take this one; null is
   * missing, never 0
   */
  counted: number | null;
}

/**
 * How alive what was observed at `at` (ms) is. live: within one and a half intervals; late: within the limit; stale:
 * past it; offline: nothing ever came, or nobody is heard.
 */
export function evaluateSign(at: number | null, pace: Pace, { now, tolerance, connected }: Viewpoint): Sign {
  return { at, freshness: freshnessOf(at, pace, now - tolerance, connected), evaluatedAt: now };
}

function freshnessOf(at: number | null, pace: Pace, judgedAt: number, connected: boolean): Freshness {
  if (at === null || !connected) return "offline";
  const age = judgedAt - at;
  if (age > pace.limit * 1000) return "stale";
  return age > Math.min(pace.interval * 1500, pace.limit * 1000) ? "late" : "live";
}

/** Whether something so fresh still stands for the present. */
export function isAlive(freshness: Freshness): boolean {
  return freshness === "live" || freshness === "late";
}

/** Everything that may be said of a metric's last reading in a district. */
export function evaluateReading(
  last: ReadingItem | null,
  metric: Pace & Pick<Metric, "smallCell">,
  district: string,
  view: Viewpoint,
): MetricReading {
  const sign = evaluateSign(last?.at ?? null, metric, view);
  if (!last) return { ...sign, value: null, quality: null, suppressed: null, counted: null };
  const { value, quality } = last;
  return {
    ...sign,
    value,
    quality,
    suppressed: isSmallCell(metric, district, value) ? (metric.smallCell ?? null) : null,
    counted: isAlive(sign.freshness) && quality !== "bad" ? value : null,
  };
}

/**
 * The sum of what counts, and how many are missing of it: what a whole lacks is said and not taken for 0. Null of
 * nothing.
 */
export function addUp(values: (number | null)[]): { sum: number | null; missing: number } {
  const counted = values.filter((value) => value !== null);
  return {
    sum: counted.length === 0 ? null : counted.reduce((sum, value) => sum + value, 0),
    missing: values.length - counted.length,
  };
}
