import { z } from "zod";
import { BASE_MAP_KINDS, baseMapSchema } from "../base-map";
import { citySchema, metricSchema, textSchema } from "../city";
import { indicatorSchema } from "../indicators";
import { screenSchema } from "../screens";
import { PLACE_CODE } from "../topics";
import { answers, msOut } from "./parts";
import { route } from "./route";
import { screenMessage } from "./socket";
import { ownThemes } from "./themes";

const text = z.object(textSchema.shape);

export const cityFacts = citySchema
  .extend({
    metrics: z.array(metricSchema.register(answers, { id: "Metric" })),
    ownThemes: ownThemes.optional().describe("of theme.json"),
    baseMaps: z
      .array(baseMapSchema.register(answers, { id: "BaseMap" }))
      .optional()
      .describe("archives that can be drawn under its map; left out where the site has none"),
  })
  .register(answers, { id: "CityFacts" });

export const cityList = z
  .object({
    cities: z.array(
      z.object({
        id: z.string(),
        name: text,
        center: text,
        zones: citySchema.shape.zones,
        screens: z.array(
          z.object({
            id: z.string(),
            title: text,
            zone: z.string().optional(),
            order: z.int(),
            layout: screenSchema.nullable(),
            error: z.string().nullable().describe("why a newer file was refused"),
          }),
        ),
      }),
    ),
    broken: z.array(z.object({ city: z.string(), error: z.string() })).describe("city folders that could not be used"),
  })
  .register(answers, { id: "CityList" });
export type CityList = z.infer<typeof cityList>;

export const indicatorList = z
  .object({
    indicators: z.array(indicatorSchema.register(answers, { id: "Indicator" })),
    error: z.string().nullable().describe("why a newer file was refused"),
  })
  .register(answers, { id: "IndicatorList" });
export type IndicatorList = z.infer<typeof indicatorList>;

/** Files of a place, or of all of them, as they were last seen. */
export const cityFiles = z
  .object({
    files: z.array(
      z.object({
        file: z.string().describe("path in the folder of cities"),
        hash: z.string().describe("SHA-256, hexadecimal"),
        modified: msOut.describe("when it was last written, ms since 1970, as the disk has it"),
        who: z.string().describe("whose it is on the disk: `owner` and the user's name, or uid"),
        why: z.string().nullable().describe("why it is not in force, what was read before it staying; null: it is"),
      }),
    ),
  })
  .register(answers, { id: "CityFiles" });
export type CityFiles = z.infer<typeof cityFiles>;

const geojson = z
  .object({ type: z.literal("FeatureCollection"), features: z.array(z.looseObject({})) })
  .loose()
  .register(answers, { id: "FeatureCollection" });

const city = z.object({ city: z.string() });
const map = { type: "application/geo+json", body: geojson } as const;
const mapAnswers = {
  200: { description: "GeoJSON, WGS-84", ...map },
  304: { description: "Unchanged since `ETag`, sent as If-None-Match" },
} as const;

function mapRoute<const P extends string, const Q extends z.ZodObject>(
  path: P,
  summary: string,
  params: Q,
  deprecated = false,
) {
  return route({
    method: "get",
    path,
    rule: { may: "look", of: "city" },
    tag: "cities",
    summary,
    ...(deprecated ? { deprecated } : {}),
    params,
    answers: mapAnswers,
    problems: { 404: "" },
  });
}

const archive = { type: "application/vnd.pmtiles", body: z.string().meta({ format: "binary" }) } as const;
const subdivisions = city.extend({ adcode: z.string().regex(PLACE_CODE).describe("the district's code") });

export const cityRoutes = {
  indicators: route({
    method: "get",
    path: "/api/v1/indicators",
    rule: { may: "look", of: "asked" },
    tag: "cities",
    summary:
      "What places can be compared by: the common definition of each figure; a metric names its indicator in a " +
      "city's metrics",
    answers: { 200: { description: "OK", body: indicatorList } },
    problems: {},
  }),
  cities: route({
    method: "get",
    path: "/api/v1/cities",
    rule: { may: "look", of: "asked" },
    tag: "cities",
    summary: "Cities and their screens",
    answers: { 200: { description: "OK", body: cityList } },
    problems: {},
  }),
  city: route({
    method: "get",
    path: "/api/v1/cities/{city}",
    rule: { may: "look", of: "city" },
    tag: "cities",
    summary: "A city's districts, systems and metrics",
    params: city,
    answers: { 200: { description: "OK", body: cityFacts } },
    problems: { 404: "" },
  }),
  screen: route({
    method: "get",
    path: "/api/v1/cities/{city}/screens/{screen}",
    rule: { may: "look", of: "asked" },
    tag: "cities",
    summary: "A screen's last good layout, and why a newer file was refused",
    params: city.extend({ screen: z.string() }),
    answers: { 200: { description: "OK", body: screenMessage } },
    problems: { 404: "" },
  }),
  cityFiles: route({
    method: "get",
    path: "/api/v1/cities/{city}/files",
    rule: { may: "edit", of: "city" },
    tag: "cities",
    summary: "A city's files as they were last seen: whose each is, when it was written, and whether it is in force",
    params: city,
    answers: { 200: { description: "OK", body: cityFiles } },
    problems: { 404: "", 503: "The control data cannot be asked" },
  }),
  districtOutlines: mapRoute("/api/v1/cities/{city}/districts.geojson", "District outlines", city),
  roads: mapRoute("/api/v1/cities/{city}/roads.geojson", "Schematic roads", city),
  surroundings: mapRoute(
    "/api/v1/cities/{city}/surroundings.geojson",
    "The land around a place, with its neighbours' borders and names",
    city,
  ),
  subdivisionOutlines: mapRoute(
    "/api/v1/cities/{city}/subdivisions/{adcode}.geojson",
    "Outlines of the subdivisions of a district",
    subdivisions,
  ),
  baseMap: route({
    method: "get",
    path: "/api/v1/cities/{city}/maps/{kind}.pmtiles",
    rule: { may: "look", of: "city" },
    tag: "cities",
    summary: "A base map of the site's own, an archive of PMTiles v3 that is asked for in parts (`Range`)",
    params: city.extend({ kind: z.enum(BASE_MAP_KINDS) }),
    answers: {
      200: { description: "The whole archive", ...archive },
      206: { description: "The part that `Range` asks for, unless `If-Range` names another `ETag`", ...archive },
      304: { description: "Unchanged since `ETag`, sent as If-None-Match" },
    },
    problems: { 404: "", 412: "It is not the archive that `If-Match` names", 416: "The range lies beyond its end" },
  }),
  partOutlines: mapRoute(
    "/api/v1/cities/{city}/parts/{adcode}.geojson",
    "The earlier path of /subdivisions/",
    subdivisions,
    true,
  ),
};
