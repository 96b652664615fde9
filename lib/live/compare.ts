import { dayStart } from "../clock";
import { sameTimeBefore } from "../clock/same-time";
import { isSmallCell, type Metric } from "../contract/city";
import { targetOf, type Comparison } from "../contract/compare";
import type { PastValue } from "../contract/values";
import { normalOf } from "./normal";

const HOUR = 3_600_000;
const WEEKS = [1, 2, 3, 4];
/**
 * A base of fewer than so many of the smallest steps that a metric is written in is no measure: 8 cases for 4 are no
 * doubling.
 */
const SENSIBLE = 30;

/** How far a value lies from what it is compared with. */
export type Change =
  /** relative, in % of the base */
  | { unit: "percent"; size: number }
  /** difference of two percentages, in percentage points */
  | { unit: "points"; size: number }
  /** difference in the metric's own unit */
  | { unit: "amount"; size: number };

export interface Compared {
  which: Exclude<Comparison, "none">;
  /** of a counter the last hour's growth is compared with that of the hour before */
  growth: boolean;
  change: Change;
  direction: "up" | "down" | "flat";
  /** whether that is good; null where it is neither */
  good: boolean | null;
  /** what it is compared with and when that was observed (ms; null for what is no reading) */
  base: { value: number; at: number | null };
  /** with `normal`: the band in the value's own unit, and the days on which it rests */
  band?: { low: number; high: number; days: number };
}

/** What a comparison is made from. */
export interface Given {
  metric: Metric;
  /** adcode or all */
  district: string;
  timeZone: string;
  /** the moment from which is looked back, ms: see Baselines.minute */
  minute: number;
  /** the reading shown, which is alive */
  last: PastValue;
  /**
   * the one that stood at `minute`: what grows is compared as far as it had come then, or it would always be ahead;
   * null: not known
   */
  aligned: PastValue | null;
  /** the reading at or before a moment; null where there is none, or it was dead by then */
  find: (at: number) => PastValue | null;
}

/** The last moment of yesterday in a zone, ms. */
export function lastOfYesterday(minute: number, timeZone: string): number {
  return dayStart(minute, timeZone) - 1;
}

/** The moments (ms) whose readings a comparison needs. */
export function momentsOf(which: Comparison, kind: Metric["kind"], minute: number, timeZone: string): number[] {
  const midnight = (at: number): number => dayStart(at, timeZone);
  switch (which) {
    case "week":
      return [sameTimeBefore(minute, 7, timeZone)];
    case "yesterday":
      return [sameTimeBefore(minute, 1, timeZone)];
    case "hour":
      return kind === "gauge" ? [minute - HOUR] : [minute - HOUR, minute - 2 * HOUR];
    case "today":
      return [midnight(minute)];
    case "normal": {
      const then = WEEKS.map((week) => sameTimeBefore(minute, 7 * week, timeZone));
      return kind === "total" ? [midnight(minute), ...then.flatMap((at) => [at, midnight(at)])] : then;
    }
    default:
      return [];
  }
}

/**
 * The reading that stood at a moment, if it may be compared with: not a bad one, none of the day before for what begins
 * at midnight.
 */
function standing({ metric, timeZone, find }: Given, at: number): PastValue | null {
  const found = find(at);
  if (!found || found.quality === "bad") return null;
  return metric.kind === "day" && found.at < dayStart(at, timeZone) ? null : found;
}

/**
 * A value set against what a comparison names; null where nothing true can be said: no base, a bad one, too small a
 * one, or one that must not be told.
 */
export function compare(which: Comparison, given: Given): Compared | null {
  const { metric, district, timeZone, minute } = given;
  const value = metric.kind === "gauge" || which === "today" || which === "target" ? given.last : given.aligned;
  if (!value || value.quality === "bad" || isSmallCell(metric, district, value.value)) return null;
  if (metric.kind === "day" && value.at < dayStart(minute, timeZone)) return null;
  if (which === "normal") return compareNormal(value, given);
  if (which === "today") return compareToday(value, given);
  if (which === "hour" && metric.kind !== "gauge") return compareGrowth(value, given);
  if (which === "target") {
    const target = targetOf(metric, district);
    return target === null
      ? null
      : made(given, {
          which,
          growth: false,
          change: differenceOf(metric, value.value - target),
          base: { value: target, at: null },
        });
  }
  const base = standing(given, momentsOf(which, metric.kind, minute, timeZone)[0] ?? NaN);
  if (which === "none" || !base || isSmallCell(metric, district, base.value)) return null;
  const change = changeOf(metric, value.value, base.value);
  return change && made(given, { which, growth: false, change, base });
}

/** What came since midnight: of a total its growth, of a state how it moved. */
function compareToday(value: PastValue, given: Given): Compared | null {
  const { metric, district, timeZone, minute } = given;
  const base = standing(given, dayStart(minute, timeZone));
  if (!base || metric.kind === "day") return null;
  const grown = value.value - base.value;
  if (isSmallCell(metric, district, base.value) || isSmallCell(metric, district, Math.abs(grown))) return null;
  return made(given, { which: "today", growth: false, change: differenceOf(metric, grown), base });
}

/** A counter's last hour against the hour before; null across midnight and where it was set back. */
function compareGrowth(value: PastValue, given: Given): Compared | null {
  const { metric, timeZone, minute } = given;
  const [hourAgo, before] = [standing(given, minute - HOUR), standing(given, minute - 2 * HOUR)];
  if (!hourAgo || !before || hourAgo.value < before.value || value.value < hourAgo.value) return null;
  if (metric.kind === "day" && minute - 2 * HOUR < dayStart(minute, timeZone)) return null;
  const base = { value: hourAgo.value - before.value, at: hourAgo.at };
  const change = changeOf(metric, value.value - hourAgo.value, base.value);
  return change && made(given, { which: "hour", growth: true, change, base });
}

/** A value against the same time of the last four weeks; a total's growth of the day against theirs. */
function compareNormal(value: PastValue, given: Given): Compared | null {
  const { metric, district, timeZone, minute } = given;
  const level = (at: number, now?: PastValue): number | null => {
    const end = now ?? standing(given, at);
    if (metric.kind !== "total" || !end) return end?.value ?? null;
    const start = standing(given, dayStart(at, timeZone));
    return start && end.value - start.value;
  };
  const own = level(minute, value);
  const past = WEEKS.flatMap((week) => level(sameTimeBefore(minute, 7 * week, timeZone)) ?? []);
  const normal = normalOf(past);
  if (own === null || !normal || past.some((one) => isSmallCell(metric, district, one))) return null;
  const low = past.every((one) => one >= 0) ? Math.max(0, normal.low) : normal.low;
  const outside = Math.max(0, own - normal.high) + Math.min(0, own - low);
  return made(given, {
    which: "normal",
    growth: metric.kind === "total",
    change: { unit: "amount", size: outside },
    base: { value: normal.mid, at: null },
    band: { low, high: normal.high, days: normal.count },
  });
}

function isPercent(metric: Metric): boolean {
  return metric.unit.en === "%";
}

function differenceOf(metric: Metric, size: number): Change {
  return { unit: isPercent(metric) ? "points" : "amount", size };
}

/** Change from a base; null from one too small to be a measure. */
function changeOf(metric: Metric, value: number, base: number): Change | null {
  if (isPercent(metric)) return { unit: "points", size: value - base };
  if (Math.abs(base) < SENSIBLE * 10 ** -metric.decimals) return null;
  return { unit: "percent", size: ((value - base) / Math.abs(base)) * 100 };
}

/** Decimals in which a change is written: one more figure than none for percentages, and at least one for points. */
export function changeDecimals(metric: Metric, { unit, size }: Change): number {
  if (unit === "percent") return Math.abs(size) >= 10 ? 0 : 1;
  return unit === "points" ? Math.max(1, metric.decimals) : metric.decimals;
}

/** With its direction as it will be read: what rounds to nothing is flat. */
function made({ metric }: Given, compared: Omit<Compared, "direction" | "good">): Compared {
  const shown = Number(compared.change.size.toFixed(changeDecimals(metric, compared.change)));
  let direction: Compared["direction"] = "flat";
  if (shown > 0) direction = "up";
  if (shown < 0) direction = "down";
  return {
    ...compared,
    direction,
    good: direction === "flat" || metric.better === "none" ? null : direction === metric.better,
  };
}
