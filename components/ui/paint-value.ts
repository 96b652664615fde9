import type { CityFacts, Lang } from "@/lib/contract/city";
import type { MetricReading } from "@/lib/contract/evaluation";
import { readMetric, type CityReading, type Live } from "@/lib/live/read-metric";
import { formatValue, shortNumber, t } from "./i18n";
import { noRightWord } from "./no-right";

/**
 * A reading's value as it may be told, a dash where there is none, or that there is no right to it; shortened where it takes more than
 * `longest` characters.
 */
export function readingText(reading: CityReading, lang: Lang, longest = Infinity): string {
  const { value, suppressed, metric, withheld } = reading;
  if (withheld) return noRightWord("noRight", lang);
  if (value === null) return "–";
  if (suppressed !== null) return `<${suppressed}`;
  const full = formatValue(value, metric.decimals, lang);
  return full.length > longest ? shortNumber(value, lang) : full;
}

/** What the mark beside a value means, in words; empty where it has none. */
export function qualityWords(quality: MetricReading["quality"], lang: Lang): string {
  if (quality === "bad") return t(lang, "badValue");
  return quality === "uncertain" ? t(lang, "uncertainValue") : "";
}

/** How many readings are not good, by what is the matter with them. */
export interface Doubts {
  bad: number;
  uncertain: number;
}

/**
 * How many are bad and how many doubted, each by its word, the worse first; a single one without its number, none at
 * all as nothing.
 */
export function doubtWords({ bad, uncertain }: Doubts, lang: Lang): string {
  const one = (quality: keyof Doubts, count: number): string =>
    bad + uncertain === 1 ? t(lang, quality) : `${t(lang, quality)} ${count}`;
  return [bad > 0 ? one("bad", bad) : "", uncertain > 0 ? one("uncertain", uncertain) : ""].filter(Boolean).join(" · ");
}

/**
 * What the public contract promises of an element that shows a reading: time, freshness, quality, and the quality's
 * mark in words.
 */
export function readingData(
  reading: CityReading,
  lang: Lang,
): { "data-at": string; "data-freshness": string; "data-quality": string; title: string; "aria-description": string } {
  const words = qualityWords(reading.quality, lang);
  return {
    "data-at": isoTime(reading.at),
    "data-freshness": freshnessData(reading),
    "data-quality": reading.quality ?? "",
    title: words,
    "aria-description": words,
  };
}

/**
 * Writes a topic's last value into its element, with what the public contract promises of it (`data-at`,
 * `data-freshness`, `data-quality`). The one place that does, so that no number can look alive by an oversight. Returns
 * what it wrote.
 */
export function paintValue(
  element: HTMLElement,
  live: Live,
  city: CityFacts,
  topic: string,
  lang: Lang,
  longest = Infinity,
): CityReading {
  const reading = readMetric(live, city, topic);
  const text = readingText(reading, lang, longest);
  if (element.textContent !== text) element.textContent = text;
  setData(element, "at", isoTime(reading.at));
  setData(element, "freshness", freshnessData(reading));
  setData(element, "quality", reading.quality ?? "");
  const words = qualityWords(reading.quality, lang);
  if (element.title !== words) {
    element.title = words;
    element.setAttribute("aria-description", words);
  }
  return reading;
}

/** How fresh an element's reading is; of what there is no right to that is not known. */
function freshnessData({ freshness, withheld }: CityReading): string {
  return withheld ? "withheld" : freshness;
}

function isoTime(at: number | null): string {
  return at === null ? "" : new Date(at).toISOString();
}

/** Sets a `data-` attribute if it changes: writing the same again would still have styles looked through. */
export function setData(element: HTMLElement | SVGElement, name: string, value: string): void {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}
