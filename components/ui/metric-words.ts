import { aggregateOf, type DistrictRule, type Lang, type Metric } from "@/lib/contract/city";
import { isComputed } from "@/lib/contract/totals";

const KINDS = {
  gauge: { zh: "状态量", en: "A state, now" },
  day: { zh: "当日累计，零点归零", en: "Counted since local midnight" },
  total: { zh: "历史累计", en: "Counted since ever" },
} as const;
const BETTER = {
  up: { zh: "越高越好", en: "More is better" },
  down: { zh: "越低越好", en: "Less is better" },
  none: { zh: "无优劣之分", en: "Neither" },
} as const;
const OVER = {
  sum: { zh: "求和", en: "Sum" },
  mean: { zh: "平均", en: "Mean" },
  none: { zh: "不分区", en: "Whole alone" },
  last: { zh: "取最后值", en: "Last value" },
  max: { zh: "取最大值", en: "Highest" },
} as const;

/** How a metric is counted, in words. */
export function kindWord(metric: Metric, lang: Lang): string {
  return KINDS[metric.kind][lang];
}

/** Which way is good, in words. */
export function betterWord(metric: Metric, lang: Lang): string {
  return BETTER[metric.better][lang];
}

/** How districts make up the whole, and readings a longer time, in words. */
export function aggregateWords(metric: Metric, lang: Lang): string {
  const { districts, time } = aggregateOf(metric);
  const computed = isComputed(metric) ? { zh: "（由分区计算）", en: " (computed from districts)" }[lang] : "";
  return `${districtsWord(districts, lang)}${computed} / ${OVER[time][lang]}`;
}

function districtsWord(rule: DistrictRule, lang: Lang): string {
  if (typeof rule === "string") return OVER[rule][lang];
  if ("ratio" in rule)
    return { zh: `合计之比 ${rule.ratio.join("÷")}`, en: `Ratio of sums ${rule.ratio.join(" / ")}` }[lang];
  return { zh: `按 ${rule.weightedBy} 加权平均`, en: `Mean weighted by ${rule.weightedBy}` }[lang];
}
