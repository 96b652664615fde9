import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Catalogue } from "../cities/catalogue";
import type { LoadedCity } from "../cities/load";
import { PLACE_CODE } from "../contract/topics";
import { HttpError } from "./http";
import type { FileReply, Handlers } from "./router";
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

/** Outlines as they are in their file, or 304 where the asker has them. @throws HttpError 404 */
function mapReply(text: string | null | undefined, what: string, { headers }: IncomingMessage): FileReply {
  if (!text) throw new HttpError(404, "unknown-map", `${what}.geojson is not there`);
  const etag = `"${createHash("sha1").update(text).digest("base64url")}"`;
  const type = "application/geo+json; charset=utf-8";
  const same = headers["if-none-match"] === etag;
  return {
    status: same ? 304 : 200,
    type,
    bytes: same ? null : text,
    headers: { etag, "cache-control": "no-cache" },
  };
}

function subdivisionsOf(city: LoadedCity | undefined, adcode: string): string | undefined {
  return PLACE_CODE.test(adcode) ? city?.subdivisions.get(adcode) : undefined;
}

type Names =
  "indicators" | "cities" | "city" | "screen" | "districtOutlines" | "roads" | "subdivisionOutlines" | "partOutlines";

/** What is configured: cities, their screens and outlines, what they can be compared by. */
export function cityApi(catalogue: Catalogue): Handlers<Names> {
  const subdivisions = ({ city, adcode }: { city: string; adcode: string }, request: IncomingMessage): FileReply =>
    mapReply(subdivisionsOf(catalogue.city(city), adcode), `subdivisions of ${adcode} in ${city}`, request);
  return {
    indicators: () => ({
      status: 200,
      body: { indicators: catalogue.indicators, error: catalogue.indicatorsError },
    }),
    cities: () => ({ status: 200, body: listOf(catalogue) }),
    city: ({ params }) => ({ status: 200, body: knownCity(catalogue, params.city) }),
    screen: ({ params: { city, screen } }) => {
      const message = catalogue.message(city, screen);
      if (!message) throw new HttpError(404, "unknown-screen", `screen: ${city} has no "${screen}"`);
      return { status: 200, body: message };
    },
    districtOutlines: ({ params: { city } }, { request }) =>
      mapReply(catalogue.city(city)?.districts, `${city}/districts`, request),
    roads: ({ params: { city } }, { request }) => mapReply(catalogue.city(city)?.roads, `${city}/roads`, request),
    subdivisionOutlines: ({ params }, { request }) => subdivisions(params, request),
    partOutlines: ({ params }, { request }) => subdivisions(params, request),
  };
}
