import type { Metric } from "@/lib/contract/city";
import { dayStart } from "@/lib/clock";
import type { Series } from "@/lib/contract/series";
import { linePoints, type Rhythm } from "@/components/ui/line-points";

const HOUR = 3_600_000;
export const SPARK = 6 * HOUR;

/**
 * Where a sparkline begins: six hours back, but with the day for what counts since midnight, whose fall would flatten
 * the rest.
 */
export function sparkFrom(kind: Metric["kind"], now: number, timeZone: string): number {
  return kind === "day" ? Math.max(now - SPARK, dayStart(now, timeZone)) : now - SPARK;
}

/**
 * The line of a series as an SVG path in a 100 x 30 box, with gaps where values are bad or nothing came; empty with fewer than two values.
 */
export function sparkPath(series: Series, from: number, to: number, rhythm: Rhythm): string {
  const points = linePoints(series, from, rhythm);
  let [low, high, count] = [Infinity, -Infinity, 0];
  for (let i = 0; i < points.length; i += 2) {
    const value = points[i + 1] as number;
    if (Number.isNaN(value) || (points[i] as number) < from) continue;
    [low, high, count] = [Math.min(low, value), Math.max(high, value), count + 1];
  }
  if (count < 2) return "";
  let [path, pen] = ["", "M"];
  for (let i = 0; i < points.length; i += 2) {
    const [at, value] = [points[i] as number, points[i + 1] as number];
    if (at < from) continue;
    if (Number.isNaN(value)) pen = "M";
    else {
      path += `${pen}${(((at - from) / (to - from)) * 100).toFixed(2)} ${heightOf(value, low, high).toFixed(2)}`;
      pen = "L";
    }
  }
  return path;
}

function heightOf(value: number, low: number, high: number): number {
  return 28 - ((value - low) / (high - low || 1)) * 26;
}
