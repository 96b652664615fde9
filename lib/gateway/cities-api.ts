import type { Catalogue } from "../cities/catalogue";
import type { LoadedCity } from "../cities/load";
import type { CityFiles } from "../contract/api/cities";
import type { CityFacts } from "../contract/city";
import { may, type Principal } from "../contract/rights";
import { PLACE_CODE } from "../contract/topics";
import type { ControlAsk } from "../control/remote";
import type { BaseMaps } from "./base-maps";
import { HttpError } from "./http";
import { rarely, type RareReply } from "./cacheable";
import type { Handlers } from "./router";
import { mustSeeScreen, unknownScreen } from "./sight";
import type { StoredReply } from "./stored-file";
import { knownCity } from "./topic-check";

function screensOf(catalogue: Catalogue, city: string, who: Principal) {
  return [...catalogue.screens(city)]
    .filter(([screen]) => may(who, "look", { city, screen }))
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

/** The cities that somebody may know of, with the screens of theirs that he may look at. */
function listFor(who: Principal, catalogue: Catalogue) {
  const isSeen = (city: string): boolean => may(who, "look", { city });
  return {
    cities: catalogue
      .cities()
      .filter(({ id }) => isSeen(id))
      .map(({ id, name, center, zones }) => ({
        id,
        name,
        center,
        ...(zones === undefined ? {} : { zones }),
        screens: screensOf(catalogue, id, who),
      })),
    broken: [...catalogue.broken].filter(([city]) => isSeen(city)).map(([city, error]) => ({ city, error })),
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
  | "cityFiles"
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

interface CityParts {
  catalogue: Catalogue;
  maps: BaseMaps;
  /** null: nothing is known of who wrote what */
  control: ControlAsk | null;
}

/** Files of one place as they were last seen. */
async function filesOf(control: ControlAsk | null, city: string): Promise<CityFiles> {
  const files = (await control?.call("configurationFiles", {})) ?? [];
  return { files: files.filter(({ file }) => file.startsWith(`${city}/`)) };
}

/** What is configured: cities, their screens and outlines, what they can be compared by; and their base maps. */
export function cityApi({ catalogue, maps, control }: CityParts): Handlers<Names> {
  const subdivisions = ({ city, adcode }: { city: string; adcode: string }): RareReply =>
    mapReply(subdivisionsOf(catalogue.city(city), adcode), `subdivisions of ${adcode} in ${city}`);
  return {
    indicators: () => rarely({ indicators: catalogue.indicators, error: catalogue.indicatorsError }),
    cities: (_input, { who }) => rarely(listFor(who, catalogue)),
    city: ({ params }) => rarely(factsOf(catalogue, maps, params.city)),
    screen: ({ params: { city, screen } }, { who }) => {
      mustSeeScreen(who, city, screen);
      const message = catalogue.message(city, screen);
      if (!message) throw unknownScreen(city, screen);
      return rarely(message);
    },
    cityFiles: async ({ params: { city } }) => ({
      status: 200,
      body: await filesOf(control, knownCity(catalogue, city).id),
    }),
    districtOutlines: ({ params: { city } }) => mapReply(catalogue.city(city)?.districts, `${city}/districts`),
    roads: ({ params: { city } }) => mapReply(catalogue.city(city)?.roads, `${city}/roads`),
    surroundings: ({ params: { city } }) => mapReply(catalogue.city(city)?.surroundings, `${city}/surroundings`),
    subdivisionOutlines: ({ params }) => subdivisions(params),
    partOutlines: ({ params }) => subdivisions(params),
    baseMap: ({ params: { city, kind } }) => archiveReply(maps, city, kind),
  };
}
