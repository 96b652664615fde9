import type { FeatureCollection, MultiPolygon } from "geojson";
import { expect, it } from "vitest";
import { coveredShare } from "./covers";

const square = (west: number, south: number): number[][] => [
  [west, south],
  [west + 1, south],
  [west + 1, south + 1],
  [west, south + 1],
  [west, south],
];
const outlines: FeatureCollection<MultiPolygon> = {
  type: "FeatureCollection",
  features: [square(10, 50), square(11, 50)].map((ring) => ({
    type: "Feature",
    properties: {},
    geometry: { type: "MultiPolygon", coordinates: [[ring]] },
  })),
};

it.each<[string, [number, number, number, number], number]>([
  ["all of it", [9, 49, 13, 52], 1],
  ["half of it", [9, 49, 11, 52], 0.5],
  ["a quarter of it", [11, 50.5, 13, 52], 0.25],
  ["none of it, although it is near", [12.5, 50, 13, 51], 0],
])("a map covers %s", (_name, bounds, share) => expect(coveredShare(bounds, outlines)).toBeCloseTo(share, 9));
