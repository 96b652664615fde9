import { bucketStart } from "@/lib/clock";
import { aggregateOf, type Metric } from "@/lib/contract/city";
import type { Points } from "./analysis-math";
import type { Aggregate } from "@/lib/contract/history";
import type { Answer, Question, Series } from "./use-history";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const BY_TIME = { mean: "avg", last: "last", sum: "sum", max: "max" } as const satisfies Record<string, Aggregate>;

/** Whether a metric counts on, since midnight or since ever: what came in a stretch of time is what it rose by. */
export function isCounter(metric: Metric): boolean {
  return metric.kind !== "gauge";
}

/** How a metric's readings in a bucket are one value, as the metric says. */
export function bucketAggregate(metric: Metric): Aggregate {
  return BY_TIME[aggregateOf(metric).time];
}

/** How readings of an hour are one value where hours are set beside each other: of a counter what it rose by. */
export function hourlyMeasure(metric: Metric): Aggregate {
  return isCounter(metric) ? "increase" : bucketAggregate(metric);
}

/** A range longer than this (ms) shows a day's counter by its days' totals: its climb from midnight would be a comb. */
const BY_DAYS = 14 * DAY;

/** Whether a metric is shown by its days' totals over a span (ms). */
export function byDays(metric: Metric, span: number): boolean {
  return metric.kind === "day" && span > BY_DAYS;
}

/** How a curve over a span (ms) is drawn: by days a counter's increments, else as the metric says. */
export function curveAggregate(metric: Metric, span: number): Aggregate {
  return byDays(metric, span) ? "increase" : bucketAggregate(metric);
}

/**
 * What one number stands for a range: the sum of a day counter's increments, else what the metric's own aggregate makes
 * of it.
 */
export type RangeMeasure = "total" | "mean" | "last" | "max";

/** What stands for a range of a metric. */
export function rangeMeasure(metric: Metric): RangeMeasure {
  if (metric.kind === "day") return "total";
  const { time } = aggregateOf(metric);
  return time === "sum" ? "total" : time;
}

/** Aggregates that a range's summary is made of. */
export function summaryAggregates(metric: Metric): Aggregate[] {
  return isCounter(metric) ? ["increase", "last"] : ["avg", "count", "min", "max", "last"];
}

/**
 * Cuts a question about exactly [from, to) into parts that begin and end with their buckets: whole hours, and minutes
 * at either end. An answer is widened to whole buckets, and a total must not be. Both ends count to the minute.
 */
export function piecesOf(question: Omit<Question, "step">, timeZone: string): Question[] {
  const [from, to] = [Math.floor(question.from / MINUTE) * MINUTE, Math.ceil(question.to / MINUTE) * MINUTE];
  const startOfHour = (at: number): number => bucketStart(at, HOUR, timeZone);
  const first = startOfHour(from) === from ? from : startOfHour(startOfHour(from) + HOUR);
  const last = startOfHour(to);
  const part = (begin: number, end: number, step: number): Question[] =>
    begin < end ? [{ ...question, from: begin, to: end, step, fill: "none" }] : [];
  if (first >= last) return part(from, to, 60);
  return [...part(from, first, 60), ...part(first, last, 3_600), ...part(last, to, 60)];
}

/** What is told of a range in numbers; null where it held no reading that says so. */
export interface RangeSummary {
  /** what came in it: a counter's increments, or the sum of all values */
  total: number | null;
  mean: number | null;
  low: number | null;
  high: number | null;
  last: number | null;
}

const sum = (list: number[]): number | null => (list.length === 0 ? null : list.reduce((a, b) => a + b, 0));
const extreme = (list: number[], pick: (...ends: number[]) => number): number | null =>
  list.length === 0 ? null : list.reduce((a, b) => pick(a, b));

/** The summary of one topic over the parts of a range, oldest first. */
export function summarize(metric: Metric, parts: (Series | undefined)[]): RangeSummary {
  const known = (aggregate: Aggregate): number[] =>
    parts.flatMap((part) => part?.values[aggregate] ?? []).filter((value) => value !== null);
  const last = known("last").at(-1) ?? null;
  if (isCounter(metric)) return { total: sum(known("increase")), mean: null, low: null, high: null, last };
  // Buckets hold unlike numbers of readings: each mean weighs as much as it stands for.
  const total = sum(
    parts.flatMap((part) =>
      (part?.values.avg ?? []).flatMap((mean, i) => (mean === null ? [] : [mean * (part?.values.count?.[i] ?? 0)])),
    ),
  );
  const n = sum(known("count")) ?? 0;
  return {
    total,
    mean: total === null || n === 0 ? null : total / n,
    last,
    low: extreme(known("min"), Math.min),
    high: extreme(known("max"), Math.max),
  };
}

/** Each topic's summary, in the order asked. */
export function summaries(metric: Metric, topics: number, parts: Answer[]): RangeSummary[] {
  return Array.from({ length: topics }, (_, i) =>
    summarize(
      metric,
      parts.map(({ series }) => series[i]),
    ),
  );
}

/** The number that stands for the range. */
export function rangeValue(metric: Metric, summary: RangeSummary | undefined): number | null {
  if (!summary) return null;
  const measure = rangeMeasure(metric);
  return measure === "max" ? summary.high : summary[measure];
}

/** One place in a ranking. */
export interface RankRow {
  code: string;
  name: string;
  /** null: nothing came from it */
  value: number | null;
  own: boolean;
}

/** Highest first; places that nothing came from stand last, in their own order. */
export function ranked(rows: RankRow[]): RankRow[] {
  const of = ({ value }: RankRow): number => value ?? -Infinity;
  return [...rows].sort((a, b) => (of(a) === of(b) ? 0 : of(b) - of(a)));
}

/** Points of a series by one of its aggregates. */
export function pointsOf(series: Series | undefined, aggregate: Aggregate): Points {
  return { at: series?.at ?? [], value: series?.values[aggregate] ?? [] };
}

/** Points whose hour was over at a moment (ms) and had begun at or after another. */
export function wholeHours({ at, value }: Points, from: number, to: number): Points {
  const kept = at.map((_, i) => i).filter((i) => (at[i] as number) >= from && (at[i] as number) + HOUR <= to);
  return { at: kept.map((i) => at[i] as number), value: kept.map((i) => value[i] ?? null) };
}

/**
 * Whole hours up to a moment (ms) as they are set beside each other. What a counter rose by in an hour is known where
 * the hour before it is, or where it began anew: after a gap it would be the rise of many hours.
 */
export function comparableHours(metric: Metric, series: Series | undefined, to: number, timeZone: string): Points {
  const hours = wholeHours(pointsOf(series, hourlyMeasure(metric)), -Infinity, to);
  if (!isCounter(metric)) return hours;
  const follows = (at: number, i: number): boolean =>
    hours.at[i - 1] === at - HOUR || (metric.kind === "day" && bucketStart(at, DAY, timeZone) === at);
  const kept = hours.at.map((_, i) => i).filter((i) => follows(hours.at[i] as number, i));
  return { at: kept.map((i) => hours.at[i] as number), value: kept.map((i) => hours.value[i] ?? null) };
}
