import type { Layer } from "@deck.gl/core";

import type { Position } from "geojson";
import { rgb } from "@/components/ui/theme";
import { deck } from "./drawing";
import type { Districts } from "./layer";

const LAND = rgb("#16212b");
const LINES = rgb("#26343f");

/**
 * The land under all layers. It is drawn by deck.gl as they are and is no source of MapLibre's, which would cut it into
 * tiles in a worker first: the map is there sooner, and a wall need not fetch the worker (scripts/map-worker.mjs).
 */
export function makeLand(districts: Districts): () => Layer[] {
  const polygons = districts.features.flatMap((feature) => feature.geometry.coordinates);
  const rings = polygons.flat();
  return () => [
    new deck.SolidPolygonLayer<Position[][]>({
      id: "land",
      data: polygons,
      getPolygon: (polygon) => polygon as [number, number][][],
      getFillColor: LAND,
    }),
    new deck.PathLayer<Position[]>({
      id: "land-lines",
      data: rings,
      getPath: (ring) => ring as [number, number][],
      getColor: LINES,
      getWidth: 1,
      widthUnits: "pixels",
    }),
  ];
}
