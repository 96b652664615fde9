import type { FeatureCollection, MultiPolygon } from "geojson";
import polygonClipping, { type Geom, type MultiPolygon as Rings } from "polygon-clipping";
import type { BaseMap } from "../contract/base-map";

/** Twice the area of rings in square degrees; holes count against it. */
function areaOf(polygons: Rings): number {
  const ring = (points: [number, number][]): number =>
    Math.abs(
      points.reduce((sum, [x, y], i) => {
        const [nx, ny] = points[(i + 1) % points.length] as [number, number];
        return sum + x * ny - nx * y;
      }, 0),
    );
  return polygons.reduce((sum, [outer = [], ...holes]) => {
    return sum + ring(outer) - holes.reduce((all, hole) => all + ring(hole), 0);
  }, 0);
}

/** How much of a place's outlines lies within a map's bounds, 0 to 1. */
export function coveredShare(
  [west, south, east, north]: BaseMap["bounds"],
  outlines: FeatureCollection<MultiPolygon>,
): number {
  const box: Geom = [[[west, south], [east, south], [east, north], [west, north], [west, south]]]; // prettier-ignore
  let [whole, covered] = [0, 0];
  for (const { geometry } of outlines.features) {
    const rings = geometry.coordinates as Rings;
    whole += areaOf(rings);
    covered += areaOf(polygonClipping.intersection(rings, box));
  }
  return whole === 0 ? 0 : covered / whole;
}
