import type { Catalogue } from "../cities/catalogue";
import type { CalendarStep, Step } from "../clock";
import { LIMITS } from "../contract/api/limits";
import type { Moment } from "../contract/api/moments";
import type { Routes } from "../contract/api";
import type { InputOf } from "../contract/api/route";
import { metricOf, type CityFacts, type Metric } from "../contract/city";
import type { CityEvent } from "../contract/events";
import { parseTopic } from "../contract/topics";
import type { TopicQuery } from "../history/store/service";
import { badParameter, refusal } from "./http";
import type { Ask, HistoryAsk } from "./store-ask";
import { readingMetric } from "./topic-check";

/** What questions about the past are answered with. */
export interface Past {
  /** null where no past is kept */
  store: HistoryAsk | null;
  ask: Ask;
  catalogue: Catalogue;
  /** an event as it is known live */
  event: (city: string, id: string) => CityEvent | undefined;
  now: () => number;
}

const DAY = 86_400_000;

/** A moment (ms) of a body: whole, and what lies ahead is now. */
export function clamped(at: number, now: number): number {
  return Math.min(Math.round(at), now);
}

/** The moment whose knowledge is asked for, under its name or the earlier one; undefined: what is known now. */
export function asOfIn({ asOf, known }: { asOf?: Moment; known?: Moment }, now: number): { asOf?: number } {
  const moment = asOf ?? known;
  return moment ? { asOf: moment(now) } : {};
}

/** A stretch of time in ms, `to` excluded. @throws HttpError 400 */
export function rangeOf(query: { from: Moment; to: Moment }, now: number): { from: number; to: number } {
  const [from, to] = [query.from(now), query.to(now)];
  if (to <= from) throw badParameter("to", "must lie after from");
  return { from, to };
}

/** The zones that the days of cities' events begin in. */
export function zonesOf(catalogue: Catalogue, topics: string[]): Record<string, string> {
  return Object.fromEntries(
    topics.flatMap((topic) => {
      const name = parseTopic(topic);
      return name?.kind === "events" ? [[name.city, catalogue.city(name.city)?.facts.timeZone ?? "UTC"]] : [];
    }),
  );
}

/** Buckets of the calendar are at least this long, ms. */
const CALENDAR_WIDTH: Record<CalendarStep, number> = {
  week: 7 * DAY,
  month: 28 * DAY,
  quarter: 90 * DAY,
  year: 365 * DAY,
};
const widthOf = (step: Step): number => (typeof step === "number" ? step : CALENDAR_WIDTH[step]);

/** Steps that are proposed where the one asked for is too fine: names and ms. */
const PROPOSED: [string, number][] = [
  ["1m", 60_000],
  ["5m", 300_000],
  ["15m", 900_000],
  ["1h", 3_600_000],
  ["6h", 21_600_000],
  ["1d", DAY],
  ["7d", 7 * DAY],
];

/** @throws HttpError 422 when the answer would be larger than is allowed, naming the step that would do */
function checkSize({ topics, from, to, step, aggregates }: TopicQuery, metrics: Metric[]): void {
  const [span, most] = [to - from, LIMITS.history.points];
  const columns = topics.length * aggregates.length;
  const raw = (): number => metrics.reduce((sum, metric) => sum + span / (metric.interval * 1000), 0);
  const points = step === 0 ? raw() : columns * Math.ceil(span / widthOf(step));
  if (points <= most) return;
  const fitting = PROPOSED.find(([, width]) => (columns * span) / width <= most);
  const advice = fitting ? `step=${fitting[0]} would do` : "ask for fewer topics or a shorter range";
  throw refusal(
    422,
    "too-large",
    "step",
    `about ${Math.round(points)} values, of which one answer holds ${most}; ${advice}`,
  );
}

type HistoryQuery = InputOf<Routes["history"]>["query"];

/** The zone whose midnight a metric's counter begins anew in; null where it counts on. */
function resetZone(city: CityFacts, metric: string): string | null {
  return metricOf(city, metric)?.kind === "day" ? city.timeZone : null;
}

/**
 * What the store is asked for a query, and the city that it is about.
 * @throws HttpError 400, 404, 422 that name the field
 */
export function topicQuery(
  query: HistoryQuery,
  catalogue: Catalogue,
  now: number,
): { asked: TopicQuery; city: CityFacts } {
  const found = query.topic.map((topic) => {
    if (parseTopic(topic)?.kind !== "reading")
      throw refusal(404, "unknown-topic", "topic", `"${topic}" is not a topic of readings`);
    return readingMetric(catalogue, topic, "topic");
  });
  const { city } = found[0] as (typeof found)[number];
  const asked: TopicQuery = {
    topics: query.topic,
    ...rangeOf(query, now),
    step: query.step,
    aggregates: query.step === 0 ? ["last"] : (query.agg ?? ["avg"]),
    fill: query.fill,
    timeZone: query.tz ?? city.timeZone,
    resets: found.map((one) => resetZone(one.city, one.metric.id)),
    ...asOfIn(query, now),
  };
  checkSize(
    asked,
    found.map(({ metric }) => metric),
  );
  return { asked, city };
}
