import type { Catalogue } from "../cities/catalogue";
import type { LoadedCity } from "../cities/load";
import type { CityFacts } from "../contract/city";
import { PLACE_CODE } from "../contract/topics";
import type { BaseMaps } from "./base-maps";
import { HttpError } from "./http";
import { rarely, type RareReply } from "./cacheable";
import type { Handlers } from "./router";
import type { StoredReply } from "./stored-file";
import { knownCity } from "./topic-check";

function screensOf(catalogue: Catalogue, city: string) {
  return [...catalogue.screens(city)]
    .flatMap(([id, { layout, error }]) =>
      layout
        ? [
            {
              id,
              title: layout.title,
              ...(layout.zone === undefined ? {} : { zone: layout.zone }),
              order: layout.order,
              layout,
              error,
            },
          ]
        : [],
    )
    .sort((a, b) => a.order - b.order);
}

function listOf(catalogue: Catalogue) {
  return {
    cities: catalogue.cities().map(({ id, name, center, zones }) => ({
      id,
      name,
      center,
      ...(zones === undefined ? {} : { zones }),
      screens: screensOf(catalogue, id),
    })),
    broken: [...catalogue.broken].map(([city, error]) => ({ city, error })),
  };
}

/** Outlines as they are in their file. @throws HttpError 404 */
function mapReply(text: string | null | undefined, what: string): RareReply {
  if (!text) throw new HttpError(404, "unknown-map", `${what}.geojson is not there`);
  return { status: 200, rare: text, type: "application/geo+json; charset=utf-8" };
}

function subdivisionsOf(city: LoadedCity | undefined, adcode: string): string | undefined {
  return PLACE_CODE.test(adcode) ? city?.subdivisions.get(adcode) : undefined;
}

type Names =
  | "indicators"
  | "cities"
  | "city"
  | "screen"
  | "districtOutlines"
  | "roads"
  | "surroundings"
  | "subdivisionOutlines"
  | "partOutlines"
  | "baseMap";

/** A place's archive, from disk. @throws HttpError 404 */
function archiveReply(maps: BaseMaps, city: string, kind: string): StoredReply {
  const found = maps.find(city, kind);
  if (!found) throw new HttpError(404, "unknown-map", `${city} has no ${kind} map`);
  return { stored: found.file, type: "application/vnd.pmtiles", etag: `"${found.map.version}"` };
}

/** What is told of a place; of its base maps nothing where it has none. */
function factsOf(catalogue: Catalogue, maps: BaseMaps, city: string): CityFacts {
  const baseMaps = maps.of(city);
  return { ...knownCity(catalogue, city), ...(baseMaps.length === 0 ? {} : { baseMaps }) };
}

/** What is configured: cities, their screens and outlines, what they can be compared by; and their base maps. */
export function cityApi(catalogue: Catalogue, maps: BaseMaps): Handlers<Names> {
  const subdivisions = ({ city, adcode }: { city: string; adcode: string }): RareReply =>
    mapReply(subdivisionsOf(catalogue.city(city), adcode), `subdivisions of ${adcode} in ${city}`);
  return {
    indicators: () => rarely({ indicators: catalogue.indicators, error: catalogue.indicatorsError }),
    cities: () => rarely(listOf(catalogue)),
    city: ({ params }) => rarely(factsOf(catalogue, maps, params.city)),
    screen: ({ params: { city, screen } }) => {
      const message = catalogue.message(city, screen);
      if (!message) throw new HttpError(404, "unknown-screen", `screen: ${city} has no "${screen}"`);
      return rarely(message);
    },
    districtOutlines: ({ params: { city } }) => mapReply(catalogue.city(city)?.districts, `${city}/districts`),
    roads: ({ params: { city } }) => mapReply(catalogue.city(city)?.roads, `${city}/roads`),
    surroundings: ({ params: { city } }) => mapReply(catalogue.city(city)?.surroundings, `${city}/surroundings`),
    subdivisionOutlines: ({ params }) => subdivisions(params),
    partOutlines: ({ params }) => subdivisions(params),
    baseMap: ({ params: { city, kind } }) => archiveReply(maps, city, kind),
  };
}
