import type { Metric } from "@/lib/contract/city";
import type { Series } from "@/lib/contract/series";
import type { Live } from "@/lib/live/read-metric";
import { silenceOf } from "@/lib/live/silence";

const SECOND = 1_000;
const HOUR = 3_600_000;
/** Lengths of a bucket that clocks and people have, ms. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600].map((seconds) => seconds * SECOND);
/** About so many buckets a line is drawn in: what has more reads as noise. */
const BUCKETS = 96;
/** What is older than an hour is often told by five minutes: a line that reaches there is drawn so to its end. */
const OLDER = 300_000;

/**
 * Length (ms) of the buckets that a line over `span` seconds is drawn in. One for all of it: where its last hour is finer
 * than the rest, the same noise looks like turbulence that has just begun.
 * @param bucketMs how finely its series is kept, ms
 * @param interval seconds between two readings of its metric
 */
export function lineStep(span: number, bucketMs: number, interval: number): number {
  const least = Math.max(
    bucketMs,
    interval * SECOND,
    Math.min(HOUR, (span * SECOND) / BUCKETS),
    span * SECOND > HOUR ? OLDER : 0,
  );
  return STEPS.find((step) => step >= least) ?? Math.ceil(least / HOUR) * HOUR;
}

/** How the line of a metric over `span` seconds is drawn: in buckets of `step` ms, and not across a `silence` (ms). */
export function lineRhythm(live: Pick<Live, "tolerance">, span: number, series: Series | null, metric: Metric): Rhythm {
  const step = lineStep(span, series?.bucketMs ?? 0, metric.interval);
  return { step, silence: silenceOf(live, metric, step) };
}

export interface Rhythm {
  step: number;
  silence: number;
}

/**
 * The line of a series from the bucket before `from` on, as `at, value` pairs: of each bucket of `step` ms the last
 * reading that is not bad, so that no new reading moves old points and the newest one is the line's end. NaN, which is
 * drawn as a gap, where a bucket has bad ones alone and where nothing came for longer than `silence` ms. A typed array,
 * because ECharts copies an array of arrays point by point at each setOption.
 */
export function linePoints(series: Series, from: number, { step, silence }: Rhythm): Float64Array {
  const first = series.indexFrom((Math.floor(from / step) - 1) * step);
  const points: number[] = [];
  let place = NaN;
  let seen = NaN;
  for (let i = first; i < series.length; i++) {
    const at = series.at(i);
    const here = Math.floor(at / step);
    const bad = series.quality(i) === "bad";
    if (here === place) {
      seen = at;
      if (bad) continue;
      points.length -= 2;
    } else if (at - seen > silence) {
      points.push((seen + at) / 2, NaN);
    }
    place = here;
    seen = at;
    points.push(at, bad ? NaN : series.value(i));
  }
  return Float64Array.from(points);
}
