import type { Lang, Metric } from "@/lib/contract/city";
import { freshness } from "@/lib/contract/freshness";
import { parseTopic } from "@/lib/contract/topics";
import { judgedAt, readingOf, type Live } from "@/lib/live/live";
import { formatMetric, shortNumber } from "./i18n";

/**
 * Writes a topic's last value into its element, with the observed time and the freshness that the public contract
 * promises (`data-at`, `data-freshness`). A text of more than `longest` characters is shortened. The one place that does, so that no number can look alive by an oversight.
 */
export function paintValue(element: HTMLElement, live: Live, topic: string, metric: Metric, lang: Lang, longest = Infinity): void {
  const last = readingOf(live, topic)?.last ?? null;
  const full = last ? formatMetric(metric, metric.smallCell === undefined ? "all" : districtIn(topic), last.value, lang) : "–";
  const text = last && full.length > longest ? shortNumber(last.value, lang) : full;
  if (element.textContent !== text) element.textContent = text;
  setData(element, "at", last ? new Date(last.at).toISOString() : "");
  setData(element, "freshness", freshness(last?.at ?? null, judgedAt(live), metric, live.connected()));
}

/** The district of a reading's topic. */
function districtIn(topic: string): string {
  const name = parseTopic(topic);
  return name?.kind === "reading" ? name.district : "all";
}

/** Sets a `data-` attribute if it changes: writing the same again would still have styles looked through. */
export function setData(element: HTMLElement | SVGElement, name: string, value: string): void {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}
