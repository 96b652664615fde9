import type { CityFacts, Lang } from "@/lib/contract/city";
import { parseTopic } from "@/lib/contract/topics";
import type { Knowledge } from "@/lib/contract/history";

const DAY = 86_400_000;

/** A moment (ms) as addresses have it: to the second. */
function secondOf(at: number): string {
  return new Date(Math.floor(at / 1000) * 1000).toISOString();
}

/** Where a page shows the moment `at` (ms). @param address the page's own */
export function replayUrl(address: string, at: number): string {
  const url = new URL(address);
  url.searchParams.set("at", secondOf(at));
  return `${url.pathname}${url.search}`;
}

/** The page of a topic's metric; null for what is no metric's reading. */
export function metricUrl(city: CityFacts, topic: string): string | null {
  const name = parseTopic(topic);
  return name?.kind === "reading" ? `/metric/${city.id}/${name.metric}?district=${name.district}` : null;
}

/** The page of the district that a topic is of; null for the whole of a city. */
export function districtUrl(city: CityFacts, topic: string): string | null {
  const name = parseTopic(topic);
  return name?.kind === "reading" && name.district !== "all" ? `/district/${city.id}/${name.district}` : null;
}

/**
 * The readings of the last 24 hours as a file, one by one; in the past of those before its moment, as they are known there. Null for
 * what is no reading.
 * @param past the moment that is shown (ms) and whose knowledge; null: the present
 */
export function csvUrl(topic: string, past: { at: number; knowledge: Knowledge } | null, lang: Lang): string | null {
  if (parseTopic(topic)?.kind !== "reading") return null;
  const range: Record<string, string> = past
    ? { from: secondOf(past.at - DAY), to: secondOf(past.at) }
    : { from: "now-24h" };
  if (past?.knowledge === "then") range.asOf = secondOf(past.at);
  return `/api/v1/history?${new URLSearchParams({ topic, ...range, step: "raw", format: "csv", lang }).toString()}`;
}
