import type { Layer } from "@deck.gl/core";
import type { Position } from "geojson";
import { rgb } from "@/components/ui/theme";
import { deck } from "./drawing";
import type { LayerSettings } from "./definition";
import type { Districts } from "./layer";
import type { LayerType } from "./layers";

const LAND = rgb("#16212b");
const LINES = rgb("#26343f");

/**
 * The land under all layers. It is drawn by deck.gl as they are and is no source of MapLibre's, which would cut it into
 * tiles in a worker first: the map is there sooner, and a wall need not fetch the worker (scripts/map-worker.mjs).
 * What a layer covers whole is not drawn: without a graphics card its first painting takes the map a fifth of a second.
 * @param over layers that are drawn over it: filled districts cover the land, outlines its lines
 */
export function makeLand(districts: Districts, over: Pick<LayerSettings, "type">[]): () => Layer[] {
  const polygons = districts.features.flatMap((feature) => feature.geometry.coordinates);
  const rings = polygons.flat();
  const covered = (type: LayerType): boolean => over.some((layer) => layer.type === type);
  return () => [
    ...(covered("district-fill")
      ? []
      : [
          new deck.SolidPolygonLayer<Position[][]>({
            id: "land",
            data: polygons,
            getPolygon: (polygon) => polygon as [number, number][][],
            getFillColor: LAND,
          }),
        ]),
    ...(covered("outlines")
      ? []
      : [
          new deck.PathLayer<Position[]>({
            id: "land-lines",
            data: rings,
            getPath: (ring) => ring as [number, number][],
            getColor: LINES,
            getWidth: 1,
            widthUnits: "pixels",
          }),
        ]),
  ];
}
