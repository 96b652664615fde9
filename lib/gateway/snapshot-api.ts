import type { TopicNow } from "../contract/api/snapshot";
import { metricOf, type CityFacts } from "../contract/city";
import { evaluateReading } from "../contract/evaluation";
import type { CityEvent } from "../contract/events";
import { isComputed } from "../contract/totals";
import type { Topic } from "../contract/topics";
import type { ApiParts } from "./api";
import { badParameter, refusal } from "./http";
import type { Handlers } from "./router";
import { findTopic } from "./topic-check";

type Parts = Pick<ApiParts, "hub" | "catalogue" | "totals" | "now">;

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

function eventsNow({ hub }: Parts, topic: string): TopicNow {
  const state = hub.state(topic);
  if (state?.kind !== "events") return { topic, offset: state?.offset ?? 0, events: [], counts: [] };
  return {
    topic,
    offset: state.offset,
    events: [...state.open.values(), ...state.closed.values()].map(eventForm),
    counts: [...state.counts.values()],
  };
}

function positionsNow({ hub }: Parts, topic: string): TopicNow {
  const state = hub.state(topic);
  if (state?.kind !== "positions") return { topic, offset: state?.offset ?? 0, positions: [] };
  const positions = state.ids.flatMap((id, slot) =>
    id
      ? [
          {
            id,
            lon: state.lon[slot] as number,
            lat: state.lat[slot] as number,
            heading: state.heading[slot] as number,
            speed: state.speed[slot] as number,
            at: iso(state.at[slot] ?? 0),
          },
        ]
      : [],
  );
  return { topic, offset: state.offset, positions };
}

function topicNow(parts: Parts, topic: string): TopicNow {
  const found = findTopic(parts.catalogue, topic);
  const now =
    found?.name.kind === "reading"
      ? readingNow(parts, topic, found.name, found.city)
      : found && (found.name.kind === "events" ? eventsNow(parts, topic) : positionsNow(parts, topic));
  if (!now) throw refusal(404, "unknown-topic", "topic", `"${topic}" is not known`);
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
    snapshot: ({ query }) => ({
      status: 200,
      body: {
        now: iso(parts.now()),
        epoch: parts.hub.epoch,
        topics: onceEach(query.topic).map((topic) => topicNow(parts, topic)),
      },
    }),
  };
}
