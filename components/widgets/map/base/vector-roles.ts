import type { ExpressionSpecification } from "maplibre-gl";
import type { VectorSchema } from "@/lib/contract/base-map";

/** What of a vector archive is drawn, whatever its layers are called. Roads go from the widest to the narrowest. */
export type Role =
  | "park"
  | "water"
  | "waterway"
  | "building"
  | "boundary"
  | "minor"
  | "local"
  | "main"
  | "major"
  | "city"
  | "village"
  | "quarter"
  | "road-name"
  | "street-name"
  | "water-name";

/** The layer of an archive that a role is in, and which of its features. */
export interface RoleSource {
  layer: string;
  filter: ExpressionSpecification;
}

type Test = ExpressionSpecification;

const all = (...tests: Test[]): Test => ["all", ...tests];
const not = (test: Test): Test => ["!", test];
const oneOf = (value: Test, words: string[]): Test => ["in", value, ["literal", words]];
const areas: Test = ["==", ["geometry-type"], "Polygon"];
const lines: Test = ["==", ["geometry-type"], "LineString"];

const kind: Test = ["coalesce", ["get", "class"], ""];
/** The order of administration, 2 states and 8 towns; what is in dispute, and what lies in the sea, is nowhere drawn. */
const level: Test = ["to-number", ["coalesce", ["get", "admin_level"], ["get", "kind_detail"], 99]];
const settled: Test = all(
  ["<=", level, 8],
  not(["to-boolean", ["coalesce", ["get", "disputed"], false]]),
  not(["to-boolean", ["coalesce", ["get", "maritime"], false]]),
);

/** Water that is a speck on a wall. */
const POOLS = ["swimming_pool", "fountain"];
/** Water whose name is not a city's: several are in dispute. */
const SEAS = ["ocean", "sea"];

/** https://openmaptiles.org/schema: `class` says what a feature is. */
const openmaptiles: Partial<Record<Role, RoleSource>> = {
  park: { layer: "landcover", filter: oneOf(kind, ["wood", "grass", "wetland"]) },
  water: { layer: "water", filter: all(areas, not(oneOf(kind, POOLS))) },
  waterway: { layer: "waterway", filter: lines },
  building: { layer: "building", filter: areas },
  boundary: { layer: "boundary", filter: settled },
  major: { layer: "transportation", filter: oneOf(kind, ["motorway", "trunk"]) },
  main: { layer: "transportation", filter: oneOf(kind, ["primary", "secondary"]) },
  local: { layer: "transportation", filter: oneOf(kind, ["tertiary"]) },
  minor: { layer: "transportation", filter: oneOf(kind, ["minor", "service"]) },
  city: { layer: "place", filter: oneOf(kind, ["city", "town"]) },
  village: { layer: "place", filter: oneOf(kind, ["village"]) },
  quarter: { layer: "place", filter: oneOf(kind, ["suburb", "quarter", "neighbourhood"]) },
  "road-name": {
    layer: "transportation_name",
    filter: oneOf(kind, ["motorway", "trunk", "primary", "secondary", "tertiary"]),
  },
  "street-name": { layer: "transportation_name", filter: oneOf(kind, ["minor", "service"]) },
  "water-name": { layer: "water_name", filter: not(oneOf(kind, SEAS)) },
};

const sort: Test = ["coalesce", ["get", "kind"], ["get", "pmap:kind"], ""];
const detail: Test = ["to-string", ["coalesce", ["get", "kind_detail"], ["get", "pmap:kind_detail"], ""]];
const GREEN = [
  "park",
  "forest",
  "wood",
  "grass",
  "grassland",
  "nature_reserve",
  "garden",
  "cemetery",
  "golf_course",
  "wetland",
];
const isLocal: Test = ["any", ["==", sort, "medium_road"], oneOf(detail, ["tertiary", "tertiary_link"])];
const named = (...kinds: string[]): Test => all(oneOf(sort, kinds), ["has", "name"]);

/** https://docs.protomaps.com/basemaps/layers, version 4 and the one before: `kind` says what a feature is. */
const protomaps: Partial<Record<Role, RoleSource>> = {
  park: { layer: "landuse", filter: oneOf(sort, GREEN) },
  water: { layer: "water", filter: all(areas, not(oneOf(sort, POOLS))) },
  waterway: { layer: "water", filter: all(lines, oneOf(sort, ["river", "canal"])) },
  building: { layer: "buildings", filter: areas },
  boundary: { layer: "boundaries", filter: settled },
  major: { layer: "roads", filter: ["==", sort, "highway"] },
  main: { layer: "roads", filter: all(["==", sort, "major_road"], not(isLocal)) },
  local: { layer: "roads", filter: all(oneOf(sort, ["major_road", "medium_road"]), isLocal) },
  minor: { layer: "roads", filter: ["==", sort, "minor_road"] },
  city: { layer: "places", filter: all(["==", sort, "locality"], oneOf(detail, ["city", "town"])) },
  village: { layer: "places", filter: all(["==", sort, "locality"], not(oneOf(detail, ["city", "town"]))) },
  quarter: { layer: "places", filter: oneOf(sort, ["neighbourhood", "macrohood"]) },
  "road-name": { layer: "roads", filter: named("highway", "major_road", "medium_road") },
  "street-name": { layer: "roads", filter: named("minor_road") },
  "water-name": {
    layer: "water",
    filter: all(["==", ["geometry-type"], "Point"], ["has", "name"], not(oneOf(sort, SEAS))),
  },
};

const ROLES: Record<VectorSchema, Partial<Record<Role, RoleSource>>> = { openmaptiles, protomaps };

/** Where a schema has what is drawn in a role; undefined where it has nothing of the kind. */
export function roleOf(schema: VectorSchema, role: Role): RoleSource | undefined {
  return ROLES[schema][role];
}
