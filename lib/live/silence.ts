import type { Metric } from "../contract/city";
import type { Live } from "./read-metric";

/** Buckets that may be missing: a reading a little late leaves one empty. */
const MISSING = 2.5;

/**
 * How long (ms) nothing may come of a metric before a line in buckets of `step` ms is not drawn across it: until its last
 * reading was dead.
 */
export function silenceOf(live: Pick<Live, "tolerance">, metric: Pick<Metric, "limit">, step: number): number {
  return Math.max(MISSING * step, metric.limit * 1000 + live.tolerance);
}
