import type { Catalogue } from "../cities/catalogue";
import { districtOf, metricOf, type CityFacts, type Metric } from "../contract/city";
import { parseTopic, type Topic } from "../contract/topics";
import { badParameter, refusal, type HttpError } from "./http";

/** Whether a topic names what its city has: a metric and a place, or a layer. */
export function hasTopic(city: CityFacts, name: Topic): boolean {
  if (name.kind === "positions") return city.layers.some((layer) => layer.id === name.layer);
  if (name.kind === "events") return true;
  const place = name.district === "all" || districtOf(city, name.district) !== undefined;
  return place && metricOf(city, name.metric) !== undefined;
}

/** A topic's parts and its city; null where there is no such topic. */
export function findTopic(catalogue: Catalogue, topic: string): { name: Topic; city: CityFacts } | null {
  const name = parseTopic(topic);
  const city = name && catalogue.city(name.city)?.facts;
  return name && city && hasTopic(city, name) ? { name, city } : null;
}

const unknownTopic = (field: string, topic: string, what = "known"): HttpError =>
  refusal(404, "unknown-topic", field, `"${topic}" is not ${what}`);

/** A topic's parts and its city. @throws HttpError 404 that names the field */
export function knownTopic(catalogue: Catalogue, topic: string, field: string): { name: Topic; city: CityFacts } {
  const found = findTopic(catalogue, topic);
  if (!found) throw unknownTopic(field, topic);
  return found;
}

/** The city and metric of a topic of readings. @throws HttpError 404 that names the field */
export function readingMetric(catalogue: Catalogue, topic: string, field: string): { city: CityFacts; metric: Metric } {
  const { name, city } = knownTopic(catalogue, topic, field);
  const metric = name.kind === "reading" ? metricOf(city, name.metric) : undefined;
  if (!metric) throw unknownTopic(field, topic, "a topic of readings");
  return { city, metric };
}

/** A city's facts. @throws HttpError 404 */
export function knownCity(catalogue: Catalogue, id: string): CityFacts {
  const facts = catalogue.city(id)?.facts;
  if (!facts) throw refusal(404, "unknown-city", "city", `"${id}" is not configured`);
  return facts;
}

/** `all`, or a place of the city. @throws HttpError 400 */
export function knownDistrict(city: CityFacts, district: string): string {
  if (district !== "all" && !districtOf(city, district))
    throw badParameter("district", `"${district}" is neither \`all\` nor a district of ${city.id}`);
  return district;
}
