import type { Catalogue } from "../cities/catalogue";
import { districtCodes, metricOf, parentOf, type CityFacts, type Metric } from "../contract/city";
import type { CityEvent } from "../contract/events";
import { may, type Permission, type Principal, type Resource } from "../contract/rights";
import { eventsTopic, parseTopic, type Topic } from "../contract/topics";
import { hiding, HttpError, refusal } from "./http";
import { noRight } from "./principals";
import { findTopic, knownCity, knownDistrict, unknownCity, unknownTopic } from "./topic-check";

/** A place and those that it lies in, the nearest first; empty for the whole of a city. */
function withinOf(city: CityFacts, district: string): string[] {
  if (district === "all") return [];
  const parent = parentOf(city, district);
  return parent ? [district, parent.adcode] : [district];
}

/** What a place of a city is to rights, such as one that a note is written to. */
export function placeResource(city: CityFacts, district: string): Resource {
  return { city: city.id, within: withinOf(city, district) };
}

/** Topics that somebody may look at one by one, as screens of his show them; none for who has places. */
export function topicsShown(who: Principal, city: string): string[] {
  if (who.kind !== "display" && who.kind !== "anonymous") return [];
  return who.grants.flatMap((grant) => (grant.city === city ? [...grant.topics] : []));
}

/** What a topic stands for. Things on a map are told whole: a layer belongs to the whole of its city. */
function topicResource(topic: string, name: Topic, city: CityFacts): Resource {
  return { city: city.id, topic, within: name.kind === "reading" ? withinOf(city, name.district) : [] };
}

/**
 * Places whose events somebody may look at: null where he may look at all of them, those of no known place as well. An event
 * belongs to its place and those that it lies in.
 */
export function eventPlaces(who: Principal, city: CityFacts): readonly string[] | null {
  const topic = eventsTopic(city.id);
  if (may(who, "look", { city: city.id, topic, within: [] })) return null;
  return districtCodes(city)
    .filter((place) => may(who, "look", { city: city.id, topic, within: withinOf(city, place) }))
    .sort();
}

/**
 * The same for who asks for the events of one place, or of `all` that he may look at.
 * @throws HttpError 401, 403 where he may look at none of them
 */
export function eventPlacesFor(who: Principal, city: CityFacts, district: string): readonly string[] | null {
  const places = eventPlaces(who, city);
  if (places === null || places.includes(district) || (district === "all" && places.length > 0)) return places;
  if (who.kind === "anonymous") throw noRight(who);
  throw refusal(403, "no-right", "district", `there is no right to events of "${district}"`);
}

/** Whether somebody may look at an event. */
export function seesEvent(who: Principal, city: CityFacts, { district }: Pick<CityEvent, "district">): boolean {
  return eventPlaces(who, city)?.includes(district) ?? true;
}

/** A topic that somebody may look at. */
export interface SeenTopic {
  name: Topic;
  city: CityFacts;
  /** of events: the places whose events are told; null: all of it */
  places: readonly string[] | null;
}

/**
 * What somebody may look at of a topic. `unknown` stands as well for what belongs to a city that he may not know of: that and one
 * that is not there must not be told apart.
 */
export function seenTopic(
  who: Principal,
  catalogue: Catalogue,
  topic: string,
  permission: Permission = "look",
): SeenTopic | "unknown" | "no-right" {
  const found = findTopic(catalogue, topic);
  if (!found || !may(who, "look", { city: found.city.id })) return "unknown";
  const { name, city } = found;
  if (who.kind === "local" || may(who, permission, topicResource(topic, name, city)))
    return { name, city, places: null };
  if (name.kind !== "events" || permission !== "look") return "no-right";
  const places = eventPlaces(who, city) ?? [];
  return places.length === 0 ? "no-right" : { name, city, places };
}

/** Whether it is for want of a right that somebody is not told of a topic, whatever he is told of why. */
export function isWithheld(who: Principal, catalogue: Catalogue, topic: string): boolean {
  const seen = seenTopic(who, catalogue, topic);
  if (seen !== "unknown") return seen === "no-right";
  const name = parseTopic(topic);
  return name !== null && !may(who, "look", { city: name.city });
}

/**
 * A topic that somebody may look at, or do something else with. @param field as the request names it
 * @throws HttpError 404 that names the field, 401 or 403 where there is no right
 */
export function topicFor(
  who: Principal,
  catalogue: Catalogue,
  topic: string,
  field: string,
  permission: Permission = "look",
): SeenTopic {
  const seen = seenTopic(who, catalogue, topic, permission);
  if (typeof seen === "object") return seen;
  // Who is nobody is not even told that there is no such topic.
  if (who.kind === "anonymous") throw noRight(who);
  if (seen === "unknown") {
    const unknown = unknownTopic(field, topic);
    throw isWithheld(who, catalogue, topic) ? hiding(unknown) : unknown;
  }
  throw refusal(403, "no-right", field, `there is no right to "${topic}"`);
}

/**
 * Those of some topics that somebody may not look at. They are left out of an answer: a screen of which he may look at some has a past all
 * the same.
 * @param field as the request names the topic at a place of its list
 * @throws HttpError as `topicFor` does: where he may look at none, and where one is not known
 */
export function withheldOf(
  who: Principal,
  catalogue: Catalogue,
  topics: readonly string[],
  field: (index: number) => string,
): ReadonlySet<string> {
  const withheld = new Set(topics.filter((topic) => seenTopic(who, catalogue, topic) === "no-right"));
  const isNone = topics.every((topic) => withheld.has(topic));
  topics.forEach((topic, i) => {
    if (isNone || !withheld.has(topic)) topicFor(who, catalogue, topic, field(i));
  });
  return withheld;
}

/** The metric of a topic of readings that somebody may look at. @throws HttpError as `topicFor` does */
export function metricFor(
  who: Principal,
  catalogue: Catalogue,
  topic: string,
  field: string,
  permission: Permission = "look",
): { city: CityFacts; metric: Metric } {
  const { name, city } = topicFor(who, catalogue, topic, field, permission);
  const metric = name.kind === "reading" ? metricOf(city, name.metric) : undefined;
  if (!metric) throw unknownTopic(field, topic, "a topic of readings");
  return { city, metric };
}

/** A city of which somebody may know. @throws HttpError 404, 401: the same whether it is there or not */
export function cityFor(who: Principal, catalogue: Catalogue, id: string): CityFacts {
  if (may(who, "look", { city: id })) return knownCity(catalogue, id);
  if (who.kind === "anonymous") throw noRight(who);
  throw hiding(unknownCity(id));
}

/** A place of a city, or `all`, with which somebody may do something. @throws HttpError 400, 401, 403 */
export function districtFor(who: Principal, permission: Permission, city: CityFacts, district: string): string {
  const known = knownDistrict(city, district);
  if (may(who, permission, placeResource(city, known))) return known;
  if (who.kind === "anonymous") throw noRight(who);
  throw refusal(403, "no-right", "district", `there is no right to "${district}"`);
}

/** Whether it is there is for the caller to say. @throws HttpError 404, 401 where somebody may not look at such a screen */
export function mustSeeScreen(who: Principal, city: string, screen: string): void {
  if (may(who, "look", { city, screen })) return;
  if (who.kind === "anonymous") throw noRight(who);
  throw hiding(may(who, "look", { city }) ? unknownScreen(city, screen) : unknownCity(city));
}

/** What is said of a screen that is not there, or that somebody may not look at. */
export function unknownScreen(city: string, screen: string): HttpError {
  return new HttpError(404, "unknown-screen", `screen: ${city} has no "${screen}"`);
}
