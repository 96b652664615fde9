import { copyFile, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FeatureCollection } from "geojson";
import { citySchema, metricsSchema, type City } from "../lib/contract/city";
import { issuesOf } from "../lib/contract/screens";
import { PLACE_CODE } from "../lib/contract/topics";
import { proposedMetrics } from "./city-proposal";
import { proposedScreens } from "./proposed-screens";
import { checkOutlines, normalised, type PlacedOutline } from "./outlines";
import { CityError, readOutlines, type NamedOutline, type PropertyNames } from "./outlines-file";
import { ownCityCode } from "./place-codes";
import { englishName } from "./place-names";

export interface CityCreateOptions {
  id: string;
  /** code of the whole place; may be left out where codes are made */
  adcode?: string | undefined;
  /** its name, Chinese or as it is written there */
  name: string;
  en?: string | undefined;
  /** GeoJSON file of the districts, each with a code and a name among its properties */
  outlines: string;
  properties: PropertyNames;
  /** what the file's coordinates are in; GCJ-02 is converted, once */
  crs: "wgs84" | "gcj02";
  /** IANA name; Asia/Shanghai where left out and the place lies in China */
  timeZone?: string | undefined;
  /** folder of the cities */
  cities: string;
  /** writes over what is there */
  force: boolean;
}

export interface Created {
  folder: string;
  districts: number;
  screens: string[];
  /** what a person should look at; nothing of it stops the city from running */
  warnings: string[];
}

/** The folder of cities that comes with the product: its schemas and indicators are the ones to copy. */
export const OWN_CITIES = path.resolve(import.meta.dirname, "../cities");
const CHINESE_ZONES = [
  "Asia/Shanghai",
  "Asia/Urumqi",
  "Asia/Chongqing",
  "Asia/Harbin",
  "Asia/Kashgar",
  "Asia/Hong_Kong",
  "Asia/Macau",
  "PRC",
];
/** West, south, east and north of China, roughly: enough to doubt a zone that was left out. */
const CHINA = [73, 3, 136, 54] as const;
/** Hours by which a zone may differ from the sun: Kashgar's differs by three. */
const ZONE_DOUBT = 4;

type Bounds = City["bounds"];

function boundsOf(outlines: PlacedOutline[]): Bounds {
  const all = outlines.flatMap(({ polygons }) => polygons.flatMap(([ring = []]) => ring));
  const edge = (k: 0 | 1, pick: (a: number, b: number) => number, out: number): number =>
    Number((all.reduce((best, position) => pick(best, position[k] ?? best), all[0]?.[k] ?? 0) + out).toFixed(2));
  return [
    [edge(0, Math.min, -0.01), edge(1, Math.min, -0.01)],
    [edge(0, Math.max, 0.01), edge(1, Math.max, 0.01)],
  ];
}

/** The zone asked for, or China's where the place lies there. @throws CityError for one that nobody knows */
function zoneFor(asked: string | undefined, code: string, [[west, south], [east, north]]: Bounds): string {
  const inChina =
    /^\d{6}$/.test(code) && west >= CHINA[0] && south >= CHINA[1] && east <= CHINA[2] && north <= CHINA[3];
  if (asked === undefined && !inChina)
    throw new CityError("--time-zone", "is needed for a place outside China: an IANA name such as America/Los_Angeles");
  const zone = asked ?? "Asia/Shanghai";
  if (!citySchema.shape.timeZone.safeParse(zone).success)
    throw new CityError("--time-zone", `"${zone}" is not an IANA time zone, such as Europe/Berlin`);
  const known = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  return known.toLowerCase() === zone.toLowerCase() ? known : zone;
}

/** Told where clock and sun are so far apart that the zone is likely another city's. */
function zoneWarnings(zone: string, [[west], [east]]: Bounds): string[] {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(
    new Date("2026-01-15T12:00:00Z"),
  );
  const [, sign = "+", hours = "0", minutes = "0"] =
    /GMT([+-])(\d+):(\d+)/.exec(parts.find(({ type }) => type === "timeZoneName")?.value ?? "") ?? [];
  const clock = (sign === "-" ? -1 : 1) * (Number(hours) + Number(minutes) / 60);
  const sun = (west + east) / 30;
  const apart = Math.abs(((clock - sun + 36) % 24) - 12);
  return apart > ZONE_DOUBT
    ? [
        `--time-zone: ${zone} is ${apart.toFixed(0)} h from the sun at ${((west + east) / 2).toFixed(1)}° of ` +
          "longitude; is it this city's?",
      ]
    : [];
}

function cityOf(options: CityCreateOptions, outlines: (NamedOutline & PlacedOutline)[], code: string): City {
  const bounds = boundsOf(outlines);
  const timeZone = zoneFor(options.timeZone, code, bounds);
  const inChina = CHINESE_ZONES.includes(timeZone);
  const en = options.en ?? englishName(options.name);
  return {
    id: options.id,
    name: { zh: options.name, en },
    center: {
      zh: `${options.name}${/\p{Script=Han}$/u.test(options.name) ? "" : " "}城市运营中心`,
      en: `${en} Operations Center`,
    },
    order: 100,
    adcode: code,
    timeZone,
    bounds,
    level: inChina && code.endsWith("0000") ? "province" : "city",
    outlined: true,
    districts: outlines.map(({ adcode, zh, en: english, short, centre }) => ({
      adcode,
      name: { zh, en: english },
      short,
      seat: centre,
    })),
    eras: {},
    systems: proposedMetrics(inChina).systems,
    layers: [],
    events: { heartbeat: "events-open", system: "operations" },
    mapNotice: inChina
      ? { zh: "示意图 · 审图号待批", en: "Schematic · map review pending" }
      : { zh: "示意图 · 边界仅供参考", en: "Schematic · boundaries for orientation only" },
  };
}

/** Code of the whole place. @throws CityError where there is none, or none that can be used */
function cityCode({ adcode, properties, id }: CityCreateOptions): string {
  if (adcode === undefined && properties.codes === "own") return ownCityCode(id);
  const code = adcode?.toUpperCase() ?? "";
  if (!PLACE_CODE.test(code))
    throw new CityError(
      "--adcode",
      adcode === undefined
        ? "is needed, unless codes are made by --codes own"
        : `"${adcode}" is not a code of 3 to 32 capitals, digits and single dashes`,
    );
  return code;
}

/**
 * Puts the schemas that `$schema` refers to, and the catalogue that `indicator` refers to, beside the cities of another
 * folder.
 */
export async function copySchemas(cities: string): Promise<string[]> {
  if (path.resolve(cities) === OWN_CITIES) return [];
  await mkdir(cities, { recursive: true });
  const schemas = (await readdir(OWN_CITIES)).filter((name) => name.endsWith(".schema.json"));
  for (const name of schemas) await copyFile(path.join(OWN_CITIES, name), path.join(cities, name));
  // Indicators are the folder's own once they are there: cities add to them.
  if (await stat(path.join(cities, "indicators.json")).catch(() => null)) return schemas;
  await copyFile(path.join(OWN_CITIES, "indicators.json"), path.join(cities, "indicators.json"));
  return [...schemas, "indicators.json"];
}

/**
 * Makes a city's folder: outlines converted to WGS-84, repaired and checked, city.json, metrics.json and four screens
 * that run at once and are meant to be edited. @throws CityError that names what cannot be used
 */
export async function createCity(options: CityCreateOptions): Promise<Created> {
  if (!/^[a-z][a-z0-9-]{0,59}$/.test(options.id))
    throw new CityError("--id", `"${options.id}" must be lower case letters, digits and dashes`);
  if (options.name.trim() === "") throw new CityError("--name", "is empty");
  const folder = path.join(options.cities, options.id);
  if (!options.force && (await stat(path.join(folder, "city.json")).catch(() => null)))
    throw new CityError("--id", `${folder} is there already; --force writes over it`);
  const code = cityCode(options);
  const { outlines, issues, warnings } = checkOutlines(
    normalised(await readOutlines(options.outlines, options.properties), options.crs),
  );
  const [issue] = issues;
  if (issue)
    throw new CityError(
      issue.field,
      issues.length === 1 ? issue.message : `${issue.message} (and ${issues.length - 1} more)`,
    );
  const city = cityOf(options, outlines, code);
  const metrics = { metrics: proposedMetrics(CHINESE_ZONES.includes(city.timeZone)).metrics };
  for (const [field, parsed] of [
    ["city.json", citySchema.safeParse(city)],
    ["metrics.json", metricsSchema.safeParse(metrics)],
  ] as const) {
    if (!parsed.success)
      throw new CityError(
        field,
        issuesOf(parsed.error)
          .map((f) => `${f.field} ${f.message}`)
          .join("; "),
      );
  }
  const screens = await writeCity(folder, city, metrics, outlines, options.cities);
  return {
    folder,
    districts: outlines.length,
    screens,
    warnings: [...warnings, ...zoneWarnings(city.timeZone, city.bounds)],
  };
}

/** @returns names of the screens */
async function writeCity(
  folder: string,
  city: City,
  metrics: object,
  outlines: PlacedOutline[],
  cities: string,
): Promise<string[]> {
  const screens = proposedScreens(city.systems);
  await copySchemas(cities);
  await mkdir(path.join(folder, "screens"), { recursive: true });
  const write = (name: string, value: object, schema: string): Promise<void> =>
    writeFile(path.join(folder, name), `${JSON.stringify({ $schema: schema, ...value }, null, 2)}\n`);
  const collection: FeatureCollection = {
    type: "FeatureCollection",
    features: outlines.map(({ adcode, name, polygons }) => ({
      type: "Feature",
      properties: { adcode, name },
      geometry: { type: "MultiPolygon", coordinates: polygons },
    })),
  };
  await writeFile(path.join(folder, "districts.geojson"), `${JSON.stringify(collection)}\n`);
  await write("metrics.json", metrics, "../metrics.schema.json");
  for (const [name, screen] of Object.entries(screens))
    await write(`screens/${name}.json`, screen, "../../screen.schema.json");
  // Last, so that a running gateway never sees a city whose other files are still to come.
  await write("city.json", city, "../city.schema.json");
  return Object.keys(screens);
}
