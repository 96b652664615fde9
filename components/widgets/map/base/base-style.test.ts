import { featureFilter, validateStyleMin, type LayerSpecification } from "@maplibre/maplibre-gl-style-spec";
import { wcagContrast } from "culori";
import { describe, expect, it } from "vitest";
import type { BaseMap, VectorSchema } from "@/lib/contract/base-map";
import { THEMES } from "@/lib/contract/theme";
import { makePalette } from "@/components/ui/theme";
import { baseLayers, baseSources } from "./base-style";
import { ANCHORS, PREFIX, type BaseLook } from "./drawing";
import { roleOf, type Role } from "./vector-roles";

const archive = { version: "a1", attribution: "", bounds: [7, 43, 8, 44], minZoom: 0, maxZoom: 14 } as const;
const vector = (schema: VectorSchema): BaseMap => ({ ...archive, bounds: [7, 43, 8, 44], kind: "vector", schema });
const raster: BaseMap = { ...archive, bounds: [7, 43, 8, 44], kind: "raster", tileSize: 512 };
const relief: BaseMap = { ...archive, bounds: [7, 43, 8, 44], kind: "relief", encoding: "mapbox" };
const look = (more: Partial<BaseLook> = {}): BaseLook => ({
  colors: makePalette("night"),
  rem: 16,
  lang: "zh",
  boundaries: true,
  own: ["东湖区", "East Lake"],
  ...more,
});
const SETS: [string, BaseMap[]][] = [
  ["OpenMapTiles", [vector("openmaptiles")]],
  ["Protomaps", [vector("protomaps")]],
  ["pictures", [raster]],
  ["relief", [relief]],
  ["all three", [vector("openmaptiles"), raster, relief]],
];
const ids = (layers: { id: string }[]): string[] => layers.map(({ id }) => id.slice(PREFIX.length));
const layersOf = (maps: BaseMap[], own: BaseLook): LayerSpecification[] => baseLayers(maps, own);

describe("the style of a base map", () => {
  it.each(SETS)(
    "is valid in every theme, language and size, and asks nobody for glyphs or pictures: %s",
    (_name, maps) => {
      for (const theme of THEMES)
        for (const lang of ["zh", "en"] as const)
          for (const rem of [12, 16, 40]) {
            const sources = baseSources(maps, ({ kind }) => `basemap:///${kind}/{z}/{x}/{y}`);
            const names = {
              [`${PREFIX}own-names`]: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
            };
            const layers = baseLayers(maps, look({ colors: makePalette(theme), lang, rem }));
            const style = { version: 8, sources: { ...sources, ...names }, layers };
            expect(validateStyleMin(style as never), `${theme} ${lang} ${rem}`).toEqual([]);
            expect(JSON.stringify(style)).not.toMatch(/https?:|"glyphs"|"sprite"|icon-image/);
          }
    },
  );

  it("has the same layers in every theme and size, so that one look can be turned into another", () => {
    for (const [, maps] of SETS) {
      const first = ids(baseLayers(maps, look()));
      for (const theme of THEMES)
        expect(ids(baseLayers(maps, look({ colors: makePalette(theme), rem: 40, lang: "en" })))).toEqual(first);
    }
  });

  it("has areas under what fills the districts, and water, lines and names over it", () => {
    const order = ids(baseLayers([vector("openmaptiles"), relief], look()));
    const fill = order.indexOf(ANCHORS.fill.slice(PREFIX.length));
    expect(order.slice(0, fill)).toEqual(["over-land", "park", "building", "relief"]);
    expect(order.slice(fill + 1)).toEqual([
      ...["water", "waterway", "minor", "local", "main", "major", "boundary"],
      ...["over-lines", "water-name", "street-name", "road-name", "quarter", "village", "city", "own-names"],
    ]);
  });

  it("has an anchor for every layer of ours, whatever the archives are", () => {
    for (const [name, maps] of SETS)
      expect(ids(baseLayers(maps, look())), name).toEqual(
        expect.arrayContaining(Object.values(ANCHORS).map((id) => id.slice(PREFIX.length))),
      );
  });

  it("leaves areas to pictures where there are any, and keeps lines and names", () => {
    const order = ids(baseLayers([vector("openmaptiles"), raster], look()));
    expect(order).toEqual(expect.arrayContaining(["raster", "major", "city"]));
    expect(order.filter((id) => ["park", "water", "building"].includes(id))).toEqual([]);
  });

  it("has no boundary where none may be shown", () => {
    expect(ids(baseLayers([vector("protomaps")], look({ boundaries: false })))).not.toContain("boundary");
  });

  it("begins each layer later where type is larger, and writes it as large", () => {
    const [usual, large] = [16, 32].map((rem) => layersOf([vector("openmaptiles")], look({ rem })));
    for (const [i, layer] of (usual ?? []).entries()) {
      const other = large?.[i];
      if (layer.minzoom !== undefined) expect(other?.minzoom).toBeCloseTo(layer.minzoom + 1, 6);
      if (layer.type !== "symbol" || other?.type !== "symbol") continue;
      expect(other.layout?.["text-size"]).toBe(2 * Number(layer.layout?.["text-size"]));
    }
  });

  it("has names that can be read on land in every theme, and pictures as dark or pale as its ground", () => {
    for (const theme of THEMES) {
      const layers = layersOf([vector("openmaptiles"), raster], look({ colors: makePalette(theme) }));
      const city = layers.find(({ id }) => id === `${PREFIX}city`);
      const picture = layers.find(({ id }) => id === `${PREFIX}raster`);
      const land = makePalette(theme).land;
      const paint = (city?.paint ?? {}) as Record<string, string>;
      expect(wcagContrast(paint["text-color"] as string, land), theme).toBeGreaterThan(4.5);
      const brightest = ((picture?.paint ?? {}) as Record<string, number>)["raster-brightness-max"];
      expect(brightest, theme).toBe(theme === "day" ? 1 : 0.42);
    }
  });
});

describe("a schema's features", () => {
  type Properties = Record<string, string | number | boolean>;
  const takes = (schema: VectorSchema, role: Role, properties: Properties, type: 1 | 2 | 3 = 2): boolean => {
    const found = roleOf(schema, role);
    if (!found) return false;
    return featureFilter(found.filter, "layers[0].filter").filter({ zoom: 14 }, { type, properties });
  };
  const ROADS: Role[] = ["major", "main", "local", "minor"];
  const rolesOf = (schema: VectorSchema, properties: Properties): Role[] =>
    ROADS.filter((role) => takes(schema, role, properties));

  it.each<[VectorSchema, Properties, Role[]]>([
    ["openmaptiles", { class: "motorway" }, ["major"]],
    ["openmaptiles", { class: "secondary" }, ["main"]],
    ["openmaptiles", { class: "tertiary" }, ["local"]],
    ["openmaptiles", { class: "service" }, ["minor"]],
    ["openmaptiles", { class: "rail" }, []],
    ["openmaptiles", {}, []],
    ["protomaps", { kind: "highway", kind_detail: "motorway" }, ["major"]],
    ["protomaps", { kind: "major_road", kind_detail: "primary" }, ["main"]],
    ["protomaps", { kind: "major_road", kind_detail: "tertiary" }, ["local"]],
    ["protomaps", { "pmap:kind": "medium_road" }, ["local"]],
    ["protomaps", { kind: "minor_road" }, ["minor"]],
    ["protomaps", { kind: "rail" }, []],
  ])("%s: the road %j is one of the steps %j", (schema, properties, roles) =>
    expect(rolesOf(schema, properties)).toEqual(roles),
  );

  it.each<[VectorSchema, Properties, boolean]>([
    ["openmaptiles", { admin_level: 4 }, true],
    ["openmaptiles", { admin_level: 2, disputed: 1 }, false],
    ["openmaptiles", { admin_level: 4, maritime: 1 }, false],
    ["openmaptiles", { admin_level: 9 }, false],
    ["protomaps", { kind: "region", kind_detail: 4 }, true],
    ["protomaps", { kind: "country", kind_detail: "2", disputed: true }, false],
    ["protomaps", { kind: "country" }, false],
  ])("%s: that the boundary %j is drawn is %s", (schema, properties, drawn) =>
    expect(takes(schema, "boundary", properties)).toBe(drawn),
  );

  it("water is drawn, and what is a speck on a wall is not", () => {
    expect(takes("openmaptiles", "water", { class: "lake" }, 3)).toBe(true);
    expect(takes("openmaptiles", "water", { class: "swimming_pool" }, 3)).toBe(false);
    expect(takes("protomaps", "water", { kind: "ocean" }, 3)).toBe(true);
    expect(takes("protomaps", "water", { kind: "river" }, 2)).toBe(false);
    expect(takes("protomaps", "waterway", { kind: "river" }, 2)).toBe(true);
  });

  it("names of states, seas and of what is larger are nowhere drawn", () => {
    const names: Role[] = ["city", "village", "quarter"];
    for (const role of names) {
      for (const one of ["country", "state", "province", "island"])
        expect(takes("openmaptiles", role, { class: one }, 1)).toBe(false);
      for (const one of ["country", "region"]) expect(takes("protomaps", role, { kind: one }, 1)).toBe(false);
    }
    for (const one of ["ocean", "sea"]) {
      expect(takes("openmaptiles", "water-name", { class: one }, 1)).toBe(false);
      expect(takes("protomaps", "water-name", { kind: one, name: "x" }, 1)).toBe(false);
    }
    expect(takes("openmaptiles", "water-name", { class: "lake" }, 1)).toBe(true);
    expect(takes("openmaptiles", "city", { class: "town" }, 1)).toBe(true);
    expect(takes("protomaps", "city", { kind: "locality", kind_detail: "city" }, 1)).toBe(true);
    expect(takes("protomaps", "village", { kind: "locality", kind_detail: "hamlet" }, 1)).toBe(true);
  });
});
