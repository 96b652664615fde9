import { dayStart } from "@/lib/clock";
import type { CityFacts, Lang, Metric } from "@/lib/contract/city";
import { comparisonsOf, type Comparison } from "@/lib/contract/compare";
import { seriesOf, type ReadingState } from "@/lib/contract/reduce";
import { parseTopic } from "@/lib/contract/topics";
import type { PastValue } from "@/lib/contract/values";
import { metricFacts } from "@/lib/contract/widget-settings";
import { baselinesOf } from "@/lib/live/baselines";
import { changeDecimals, compare, lastOfYesterday, momentsOf, type Compared } from "@/lib/live/compare";
import { readingOf, readMetric, type Live } from "@/lib/live/read-metric";
import { basedOn, formatNumber, formatTime, formatValue, type Word, t } from "./i18n";

/** A value that a widget compares. */
export interface Wish {
  topic: string;
  /** what was chosen; left out: what suits the metric */
  chosen?: Comparison | undefined;
  /** whether what yesterday came to is shown as well */
  yesterday?: boolean;
}

/**
 * Seconds of past that comparing a metric needs at hand: enough to know how far a counter had come at the full minute.
 */
export function comparisonSpan(metric: Pick<Metric, "kind" | "interval">): number {
  if (metric.kind === "gauge") return 0;
  return Math.min(86_400, Math.max(120, 2 * metric.interval + 60));
}

function placeOf(city: CityFacts, topic: string): { metric: Metric; district: string } {
  const name = parseTopic(topic);
  return name?.kind === "reading"
    ? { metric: metricFacts(city, name.metric), district: name.district }
    : { metric: metricFacts(city, ""), district: "all" };
}

/** Seconds of past that a wish needs at hand; null where it needs nothing. */
export function wishSpan(city: CityFacts, { topic, chosen, yesterday }: Wish): number | null {
  const { metric, district } = placeOf(city, topic);
  if (comparisonsOf(metric, district, chosen).length > 0) return comparisonSpan(metric);
  return yesterday && metric.kind === "day" ? 0 : null;
}

/** The moments (ms) that a wish needs, for a minute (ms). */
export function wishMoments(city: CityFacts, { topic, chosen, yesterday }: Wish, minute: number): number[] {
  const { metric, district } = placeOf(city, topic);
  const moments = comparisonsOf(metric, district, chosen).flatMap((which) =>
    momentsOf(which, metric.kind, minute, city.timeZone),
  );
  if (!yesterday || metric.kind !== "day") return moments;
  const last = lastOfYesterday(minute, city.timeZone);
  // What yesterday came to, and what it is compared with.
  return [...moments, last, ...momentsOf("week", metric.kind, last, city.timeZone)];
}

/** ms: a replay's past may be kept by the minute. */
const KEPT_EVERY = 90_000;

/** The reading that stood at a minute, as far as is at hand; null where that is not known. */
function standingAt(state: ReadingState, metric: Metric, minute: number): PastValue | null {
  const { last } = state;
  if (!last || last.at <= minute) return last;
  const series = seriesOf(state, comparisonSpan(metric));
  const i = series.indexFrom(minute + 1) - 1;
  return i < 0 || minute - series.at(i) > Math.max(metric.limit * 1000, KEPT_EVERY)
    ? null
    : { at: series.at(i), value: series.value(i), quality: series.quality(i) };
}

/**
 * A topic's value against the first of its comparisons that can be made now; null where none can, or the value itself
 * is dead.
 */
export function comparedNow(live: Live, city: CityFacts, { topic, chosen }: Wish): Compared | null {
  const { metric, district, at: observed, counted, quality } = readMetric(live, city, topic);
  const state = readingOf(live, topic);
  if (!state || observed === null || counted === null || quality === null) return null;
  const baselines = baselinesOf(live);
  const minute = baselines.minute();
  const given = {
    metric,
    district,
    timeZone: city.timeZone,
    minute,
    last: { at: observed, value: counted, quality },
    aligned: standingAt(state, metric, minute),
    find: (at: number) => baselines.find(topic, at),
  };
  for (const which of comparisonsOf(metric, district, chosen)) {
    const compared = compare(which, given);
    if (compared) return compared;
  }
  return null;
}

/**
 * The last reading of yesterday of what begins at midnight: what its count had come to. Null where it is not known, is
 * bad or is of an earlier day, and for every other kind of metric.
 */
export function wholeOfYesterday(live: Live, city: CityFacts, topic: string): PastValue | null {
  const { metric } = placeOf(city, topic);
  if (metric.kind !== "day") return null;
  const baselines = baselinesOf(live);
  const end = lastOfYesterday(baselines.minute(), city.timeZone);
  const last = baselines.find(topic, end);
  return last && last.quality !== "bad" && last.at >= dayStart(end, city.timeZone) ? last : null;
}

/** What yesterday came to against the same day of the week before; null where that cannot be said. */
export function yesterdayCompared(live: Live, city: CityFacts, topic: string): Compared | null {
  const whole = wholeOfYesterday(live, city, topic);
  if (!whole) return null;
  const baselines = baselinesOf(live);
  const { timeZone } = city;
  return compare("week", {
    ...placeOf(city, topic),
    timeZone,
    minute: lastOfYesterday(baselines.minute(), timeZone),
    last: whole,
    aligned: whole,
    find: (at) => baselines.find(topic, at),
  });
}

const ARROWS = { up: "▲", down: "▼", flat: "■" } as const;
/** A rise of so many % is said as a multiple. */
const MANIFOLD = 200;

const NAMES = {
  week: "vsWeek",
  yesterday: "vsYesterday",
  hour: "vsHour",
  today: "newToday",
  target: "vsTarget",
  normal: "normalNow",
} as const satisfies Record<Compared["which"], Word>;

/** What a value is compared with, in words for a wall. */
export function comparisonName(
  { which, growth }: Pick<Compared, "which" | "growth">,
  metric: Pick<Metric, "kind">,
  lang: Lang,
): string {
  if (which === "hour" && growth) return t(lang, "vsHourGrowth");
  if (which === "today" && metric.kind === "gauge") return t(lang, "sinceMidnight");
  if (which === "normal" && growth) return t(lang, "normalGrowth");
  return t(lang, NAMES[which]);
}

/** What a column's values are compared with, in words; empty where with nothing. */
export function comparisonHead(compare: Comparison, kind: Metric["kind"], lang: Lang): string {
  return compare === "none"
    ? ""
    : comparisonName({ which: compare, growth: compare === "hour" && kind !== "gauge" }, { kind }, lang);
}

function percentText(size: number): string {
  if (size < MANIFOLD) return `${Math.abs(size).toFixed(Math.abs(size) >= 10 ? 0 : 1)}%`;
  if (size > 99 * 100) return ">×99";
  return `×${(1 + size / 100).toFixed(size >= 900 ? 0 : 1)}`;
}

/** How far a value lies from what it is compared with, as a wall writes it. */
export function changeText({ which, change, direction, band }: Compared, metric: Metric, lang: Lang): string {
  if (band) {
    const [low, high] = [band.low, band.high].map((value) => formatValue(value, metric.decimals, lang));
    return `${ARROWS[direction]} ${low}–${high} (${basedOn([band.days, band.days], lang)})`;
  }
  if (change.unit === "percent") return `${ARROWS[direction]} ${percentText(change.size)}`;
  const size = Math.abs(change.size);
  if (change.unit === "points")
    return `${ARROWS[direction]} ${formatNumber(size, changeDecimals(metric, change), lang)} ${t(lang, "points")}`;
  const sign = { up: "+", down: "−", flat: "" }[direction];
  const text = formatValue(size, metric.decimals, lang);
  return which === "today" || which === "target" ? `${sign}${text}` : `${ARROWS[direction]} ${text}`;
}

/** The whole comparison for who asks: what the base was and when it was observed. */
export function comparisonTitle(compared: Compared, metric: Metric, timeZone: string, lang: Lang): string {
  const { base } = compared;
  const when =
    base.at === null
      ? ""
      : ` · ${new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(base.at)} ` +
        `${formatTime(base.at, timeZone, true)}`;
  return `${comparisonName(compared, metric, lang)}: ${formatValue(base.value, metric.decimals, lang)}${when}`;
}
