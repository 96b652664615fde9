import { zoned } from "@/lib/clock";
import { ENOUGH, normalOf, type Normal } from "@/lib/live/normal";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A series as the analyst's page holds it: times in ms, null where nothing was observed. */
export interface Points {
  at: number[];
  value: (number | null)[];
}

/** Hour of the week in a zone, 0 = Monday 00:00 .. 167. */
export function hourOfWeek(at: number, timeZone: string): number {
  const z = zoned(at, timeZone);
  return z.weekday * 24 + z.hour;
}

/** What is normal for the hour that begins at a moment (ms); null where too little is known. */
export type NormalAt = (at: number) => Normal | null;

const FOUR_WEEKS = 28 * DAY;
/** A change of the clocks may put the hour of four weeks ago a little further off. */
const CLOCK_CHANGE = 2 * HOUR;

/**
 * What is normal at each hour, from the four weeks before it: the same hour of the week where three of them are known,
 * else the same hour of all workdays, or of both weekend days; `count` says on how many days it rests, and fewer than
 * three make no normal. Never narrower than 1 % of the highest value there was: one case more than the usual none at
 * dawn is nothing to be told of.
 */
export function normalsOf(past: Points, timeZone: string): NormalAt {
  const byHour = Array.from({ length: 168 }, () => [] as { at: number; value: number }[]);
  past.at.forEach((at, i) => {
    const value = past.value[i];
    if (value !== null && value !== undefined) byHour[hourOfWeek(at, timeZone)]?.push({ at, value });
  });
  const least = past.value.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0) * 0.01;
  const before = (hours: number[], at: number): number[] =>
    hours
      .flatMap((hour) => byHour[hour] ?? [])
      .filter((one) => one.at < at && one.at >= at - FOUR_WEEKS - CLOCK_CHANGE)
      .map((one) => one.value);
  const natural = past.value.every((value) => value === null || value >= 0);
  const known = new Map<number, Normal | null>();
  return (at) => {
    let normal = known.get(at);
    if (normal !== undefined) return normal;
    const hour = hourOfWeek(at, timeZone);
    const own = before([hour], at);
    const alike = (hour >= 120 ? [5, 6] : [0, 1, 2, 3, 4]).map((day) => day * 24 + (hour % 24));
    normal = normalOf(own.length >= ENOUGH ? own : before(alike, at), least);
    // What was never below nothing is not normal there either.
    if (normal && natural) normal = { ...normal, low: Math.max(0, normal.low) };
    known.set(at, normal);
    return normal;
  };
}

/** The fewest and the most days that normals rest on; null where there are none. */
export function restsOn(normals: (Normal | null)[]): [number, number] | null {
  const counts = normals.flatMap((normal) => normal?.count ?? []);
  return counts.length === 0 ? null : [Math.min(...counts), Math.max(...counts)];
}

export interface Outlier {
  at: number;
  value: number;
  band: Normal;
  /** how far outside, in widths of the band's half */
  by: number;
}

/** Points outside what is normal for their hour, farthest first. */
export function outliers(points: Points, normalAt: NormalAt): Outlier[] {
  const found: Outlier[] = [];
  points.at.forEach((at, i) => {
    const value = points.value[i];
    const normal = normalAt(at);
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
  const counts = Array.from({ length: bins }, (_, i) => ({
    from: low + i * width,
    to: low + (i + 1) * width,
    count: 0,
  }));
  for (const value of values)
    (counts[Math.min(bins - 1, Math.floor((value - low) / width))] as { count: number }).count++;
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
  const [mx, my] = [0, 1].map((k) => points.reduce((sum, p) => sum + (p[k] as number), 0) / points.length) as [
    number,
    number,
  ];
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
  return Array.from({ length: 7 }, (_, day) =>
    Array.from({ length: 24 }, (_h, hour) => {
      const [sum, count] = sums[day * 24 + hour] as [number, number];
      return count === 0 ? null : sum / count;
    }),
  );
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
  series.forEach(({ at, value }, column) =>
    at.forEach((moment, i) => {
      const row = rows.get(moment) ?? series.map(() => null);
      row[column] = value[i] ?? null;
      rows.set(moment, row);
    }),
  );
  return [...rows]
    .map(([at, values]) => ({ at, values }))
    .filter(({ values }) => values.some((value) => value !== null))
    .sort((a, b) => b.at - a.at);
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
  return {
    mean: values.reduce((sum, v) => sum + v, 0) / values.length,
    low: Math.min(...values),
    high: Math.max(...values),
    last: values[values.length - 1] as number,
    count: values.length,
  };
}
