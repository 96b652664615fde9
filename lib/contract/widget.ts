import type { z } from "zod";
import { metricOf, type CityFacts, type Text } from "./city";
import type { Pace } from "./freshness";
import { eventsTopic, parseTopic, readingTopic } from "./topics";

/** A topic a widget shows and how many seconds of its past it needs (0 = the last value alone). */
export interface Wanted {
  topic: string;
  span: number;
}

/** What the wall, the gateway's checks, the editor and the gallery know of a widget without loading its view. */
export interface WidgetDefinition<S = unknown> {
  type: string;
  name: Text;
  schema: z.ZodType<S>;
  topics(settings: S, city: CityFacts): Wanted[];
  /** the tile's title when the screen gives none; null for a widget without a title bar */
  title(settings: S, city: CityFacts): Text | null;
  sample: S;
  /** grid cells the sample takes in the gallery, of 24 x 12 */
  size: { w: number; h: number };
}

/** The part of a backdrop that no other tile covers: how far its edges are from the backdrop's own, as parts of its width and height. */
export interface SafeArea {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What every widget's view is given. */
export interface WidgetProps<S = unknown> {
  settings: S;
  city: CityFacts;
  /** where it has to show what matters, on a backdrop; all of it when left out */
  safe?: SafeArea | undefined;
}

/** The metric whose readings tell that a topic's feed is alive; for readings that is the metric itself. */
function pulseOf(city: CityFacts, topic: string): string | undefined {
  const name = parseTopic(topic);
  if (name?.kind === "events") return city.events?.heartbeat;
  return name?.kind === "reading" ? name.metric : undefined;
}

/** What a topic promises; topics of unknown things promise nothing for a minute. */
export function paceOf(city: CityFacts, topic: string): Pace {
  const name = parseTopic(topic);
  const pace =
    name?.kind === "positions"
      ? city.layers.find((layer) => layer.id === name.layer)
      : metricOf(city, pulseOf(city, topic) ?? "");
  return pace ?? { interval: 60, limit: 60 };
}

/** What to watch in order to show a city's events and know whether their feed is alive. */
export function eventsWanted(city: CityFacts): Wanted[] {
  const heartbeat = city.events ? [{ topic: readingTopic(city.id, "all", city.events.heartbeat), span: 0 }] : [];
  return [{ topic: eventsTopic(city.id), span: 0 }, ...heartbeat];
}

/** The system a topic comes from: a key of the city's systems. */
export function systemOf(city: CityFacts, topic: string): string | undefined {
  const name = parseTopic(topic);
  if (name?.kind === "reading") return metricOf(city, name.metric)?.system;
  if (name?.kind === "positions") return city.layers.find((layer) => layer.id === name.layer)?.system;
  return city.events?.system;
}
