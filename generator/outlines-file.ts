import { readFile } from "node:fs/promises";
import type { Position } from "geojson";
import { PLACE_CODE } from "../lib/contract/topics";
import type { Outline } from "./outlines";
import { ownCodes } from "./place-codes";
import { englishName, shortNames } from "./place-names";

/** Which properties of the features are taken; those that are left out are looked for. */
export interface PropertyNames {
  /** `own` makes codes from the names, where official ones are missing or of no use */
  codes: "file" | "own";
  code?: string | undefined;
  name?: string | undefined;
  nameEn?: string | undefined;
}

/** One district of the file. */
export interface NamedOutline extends Outline {
  zh: string;
  en: string;
  short: { zh: string; en: string };
}

/** What cannot be used, with the field it is in. */
export class CityError extends Error {
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
  }
}

const CODES = ["adcode", "ADCODE", "code", "CODE", "GEOID"];
const NAMES = ["name", "NAME", "name_en", "NAME_EN", "name:en"];
const NAMES_EN = ["name_en", "NAME_EN", "name:en", "NAME", "name"];
const NAMES_ZH = ["name:zh", "name_zh", "NAME_ZH"];
const HAN = /\p{Script=Han}/u;
/** Names that GeoJSON's old `crs` member has for longitude and latitude in WGS-84. */
const WGS84 = /(CRS84|EPSG:(:|\d*:)?4326|EPSG:(:|\d*:)?4490)$/i;

type Properties = Record<string, unknown>;
interface RawFeature {
  properties?: Properties | null;
  geometry?: { type?: unknown; coordinates?: unknown } | null;
}

/** Text of the first of these properties that has any; undefined where none has. */
function textOf(properties: Properties, names: string[]): string | undefined {
  for (const name of names) {
    const value = properties[name];
    if ((typeof value === "string" || typeof value === "number") && String(value).trim() !== "")
      return String(value).trim();
  }
  return undefined;
}

async function readFeatures(file: string): Promise<RawFeature[]> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new CityError("--outlines", `${file} cannot be read`);
  });
  let raw: { type?: unknown; features?: unknown; crs?: { properties?: { name?: unknown } } } | null;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, "")) as typeof raw;
  } catch (error) {
    throw new CityError("--outlines", `is not JSON: ${(error as Error).message}`);
  }
  if (raw?.type !== "FeatureCollection" || !Array.isArray(raw.features) || raw.features.length === 0)
    throw new CityError("--outlines", "must be a FeatureCollection with a feature for each district");
  const system = raw.crs?.properties?.name;
  if (typeof system === "string" && !WGS84.test(system))
    throw new CityError(
      "crs.properties.name",
      `coordinates are in ${system}; bring them to longitude and latitude first, such as by ogr2ogr -t_srs ` +
        "EPSG:4326 out.geojson in.geojson",
    );
  return raw.features as RawFeature[];
}

function isRing(ring: unknown): ring is Position[] {
  return (
    Array.isArray(ring) &&
    ring.every((point) => Array.isArray(point) && typeof point[0] === "number" && typeof point[1] === "number")
  );
}

function polygonsOf({ geometry }: RawFeature, where: string): Position[][][] {
  const { type, coordinates } = geometry ?? {};
  if (type !== "Polygon" && type !== "MultiPolygon")
    throw new CityError(`${where}.geometry.type`, `must be Polygon or MultiPolygon, is ${String(type)}`);
  const polygons: unknown = type === "Polygon" ? [coordinates] : coordinates;
  if (!Array.isArray(polygons)) throw new CityError(`${where}.geometry.coordinates`, "is missing");
  const wrong = polygons.findIndex((polygon) => !(Array.isArray(polygon) && polygon.every(isRing)));
  if (wrong >= 0)
    throw new CityError(`${where}.geometry.coordinates[${wrong}]`, "is not a list of rings of [longitude, latitude]");
  return polygons as Position[][][];
}

function namesOf(
  properties: Properties,
  where: string,
  { name, nameEn }: PropertyNames,
): Pick<NamedOutline, "name" | "zh" | "en" | "short"> {
  const own = textOf(properties, name === undefined ? NAMES : [name]);
  const given = nameEn === undefined ? undefined : textOf(properties, [nameEn]);
  if (own === undefined)
    throw new CityError(
      `${where}.properties.${name ?? "name"}`,
      `is missing; the properties are ${Object.keys(properties).join(", ") || "none"}, choose one by --name-property`,
    );
  if (nameEn !== undefined && given === undefined) throw new CityError(`${where}.properties.${nameEn}`, "is missing");
  const zh = HAN.test(own) ? own : (textOf(properties, NAMES_ZH) ?? own);
  const found = NAMES_EN.map((key) => textOf(properties, [key])).find((text) => text !== undefined && !HAN.test(text));
  const en = given ?? (name === undefined || HAN.test(own) ? found : undefined) ?? englishName(own);
  return { name: own, zh, en, short: shortNames(zh, en) };
}

/** Codes of the file, in capitals. @throws CityError naming the feature */
function fileCode(properties: Properties, where: string, code: string | undefined): string {
  const found = textOf(properties, code === undefined ? CODES : [code])?.toUpperCase();
  if (found === undefined)
    throw new CityError(
      `${where}.properties.${code ?? "adcode"}`,
      `is missing; the properties are ${Object.keys(properties).join(", ") || "none"}: choose one by ` +
        "--code-property, or have codes made by --codes own",
    );
  if (!PLACE_CODE.test(found))
    throw new CityError(
      `${where}.properties.${code ?? "adcode"}`,
      `"${found}" is not a code of 3 to 32 capitals, digits and single dashes; --codes own makes codes from the names`,
    );
  return found;
}

/**
 * Districts of a GeoJSON file: polygons with a code and a name.
 * @throws CityError naming the feature and the property
 */
export async function readOutlines(file: string, properties: PropertyNames): Promise<NamedOutline[]> {
  const features = await readFeatures(file);
  const named = features.map((feature, i) => {
    const where = `features[${i}]`;
    const own = feature?.properties ?? {};
    const adcode = properties.codes === "own" ? "" : fileCode(own, where, properties.code);
    return { adcode, ...namesOf(own, where, properties), polygons: polygonsOf(feature ?? {}, where) };
  });
  if (properties.codes === "file") return named;
  const codes = ownCodes(named.map(({ en }) => en));
  return named.map((outline, i) => ({ ...outline, adcode: codes[i] ?? "" }));
}
