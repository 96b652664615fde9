import type { Layer } from "@deck.gl/core";
import { palette, rgb } from "@/components/ui/theme";
import type { LayerSettings } from "./definition";
import { FlatLayer } from "./flat/flat-layer";
import { meshOfAreas, meshOfBands } from "./flat/flat-mesh";
import type { Districts } from "./layer";
import type { LayerType } from "./layers";

/**
 * The land under all layers. It is drawn by deck.gl as they are and is no source of MapLibre's, which would cut it into
 * tiles in a worker first: the map is there sooner, and a wall need not fetch the worker (scripts/map-worker.mjs).
 * What a layer covers whole is not drawn.
 * @param over layers that are drawn over it: filled districts cover the land, outlines its lines
 * @param rem CSS pixels of one rem
 */
export function makeLand(districts: Districts, over: Pick<LayerSettings, "type">[], rem: () => number): () => Layer[] {
  const polygons = districts.features.flatMap((feature) => feature.geometry.coordinates);
  const covered = (type: LayerType): boolean => over.some((layer) => layer.type === type);
  const land = covered("district-fill") ? null : meshOfAreas(polygons);
  const lines = covered("outlines") ? null : meshOfBands(polygons.flat().map((path) => ({ path, half: 0.03 })));
  return () => {
    const unit = rem();
    const colors = palette();
    const [ground, edges] = [rgb(colors.land), rgb(colors["land-line"])];
    return [
      ...(land ? [new FlatLayer({ id: "land", mesh: land, unit, colorOf: () => ground, colorKey: colors.key })] : []),
      ...(lines
        ? [new FlatLayer({ id: "land-lines", mesh: lines, unit, colorOf: () => edges, colorKey: colors.key })]
        : []),
    ];
  };
}
