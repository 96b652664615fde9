import type { Metric } from "@/lib/contract/city";
import { dayStart } from "@/lib/clock";
import type { Series } from "@/lib/contract/series";

export interface Trend {
  direction: "up" | "down" | "flat";
  /** relative change in %, a multiple where it rose threefold or more; absolute for percentages */
  text: string;
  good: boolean | null;
}

const HOUR = 3_600_000;
/** A rise of so many % is said as a multiple. */
const MANIFOLD = 200;

/** Value at or just before `at`; null when the series does not reach back so far. */
export function valueBefore(series: Series, at: number): number | null {
  const i = series.indexFrom(at + 1) - 1;
  return i < 0 || at - series.at(i) > HOUR ? null : series.value(i);
}

/**
 * Change of a value. A gauge is compared with itself an hour ago; a day counter's last hour with the hour
 * before it, since a counter only ever grows. Null across midnight, where both would lie.
 */
export function trendOf(metric: Metric, series: Series, now: number): Trend | null {
  const last = series.length > 0 ? series.value(series.length - 1) : null;
  const hourAgo = valueBefore(series, now - HOUR);
  if (last === null || hourAgo === null) return null;
  let change: number;
  let base: number;
  if (metric.kind === "gauge") {
    change = last - hourAgo;
    base = hourAgo;
  } else {
    const before = valueBefore(series, now - 2 * HOUR);
    if (before === null || hourAgo < before || last < hourAgo) return null;
    base = hourAgo - before;
    change = last - hourAgo - base;
  }
  // Out of nothing there is no measure: when offices open, everything has grown without bound.
  if (base === 0 && metric.unit.en !== "%") return null;
  const percent = metric.unit.en === "%" ? null : (change / Math.abs(base)) * 100;
  const size = percent ?? change;
  const direction = Math.abs(size) < 0.05 ? "flat" : size > 0 ? "up" : "down";
  const shown = Math.abs(size);
  let text = `${shown.toFixed(shown >= 10 ? 0 : 1)}%`;
  if (percent === null) text = shown.toFixed(Math.max(1, metric.decimals));
  else if (percent >= MANIFOLD) text = percent > 99 * 100 ? ">×99" : `×${(1 + percent / 100).toFixed(percent >= 900 ? 0 : 1)}`;
  return { direction, text, good: metric.better === "none" || direction === "flat" ? null : direction === metric.better };
}

/** What a count had come to when yesterday ended; null for what does not count since midnight, and where yesterday's last hour is not known. @param hourly last value of each hour */
export function yesterdayOf(kind: Metric["kind"], hourly: Series, now: number, timeZone: string): number | null {
  return kind === "day" ? valueBefore(hourly, dayStart(now, timeZone) - 1) : null;
}

const SPARK = 6 * HOUR;

/** Where a sparkline begins: six hours back, but with the day for what counts since midnight, whose fall would flatten the rest. */
export function sparkFrom(kind: Metric["kind"], now: number, timeZone: string): number {
  return kind === "day" ? Math.max(now - SPARK, dayStart(now, timeZone)) : now - SPARK;
}

/** Points of a sparkline as an SVG path in a 100 x 30 box; empty with fewer than two. */
export function sparkPath(series: Series, from: number, to: number, points = 60): string {
  const values: [number, number][] = [];
  const step = (to - from) / points;
  let bucket = -1;
  for (let i = series.indexFrom(from); i < series.length; i++) {
    const at = series.at(i);
    const place = Math.floor((at - from) / step);
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
  return values.map(([at, value], i) => `${i === 0 ? "M" : "L"}${(((at - from) / (to - from)) * 100).toFixed(2)} ${(28 - ((value - low) / height) * 26).toFixed(2)}`).join("");
}
