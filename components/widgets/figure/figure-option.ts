import type { Metric } from "@/lib/contract/city";
import { dayStart } from "@/lib/clock";
import type { Series } from "@/lib/contract/series";

const HOUR = 3_600_000;
const SPARK = 6 * HOUR;

/**
 * Where a sparkline begins: six hours back, but with the day for what counts since midnight, whose fall would flatten
 * the rest.
 */
export function sparkFrom(kind: Metric["kind"], now: number, timeZone: string): number {
  return kind === "day" ? Math.max(now - SPARK, dayStart(now, timeZone)) : now - SPARK;
}

/**
 * Points of a sparkline as an SVG path in a 100 x 30 box, with gaps where values are bad; empty with fewer than two.
 */
export function sparkPath(series: Series, from: number, to: number, points = 60): string {
  const values: [number, number][] = [];
  const gaps = new Set<number>();
  const step = (to - from) / points;
  let bucket = -1;
  for (let i = series.indexFrom(from); i < series.length; i++) {
    const at = series.at(i);
    const place = Math.floor((at - from) / step);
    if (series.quality(i) === "bad") {
      if (place !== bucket) gaps.add(values.length);
      continue;
    }
    if (place === bucket) values.pop();
    bucket = place;
    values.push([at, series.value(i)]);
  }
  if (values.length < 2) return "";
  let low = Infinity;
  let high = -Infinity;
  for (const [, value] of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const height = high - low || 1;
  return values
    .map(
      ([at, value], i) =>
        `${i === 0 || gaps.has(i) ? "M" : "L"}${(((at - from) / (to - from)) * 100).toFixed(2)} ` +
        `${(28 - ((value - low) / height) * 26).toFixed(2)}`,
    )
    .join("");
}
