import { zoned } from "@/lib/clock";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A series as the analyst's page holds it: times in ms, null where nothing was observed. */
export interface Points {
  at: number[];
  value: (number | null)[];
}

/** Middle value; null of nothing. */
export function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

export interface Band {
  low: number;
  mid: number;
  high: number;
}

/** Hour of the week in a zone, 0 = Monday 00:00 .. 167. */
export function hourOfWeek(at: number, timeZone: string): number {
  const z = zoned(at, timeZone);
  return z.weekday * 24 + z.hour;
}

/** Least values of an hour of the week before anything is said about it. */
const ENOUGH = 3;
/** 1.4826 makes the median absolute deviation of a normal distribution its standard deviation. */
const MAD_TO_SIGMA = 1.4826;
const WIDTH = 3;

/**
 * What is normal at each hour of the week: median ± 3 robust standard deviations of the past (Rousseeuw & Croux 1993),
 * never narrower than 5 % of the median or 1 % of the highest value there was: one case more than the usual none at dawn is
 * nothing to be told of. An hour with less than three weeks behind it takes the same hour of all workdays,
 * or of both weekend days; null where that is not enough either.
 */
export function normalBand(past: Points, timeZone: string): (Band | null)[] {
  const byHour = Array.from({ length: 168 }, () => [] as number[]);
  past.at.forEach((at, i) => {
    const value = past.value[i];
    if (value !== null && value !== undefined) byHour[hourOfWeek(at, timeZone)]?.push(value);
  });
  const least = past.value.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0) * 0.01;
  const alike = (hour: number): number[] => {
    const days = hour >= 120 ? [5, 6] : [0, 1, 2, 3, 4];
    return days.flatMap((day) => byHour[day * 24 + (hour % 24)] ?? []);
  };
  return byHour.map((own, hour) => {
    const values = own.length >= ENOUGH ? own : alike(hour);
    const mid = median(values);
    if (mid === null || values.length < ENOUGH) return null;
    const mad = median(values.map((value) => Math.abs(value - mid))) ?? 0;
    const half = Math.max(WIDTH * MAD_TO_SIGMA * mad, Math.abs(mid) * 0.05, least);
    return { low: mid - half, mid, high: mid + half };
  });
}

export interface Outlier {
  at: number;
  value: number;
  band: Band;
  /** how far outside, in widths of the band's half */
  by: number;
}

/** Points outside what is normal for their hour, farthest first. */
export function outliers(points: Points, band: (Band | null)[], timeZone: string): Outlier[] {
  const found: Outlier[] = [];
  points.at.forEach((at, i) => {
    const value = points.value[i];
    const normal = band[hourOfWeek(at, timeZone)];
    if (value === null || value === undefined || !normal || (value >= normal.low && value <= normal.high)) return;
    found.push({ at, value, band: normal, by: Math.abs(value - normal.mid) / (normal.high - normal.mid) });
  });
  return found.sort((a, b) => b.by - a.by);
}

/** Counts of values in equal bins between the smallest and the largest. */
export function histogram(values: number[], bins: number): { from: number; to: number; count: number }[] {
  if (values.length === 0) return [];
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  if (low === high) return [{ from: low, to: high, count: values.length }];
  const width = (high - low) / bins;
  const counts = Array.from({ length: bins }, (_, i) => ({ from: low + i * width, to: low + (i + 1) * width, count: 0 }));
  for (const value of values) (counts[Math.min(bins - 1, Math.floor((value - low) / width))] as { count: number }).count++;
  return counts;
}

/** Pairs of values of the same moments. */
export function pairs(a: Points, b: Points): [number, number][] {
  const other = new Map(b.at.map((at, i) => [at, b.value[i]]));
  return a.at.flatMap((at, i) => {
    const [x, y] = [a.value[i], other.get(at)];
    return x === null || x === undefined || y === null || y === undefined ? [] : [[x, y] as [number, number]];
  });
}

/** Pearson's correlation of pairs, -1 to 1; null where one of them does not vary or there are fewer than three. */
export function correlation(points: [number, number][]): number | null {
  if (points.length < 3) return null;
  const [mx, my] = [0, 1].map((k) => points.reduce((sum, p) => sum + (p[k] as number), 0) / points.length) as [number, number];
  let [sxy, sxx, syy] = [0, 0, 0];
  for (const [x, y] of points) {
    sxy += (x - mx) * (y - my);
    sxx += (x - mx) ** 2;
    syy += (y - my) ** 2;
  }
  return sxx === 0 || syy === 0 ? null : sxy / Math.sqrt(sxx * syy);
}

/** Mean of each hour of the day on each day of the week: 7 rows (Monday first) of 24; null where there is nothing. */
export function weekGrid(points: Points, timeZone: string): (number | null)[][] {
  const sums = Array.from({ length: 168 }, () => [0, 0] as [number, number]);
  points.at.forEach((at, i) => {
    const value = points.value[i];
    const cell = sums[hourOfWeek(at, timeZone)];
    if (value === null || value === undefined || !cell) return;
    cell[0] += value;
    cell[1]++;
  });
  return Array.from({ length: 7 }, (_, day) => Array.from({ length: 24 }, (_h, hour) => {
    const [sum, count] = sums[day * 24 + hour] as [number, number];
    return count === 0 ? null : sum / count;
  }));
}

/** Bucket width (s) that shows a range in 150 to 1,000 points. */
export function stepFor(span: number): number {
  const steps = [60, 300, 900, 3_600, 21_600, 86_400];
  return steps.find((step) => span / 1000 / step <= 1_000) ?? 86_400;
}

/** What a range is compared with. */
export type Shift = "day" | "week" | "year";

/** ms that a comparison lies back. A year is 52 weeks, so that weekdays meet weekdays. */
export const SHIFTS: Record<Shift, number> = { day: DAY, week: 7 * DAY, year: 364 * DAY };

/** Points moved forward in time, to lie over those they are compared with. */
export function shifted(points: Points, ms: number): Points {
  return { at: points.at.map((at) => at + ms), value: points.value };
}

/** The moments of several series, newest first, with the value of each (null where it has none). */
export function tableRows(series: Points[]): { at: number; values: (number | null)[] }[] {
  const rows = new Map<number, (number | null)[]>();
  series.forEach(({ at, value }, column) => at.forEach((moment, i) => {
    const row = rows.get(moment) ?? series.map(() => null);
    row[column] = value[i] ?? null;
    rows.set(moment, row);
  }));
  return [...rows].map(([at, values]) => ({ at, values })).filter(({ values }) => values.some((value) => value !== null)).sort((a, b) => b.at - a.at);
}

export interface Summary {
  mean: number;
  low: number;
  high: number;
  last: number;
  count: number;
}

/** Mean, ends, last value and count; null of nothing. */
export function summary({ value }: Points): Summary | null {
  const values = value.filter((v): v is number => v !== null);
  if (values.length === 0) return null;
  return { mean: values.reduce((sum, v) => sum + v, 0) / values.length, low: Math.min(...values), high: Math.max(...values), last: values[values.length - 1] as number, count: values.length };
}
