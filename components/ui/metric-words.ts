import { aggregateOf, metricOf, type CityFacts, type DistrictRule, type Lang, type Metric } from "@/lib/contract/city";
import { isComputed } from "@/lib/contract/totals";

const KINDS = {
  gauge: { zh: "时点值", en: "Point-in-time value" },
  day: { zh: "当日累计，零点归零", en: "Count since local midnight" },
  total: { zh: "历史累计", en: "Running total" },
} as const;
const BETTER = {
  up: { zh: "越高越好", en: "Higher is better" },
  down: { zh: "越低越好", en: "Lower is better" },
  none: { zh: "不作评价", en: "Neutral" },
} as const;
const OVER = {
  sum: { zh: "求和", en: "Sum" },
  mean: { zh: "求平均", en: "Average" },
  none: { zh: "不分区统计", en: "Not by district" },
  last: { zh: "取最新值", en: "Latest value" },
  max: { zh: "取最大值", en: "Maximum" },
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
export function aggregateWords(metric: Metric, city: CityFacts, lang: Lang): string {
  const { districts, time } = aggregateOf(metric);
  const computed = isComputed(metric) ? { zh: "（由分区汇总）", en: " (from districts)" }[lang] : "";
  return `${districtsWord(districts, city, lang)}${computed} / ${OVER[time][lang]}`;
}

function districtsWord(rule: DistrictRule, city: CityFacts, lang: Lang): string {
  if (typeof rule === "string") return OVER[rule][lang];
  const name = (id: string): string => metricOf(city, id)?.name[lang] ?? id;
  if ("ratio" in rule) {
    const [over, under] = rule.ratio.map(name);
    return { zh: `合计之比：${over} ÷ ${under}`, en: `Ratio of totals: ${over} / ${under}` }[lang];
  }
  return { zh: `按${name(rule.weightedBy)}加权平均`, en: `Average weighted by ${name(rule.weightedBy)}` }[lang];
}
