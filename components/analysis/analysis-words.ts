import type { Lang, Metric, Text } from "@/lib/contract/city";
import { basedOn, formatNumber, formatTime, several, t } from "@/components/ui/i18n";
import { stamp } from "@/components/ui/stamp";
import { summary, type NormalAt, type Outlier, type Points, type Shift } from "./analysis-math";
import type { Preset } from "./analysis-state";
import type { Answer } from "./use-history";

export const PRESET_NAMES: Record<Preset, Text> = {
  "24h": { zh: "24小时", en: "24 h" },
  "7d": { zh: "7天", en: "7 d" },
  "30d": { zh: "30天", en: "30 d" },
  "90d": { zh: "90天", en: "90 d" },
};
export const SHIFT_NAMES: Record<Shift, Text> = {
  day: { zh: "前一日同期", en: "Previous day" },
  week: { zh: "上周同期", en: "Previous week" },
  year: { zh: "去年同期", en: "Previous year" },
};
export const RANGE_WORDS = { total: "rangeTotal", mean: "rangeMean", last: "rangeLast", max: "rangeMax" } as const;

/** A number's age that is worth telling, ms. */
const BEHIND = 60_000;

/** A curve's newest value as it is written. */
export function lastValue(points: Points, decimals: number, lang: Lang): string {
  const facts = summary(points);
  return facts ? formatNumber(facts.last, decimals, lang) : "–";
}

/** What a day's counter rose by in the range. */
export function countedValue(total: number | null | undefined, decimals: number, lang: Lang): string {
  return total === null || total === undefined ? "–" : `Σ ${formatNumber(total, decimals, lang)}`;
}

/** The parts of a note that there is something to say of. */
export function noteOf(...parts: (string | false)[]): string {
  return parts.filter((part) => part !== false && part !== "").join(" · ");
}

/** Whether the last part of an answer may still change before `to` (ms). */
export function isProvisional(parts: Answer[] | undefined, to: number): boolean {
  return (parts ?? []).some(({ provisionalFrom }) => provisionalFrom !== null && provisionalFrom < to);
}

/** What must be known to read the chart rightly: what its band rests on, what may change, up to when it is complete. */
export function chartNote(
  lang: Lang,
  {
    chart,
    daily,
    band,
    until,
    timeZone,
    kept,
  }: {
    chart: Answer | undefined;
    daily: boolean;
    band: string | false;
    until: number;
    timeZone: string;
    kept: string | false;
  },
): string {
  const behind =
    chart?.completeUntil !== null && chart?.completeUntil !== undefined && until - chart.completeUntil > BEHIND;
  const bad = chart?.series.reduce((sum, series) => sum + series.bad, 0) ?? 0;
  return noteOf(
    behind && `${t(lang, "completeTo")} ${formatTime(chart?.completeUntil ?? 0, timeZone, true)}`,
    bad > 0 && `${t(lang, "badLeftOut")} ✕${formatNumber(bad, 0, lang)}`,
    daily && t(lang, "byDay"),
    band,
    isProvisional(chart && [chart], until) && t(lang, "hollowPoint"),
    kept,
    t(lang, "zoom"),
  );
}

/** What the summary says in words: the farthest outlier, that there is none, or why nothing can be said. */
export function says(
  lang: Lang,
  metric: Metric,
  found: Outlier[],
  hours: Points,
  normalAt: NormalAt,
  timeZone: string,
): string {
  if (metric.kind === "total") return t(lang, "noNormal");
  return found[0] ? explain(lang, metric, found.length, found[0], timeZone) : judged(lang, hours, normalAt);
}

/** What the grey band is, and on how many days it rests. */
export function bandNote(lang: Lang, days: [number, number] | null): string {
  if (!days) return t(lang, "noBand");
  return `${t(lang, "band")} (${basedOn(days, lang)})`;
}

/** That nothing stands out, and of how many hours that can be said. */
function judged(lang: Lang, hours: Points, normalAt: NormalAt): string {
  const within = hours.at.filter((_, i) => hours.value[i] !== null);
  const known = within.filter((at) => normalAt(at) !== null).length;
  if (known === 0) return t(lang, "noBaseline");
  if (known === within.length) return t(lang, "allNormal");
  if (lang === "zh")
    return `可判断的 ${known} 小时均在近4周同时段正常区间内；其余 ${within.length - known} 小时历史数据不足。`;
  return (
    `Of the hours with enough history (${several(known, "hour")}), all lie within their usual range; ` +
    `${several(within.length - known, "hour")} cannot be judged.`
  );
}

/** The farthest outlier in a sentence. */
function explain(lang: Lang, metric: Metric, count: number, { at, value, band }: Outlier, timeZone: string): string {
  const write = (v: number): string => formatNumber(v, metric.decimals, lang);
  const when = stamp(at, timeZone);
  if (lang === "zh")
    return (
      `${when} ${metric.name.zh}为 ${write(value)}，${value > band.mid ? "高于" : "低于"}近4周同时段正常区间 ` +
      `${write(band.low)}–${write(band.high)}（中位数 ${write(band.mid)}，据${band.count}天）。该时段共 ${count} 处异常。`
    );
  return (
    `${when}: ${metric.name.en} was ${write(value)}, ${value > band.mid ? "above" : "below"} the ` +
    `usual range of this hour of the week, ${write(band.low)}–${write(band.high)} (median ${write(band.mid)}, ` +
    `${basedOn([band.count, band.count], lang)} of the last 4 weeks). ${several(count, "outlier")} in this range.`
  );
}
