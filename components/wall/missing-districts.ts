import { districtOf, type CityFacts, type Lang, type Metric } from "@/lib/contract/city";
import type { Quality } from "@/lib/contract/readings";
import { readingTopic } from "@/lib/contract/topics";
import { inputsOf } from "@/lib/contract/totals";
import { formatAge, t } from "@/components/ui/i18n";

/** What `/api/v1/snapshot` says of a total and of what it is made of. */
export interface TotalSnapshot {
  /** RFC 3339 */
  now: string;
  topics: { topic: string; at: string | null; quality: Quality | null; missing?: string[] }[];
}

/** Where a computed total, and the last readings of all that it is made of, are asked for. */
export function totalUrl(city: CityFacts, metric: Metric): string {
  const inputs = city.districts.flatMap(({ adcode }) =>
    inputsOf(metric).map((input) => readingTopic(city.id, adcode, input)),
  );
  const topics = [readingTopic(city.id, "all", metric.id), ...inputs];
  return `/api/v1/snapshot?${topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join("&")}`;
}

/**
 * The districts that a computed total lacks, by name, each with the age of its last reading; of several that are
 * needed, of the oldest. Empty where none is missing; null where the answer does not say.
 */
export function missingDistricts(
  city: CityFacts,
  metric: Metric,
  { now, topics }: TotalSnapshot,
  lang: Lang,
): string[] | null {
  const found = new Map(topics.map((one) => [one.topic, one]));
  const missing = found.get(readingTopic(city.id, "all", metric.id))?.missing;
  if (!missing) return null;
  return missing.map((adcode) => {
    const inputs = inputsOf(metric).map((input) => found.get(readingTopic(city.id, adcode, input)));
    const name = districtOf(city, adcode)?.short[lang] ?? adcode;
    return `${name}${lang === "zh" ? "（" : " ("}${lastWords(inputs, Date.parse(now), lang)}${lang === "zh" ? "）" : ")"}`;
  });
}

function lastWords(inputs: (TotalSnapshot["topics"][number] | undefined)[], now: number, lang: Lang): string {
  const times = inputs.map((input) => (input?.at ? Date.parse(input.at) : null));
  if (times.length === 0 || times.includes(null)) return t(lang, "noData");
  const oldest = Math.min(...times.filter((at) => at !== null));
  const bad = inputs.some((input) => input?.quality === "bad") ? `${lang === "zh" ? "，" : ", "}${t(lang, "bad")}` : "";
  return `${t(lang, "lastReading")} ${formatAge(now - oldest, lang)}${lang === "zh" ? "" : " "}${t(lang, "ago")}${bad}`;
}
