import type { Catalogue } from "../cities/catalogue";
import type { CalendarStep, Step } from "../clock";
import { LIMITS } from "../contract/api/limits";
import type { Moment } from "../contract/api/moments";
import type { Routes } from "../contract/api";
import type { InputOf } from "../contract/api/route";
import type { PastRequest } from "../contract/history";
import { COARSE, FINE, HOURLY } from "../contract/reduce";
import { metricOf, type CityFacts, type Metric } from "../contract/city";
import type { CityEvent } from "../contract/events";
import type { Permission, Principal } from "../contract/rights";
import { parseTopic } from "../contract/topics";
import type { TopicQuery } from "../history/store/service";
import type { Audit } from "./audit";
import type { Budget } from "./budget";
import type { MakeFile } from "./export-files";
import { badParameter, refusal } from "./http";
import type { Ask, HistoryAsk } from "./store-ask";
import { eventPlaces, metricFor } from "./sight";

/** What questions about the past are answered with. */
export interface Past {
  /** null where no past is kept */
  store: HistoryAsk | null;
  ask: Ask;
  /** what may be asked at once */
  budget: Budget;
  catalogue: Catalogue;
  makeFile: MakeFile;
  /** an event as it is known live */
  event: (city: string, id: string) => CityEvent | undefined;
  now: () => number;
  /** writes down who takes out how much, and who changes what */
  audit: Audit;
}

const DAY = 86_400_000;

/** A moment (ms) of a body: whole, and what lies ahead is now. */
export function clamped(at: number, now: number): number {
  return Math.min(Math.round(at), now);
}

/** A moment (ms) of an address: what lies ahead is now. */
export function momentIn(moment: Moment, now: number): number {
  return Math.min(moment(now), now);
}

/** The moment whose knowledge is asked for, under its name or the earlier one; undefined: what is known now. */
export function asOfIn({ asOf, known }: { asOf?: Moment; known?: Moment }, now: number): { asOf?: number } {
  const moment = asOf ?? known;
  return moment ? { asOf: momentIn(moment, now) } : {};
}

/**
 * A stretch of time in ms, `to` excluded.
 * @param longest ms @throws HttpError 400, and 422 where it is longer than that
 */
export function rangeOf(
  query: { from: Moment; to: Moment },
  now: number,
  longest = Infinity,
): { from: number; to: number } {
  const [from, to] = [query.from(now), query.to(now)];
  const { ahead } = LIMITS.moments;
  if (to - now > ahead) throw badParameter("to", `lies more than ${ahead / DAY} days ahead of the gateway's clock`);
  if (to <= from) throw badParameter("to", "must lie after from");
  if (to - from <= longest) return { from, to };
  const days = Math.ceil((to - from) / DAY);
  throw refusal(
    422,
    "too-large",
    "from",
    `${days} days, of which one answer holds ${longest / DAY}; ask for one stretch after the other`,
  );
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

/** The places whose events somebody is told of, of cities whose events he is not told all of. */
export function placesOf(who: Principal, catalogue: Catalogue, topics: string[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    topics.flatMap((topic) => {
      const name = parseTopic(topic);
      const city = name?.kind === "events" ? catalogue.city(name.city)?.facts : undefined;
      const places = city ? eventPlaces(who, city) : null;
      return city && places ? [[city.id, places]] : [];
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

/**
 * About how many values the answer holds.
 * @throws HttpError 422 when these are more than is allowed, naming the step that would do
 */
function sizeOf({ topics, from, to, step, aggregates }: TopicQuery, metrics: Metric[]): number {
  const [span, most] = [to - from, LIMITS.history.points];
  const columns = topics.length * aggregates.length;
  const raw = (): number => metrics.reduce((sum, metric) => sum + span / (metric.interval * 1000), 0);
  const points = step === 0 ? raw() : columns * Math.ceil(span / widthOf(step));
  if (points <= most) return points;
  const fitting = PROPOSED.find(([, width]) => (columns * span) / width <= most);
  const advice = fitting ? `step=${fitting[0]} would do` : "ask for fewer topics or a shorter range";
  throw refusal(
    422,
    "too-large",
    "step",
    `about ${Math.round(points)} values, of which one answer holds ${most}; ${advice}`,
  );
}

/** The series that a live topic holds, and a past state as well: the shortest first. */
const TIERS = [FINE, COARSE, HOURLY];

/** Points of the charts over `spans` (s), which share those of one tier. */
function pointsOf(spans: number[]): number {
  let shorter = 0;
  return TIERS.reduce((points, { bucketMs, capacity }) => {
    const longest = (bucketMs * capacity) / 1000;
    const span = Math.max(0, ...spans.filter((one) => one > shorter && one <= longest));
    shorter = longest;
    return points + (span * 1000) / bucketMs;
  }, 0);
}

/**
 * What a past state is asked for, each topic once, and about how many points its charts hold.
 * @throws HttpError 422 where its charts hold more points than one answer does
 */
export function pastTopics(topics: { topic: string; spans?: number[] | null }[]): {
  topics: PastRequest["topics"];
  points: number;
} {
  const spans = new Map<string, number[]>();
  for (const asked of topics) spans.set(asked.topic, [...(spans.get(asked.topic) ?? []), ...(asked.spans ?? [])]);
  const points = [...spans.values()].reduce((sum, own) => sum + pointsOf(own), 0);
  if (points > LIMITS.pastPoints)
    throw refusal(
      422,
      "too-large",
      "topics",
      `about ${Math.round(points)} points, of which one answer holds ${LIMITS.pastPoints}; ask for fewer topics or ` +
        "shorter spans at once",
    );
  return { topics: [...spans].map(([topic, own]) => ({ topic, spans: own })), points };
}

type HistoryQuery = InputOf<Routes["history"]>["query"];

/** The zone whose midnight a metric's counter begins anew in; null where it counts on. */
function resetZone(city: CityFacts, metric: string): string | null {
  return metricOf(city, metric)?.kind === "day" ? city.timeZone : null;
}

/**
 * What the store is asked for a query, and the city that it is about.
 * @param permission what he who asks needs for each of the topics
 * @throws HttpError 400, 401, 403, 404, 422 that name the field
 */
export function topicQuery(
  query: HistoryQuery,
  who: Principal,
  permission: Extract<Permission, "look" | "export">,
  { catalogue, now: clock }: Pick<Past, "catalogue" | "now">,
): { asked: TopicQuery; city: CityFacts; points: number } {
  const now = clock();
  const found = query.topic.map((topic) => metricFor(who, catalogue, topic, "topic", permission));
  const { city } = found[0] as (typeof found)[number];
  const asked: TopicQuery = {
    topics: query.topic,
    ...rangeOf(query, now),
    step: query.step,
    aggregates: query.step === 0 ? ["last"] : (query.agg ?? ["avg"]),
    fill: query.fill,
    timeZone: query.tz ?? city.timeZone,
    most: LIMITS.history.points,
    resets: found.map((one) => resetZone(one.city, one.metric.id)),
    ...asOfIn(query, now),
  };
  const points = sizeOf(
    asked,
    found.map(({ metric }) => metric),
  );
  return { asked, city, points };
}
