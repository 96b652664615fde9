import type { Catalogue } from "../cities/catalogue";
import { districtOf, metricOf, type CityFacts } from "../contract/city";
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

/** The refusal of a topic that is not there. */
export const unknownTopic = (field: string, topic: string, what = "known"): HttpError =>
  refusal(404, "unknown-topic", field, `"${topic}" is not ${what}`);

/** The refusal of a city that is not there. */
export const unknownCity = (id: string): HttpError => refusal(404, "unknown-city", "city", `"${id}" is not configured`);

/** A city's facts. @throws HttpError 404 */
export function knownCity(catalogue: Catalogue, id: string): CityFacts {
  const facts = catalogue.city(id)?.facts;
  if (!facts) throw unknownCity(id);
  return facts;
}

/** `all`, or a place of the city. @throws HttpError 400 */
export function knownDistrict(city: CityFacts, district: string): string {
  if (district !== "all" && !districtOf(city, district))
    throw badParameter("district", `"${district}" is neither \`all\` nor a district of ${city.id}`);
  return district;
}
