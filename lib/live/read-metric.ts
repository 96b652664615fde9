import type { CityFacts, Metric } from "../contract/city";
import type { CityEvent, EventReport } from "../contract/events";
import type { ClockMessage, StoreMessage } from "../contract/socket-messages";
import { evaluateReading, evaluateSign, type MetricReading, type Sign, type Viewpoint } from "../contract/evaluation";
import type { EventsState, PositionsState, ReadingState, State } from "../contract/reduce";
import { parseTopic, readingTopic } from "../contract/topics";
import type { PastValue, ValuesItem } from "../contract/values";
import { paceOf, type Wanted } from "../contract/widget";
import { metricFacts } from "../contract/widget-settings";

/** Where values of before the moment shown come from. */
export interface ValuesSource {
  /** The reading at or before each moment of each item, in the order asked. Rejects where the past cannot be asked. */
  ask(items: ValuesItem[]): Promise<(PastValue | null)[][]>;
  /** Another number once what was answered holds no longer, as where the past is seen with other knowledge. */
  round(): number;
  /** Seconds that pass in one: 1 live, 0 where time stands still. */
  speed(): number;
}

/** Where an event is looked up that is not among those a page is sent. */
export interface EventSource {
  /** The event as it stands at the moment shown; null where nobody knows it then. Rejects where it cannot be asked. */
  find(city: string, id: string): Promise<CityEvent | null>;
  /** Who reported what of it, in the order it came. Rejects where it cannot be asked, or may not be. */
  reports(city: string, id: string): Promise<EventReport[]>;
  /** Another number once another moment is shown. */
  round(): number;
}

/** Live data as widgets see it. The wall has one that listens to the gateway, the gallery one that makes samples. */
export interface Live {
  /** Gateway time, ms: never the wall's own clock, which may be wrong. */
  now(): number;
  /** Frames the gateway could not send because this display is slow; snapshots followed. */
  readonly skippedFrames: number;
  /**
   * ms by which every freshness limit is wider: 0 live; more where the past is kept more coarsely than it came.
   */
  readonly tolerance: number;
  /** The past is shown: positions are kept for a shorter time than readings, and may not be there. */
  readonly past: boolean;
  /** How the store of the past stands; null until told, or where there is none. */
  readonly store: StoreMessage | null;
  /** When the gateway's clock was set, and by how much; null or left out: not lately. */
  readonly clock?: ClockMessage | null;
  /** What was before; left out where nothing is kept. */
  readonly values?: ValuesSource;
  /** Events beyond those that a page is sent; left out where there are none. */
  readonly eventSource?: EventSource;
  /** The gateway has been heard within the last seconds. */
  connected(): boolean;
  /** Asks for a topic until the returned function is called; `listener` runs after each change. */
  watch(topic: string, span: number, listener: () => void): () => void;
  state(topic: string): State | undefined;
  /** There is no right to a topic: nothing is known of it, and it is neither missing nor dead. Left out: to all of them. */
  isWithheld?(topic: string): boolean;
  /** `listener` runs when the connection comes or goes, and about every half second, since ages grow. */
  onBeat(listener: () => void): () => void;
}

/** Whether anything has come of one of some topics: one that is only asked for has a state as well, of no epoch of the gateway's. */
export function hasCome(live: Pick<Live, "state">, topics: Wanted[]): boolean {
  return topics.some(({ topic }) => (live.state(topic)?.epoch ?? 0) !== 0);
}

/** Whether there is no right to a topic, which is told instead of a value and of how fresh it is. */
export function isWithheld(live: Pick<Live, "isWithheld">, topic: string): boolean {
  return live.isWithheld?.(topic) ?? false;
}

/**
 * Whether it cannot be known how fresh a topic is: events are as alive as their feed, and who may look at those of some places alone has no
 * right to its heartbeat. A quiet place is then no dead feed, and a dead feed no quiet place.
 */
export function isPulseWithheld(live: Pick<Live, "isWithheld">, city: CityFacts, topic: string): boolean {
  if (parseTopic(topic)?.kind !== "events" || !city.events) return false;
  return isWithheld(live, readingTopic(city.id, "all", city.events.heartbeat));
}

function viewpoint(live: Live): Viewpoint {
  return { now: live.now(), tolerance: live.tolerance, connected: live.connected() };
}

/** By how much (ms) limits are wider here than a source promises: to be told beside what was judged by them, not to judge by. */
export function limitsWiderBy(live: Pick<Live, "tolerance">): number {
  return live.tolerance;
}

/** Whose reading a topic is. Kept, because taking a topic's name apart for every figure of every frame is dear. */
const named = new WeakMap<CityFacts, Map<string, { metric: Metric; district: string }>>();

function nameOf(city: CityFacts, topic: string): { metric: Metric; district: string } {
  let known = named.get(city);
  if (!known) named.set(city, (known = new Map()));
  let name = known.get(topic);
  if (!name) {
    const parsed = parseTopic(topic);
    name =
      parsed?.kind === "reading"
        ? { metric: metricFacts(city, parsed.metric), district: parsed.district }
        : { metric: metricFacts(city, topic), district: "all" };
    known.set(topic, name);
  }
  return name;
}

/** A reading's evaluation with whose it is; an unknown metric is judged as one that comes every minute. */
export interface CityReading extends MetricReading {
  metric: Metric;
  district: string;
  /** there is no right to it: it has no value, and nothing is to be said of it but that */
  withheld: boolean;
}

/**
 * The one evaluation of a metric's reading: value, time, quality, freshness, suppression, and the moment at which all
 * of it holds. Whoever shows, colours, adds up or compares a reading asks this and nothing else.
 */
export function readMetric(live: Live, city: CityFacts, topic: string): CityReading {
  const { metric, district } = nameOf(city, topic);
  return {
    ...evaluateReading(readingOf(live, topic)?.last ?? null, metric, district, viewpoint(live)),
    metric,
    district,
    withheld: isWithheld(live, topic),
  };
}

/** The reading state of a topic, or undefined. */
export function readingOf(live: Live, topic: string): ReadingState | undefined {
  const state = live.state(topic);
  return state?.kind === "reading" ? state : undefined;
}

/** The events of a topic, or undefined. */
export function eventsOf(live: Live, topic: string): EventsState | undefined {
  const state = live.state(topic);
  return state?.kind === "events" ? state : undefined;
}

/** The positions of a topic, or undefined. */
export function positionsOf(live: Live, topic: string): PositionsState | undefined {
  const state = live.state(topic);
  return state?.kind === "positions" ? state : undefined;
}

/** When a topic was last observed, ms; null when nothing came yet. */
export function observedAt(state: State | undefined): number | null {
  if (!state) return null;
  if (state.kind === "reading") return state.last?.at ?? null;
  let newest = 0;
  if (state.kind === "events") {
    for (const event of state.open.values()) newest = Math.max(newest, event.updated);
    for (const event of state.closed.values()) newest = Math.max(newest, event.updated);
  } else {
    for (let slot = 0; slot < state.size; slot++) newest = Math.max(newest, state.at[slot] as number);
  }
  return newest || null;
}

/** A topic's last sign of life, of whatever kind it is: for events, their feed's heartbeat counts as well. */
export function readSign(live: Live, city: CityFacts, topic: string): Sign {
  const own = observedAt(live.state(topic));
  const heartbeat =
    parseTopic(topic)?.kind === "events" && city.events
      ? observedAt(live.state(readingTopic(city.id, "all", city.events.heartbeat)))
      : null;
  const at = own === null && heartbeat === null ? null : Math.max(own ?? 0, heartbeat ?? 0);
  return evaluateSign(at, paceOf(city, topic), viewpoint(live));
}

/**
 * The moment (ms) from which on things of a layer must have been seen to be shown: as long as the layer itself is not
 * stale.
 */
export function aliveSince(live: Live, city: CityFacts, topic: string): number {
  return live.now() - live.tolerance - paceOf(city, topic).limit * 1000;
}

/** Whether a past moment has nothing of a topic because it is not kept that long, which is no fault of its feed. */
export function notRetained(live: Live, topic: string): boolean {
  return live.past && parseTopic(topic)?.kind === "positions" && observedAt(live.state(topic)) === null;
}
