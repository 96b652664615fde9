import type { TopicNow } from "../contract/api/snapshot";
import { metricOf, type CityFacts } from "../contract/city";
import { evaluateReading } from "../contract/evaluation";
import type { CityEvent } from "../contract/events";
import type { Principal } from "../contract/rights";
import { isComputed } from "../contract/totals";
import type { Topic } from "../contract/topics";
import type { PositionsState } from "../contract/reduce";
import type { ApiParts } from "./api";
import { badParameter } from "./http";
import { asWritten } from "./pieces";
import type { Handlers } from "./router";
import { topicFor, type SeenTopic } from "./sight";
import { unknownTopic } from "./topic-check";

type Parts = Pick<ApiParts, "hub" | "catalogue" | "totals" | "now">;

type PositionNow = Extract<TopicNow, { positions: unknown }>["positions"][number];

const iso = (at: number): string => new Date(at).toISOString();

function eventForm(event: CityEvent) {
  const { at, updated, steps, ...rest } = event;
  return {
    ...rest,
    at: iso(at),
    updated: iso(updated),
    ...(steps ? { steps: steps.map((step) => ({ ...step, at: iso(step.at) })) } : {}),
  };
}

type ReadingName = Extract<Topic, { kind: "reading" }>;

function readingNow({ hub, totals, now }: Parts, topic: string, name: ReadingName, city: CityFacts): TopicNow | null {
  const metric = metricOf(city, name.metric);
  if (!metric) return null;
  const state = hub.state(topic);
  const { value, at, quality, freshness, suppressed, evaluatedAt } = evaluateReading(
    state?.kind === "reading" ? state.last : null,
    metric,
    name.district,
    { now: now(), tolerance: 0, connected: true },
  );
  const missing =
    name.district === "all" && isComputed(metric) ? totals.missing(name.city, metric.id, now()) : undefined;
  return {
    topic,
    offset: state?.offset ?? 0,
    value: suppressed === null ? value : null,
    ...(suppressed === null ? {} : { suppressed: `< ${suppressed}` }),
    at: at === null ? null : iso(at),
    quality,
    freshness,
    evaluatedAt: iso(evaluatedAt),
    ...(missing ? { missing } : {}),
    unit: metric.unit,
    source: city.systems[metric.system]?.name ?? null,
  };
}

function eventsNow({ hub }: Parts, topic: string, places: SeenTopic["places"]): TopicNow {
  const offset = hub.offset(places ? hub.views.open(topic, places) : topic);
  const state = hub.state(topic);
  if (state?.kind !== "events") return { topic, offset, events: [], counts: [] };
  const isIn = ({ district }: { district: string }): boolean => places?.includes(district) ?? true;
  return {
    topic,
    offset,
    events: asWritten(formsOf([...state.open.values(), ...state.closed.values()].filter(isIn))),
    counts: [...state.counts.values()].filter(isIn),
  };
}

function positionsNow({ hub }: Parts, topic: string): TopicNow {
  const state = hub.state(topic);
  if (state?.kind !== "positions") return { topic, offset: state?.offset ?? 0, positions: [] };
  return { topic, offset: state.offset, positions: asWritten(positionsOf(state)) };
}

/** The things of a layer as it stands now, whatever comes while they are written. */
function positionsOf(state: PositionsState): Generator<PositionNow> {
  const [lon, lat, heading, speed, at] = [state.lon, state.lat, state.heading, state.speed, state.at].map((column) =>
    column.slice(),
  );
  return positionsIn(state.ids.slice(), { lon, lat, heading, speed, at } as Columns);
}

type Columns = Record<"lon" | "lat" | "heading" | "speed" | "at", ArrayLike<number>>;

function* positionsIn(ids: readonly string[], { lon, lat, heading, speed, at }: Columns): Generator<PositionNow> {
  for (const [slot, id] of ids.entries()) {
    if (!id) continue;
    yield {
      id,
      lon: lon[slot] as number,
      lat: lat[slot] as number,
      heading: heading[slot] as number,
      speed: speed[slot] as number,
      at: iso(at[slot] as number),
    };
  }
}

function* formsOf(events: readonly CityEvent[]): Generator<ReturnType<typeof eventForm>> {
  for (const event of events) yield eventForm(event);
}

function topicNow(parts: Parts, topic: string, who: Principal): TopicNow {
  const { name, city, places } = topicFor(who, parts.catalogue, topic, "topic");
  if (name.kind === "events") return eventsNow(parts, topic, places);
  const now = name.kind === "reading" ? readingNow(parts, topic, name, city) : positionsNow(parts, topic);
  if (!now) throw unknownTopic("topic", topic);
  return now;
}

/** An answer tells each topic once: all events of a city some hundred times would be more than anybody asks for. */
function onceEach(topics: string[]): string[] {
  const twice = topics.find((topic, i) => topics.indexOf(topic) !== i);
  if (twice !== undefined) throw badParameter("topic", `"${twice}" is named twice`);
  return topics;
}

/** How topics stand now. */
export function snapshotApi(parts: Parts): Handlers<"snapshot"> {
  return {
    snapshot: ({ query }, { who }) => ({
      status: 200,
      body: {
        now: iso(parts.now()),
        epoch: parts.hub.epoch,
        topics: onceEach(query.topic).map((topic) => topicNow(parts, topic, who)),
      },
    }),
  };
}
