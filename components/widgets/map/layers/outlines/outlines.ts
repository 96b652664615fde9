import type { Position } from "geojson";
import { palette, rgb } from "@/components/ui/theme";
import { FlatLayer } from "../../flat/flat-layer";
import { meshOfBands, type FlatMesh } from "../../flat/flat-mesh";
import type { LayerContext, MapLayer } from "../../layer";
import type { OutlinesSettings } from "./definition";
import { makeNames } from "./names";
import { labelPlaces } from "./outlines-option";

interface Ring {
  path: Position[];
  adcode: string;
}

/** Outlines as lines. @param half half their width, rem */
function bands(rings: Ring[], half: number): FlatMesh {
  return meshOfBands(rings.map(({ path }) => ({ path, half })));
}

export default function make(settings: OutlinesSettings, context: LayerContext): MapLayer {
  const rings = context.districts.features.flatMap((feature) =>
    feature.geometry.coordinates.flatMap((polygon) =>
      polygon.map((path) => ({ path, adcode: feature.properties.adcode })),
    ),
  );
  const labels = labelPlaces(context.districts, context.city, context.lang);
  // Where many names crowd they are written smaller.
  const scale = labels.length > 9 ? 0.88 : 1.15;
  const lines = bands(rings, 0.055);
  let chosen: string | null = null;
  let chosenLines = bands([], 0);
  const names = settings.labels ? makeNames(labels, settings.figures, scale, context) : () => [];
  return {
    draw() {
      const selected = context.selected();
      const unit = context.rem();
      const colors = palette();
      if (selected !== chosen) {
        const around = rings.filter((ring) => ring.adcode === selected);
        chosenLines = bands(around, 0.09);
      }
      chosen = selected;
      return [
        new FlatLayer({
          id: "outlines",
          mesh: lines,
          unit,
          colorOf: () => rgb(colors["map-line"]),
          colorKey: colors.key,
        }),
        new FlatLayer({
          id: "outlines-selected",
          mesh: chosenLines,
          unit,
          colorOf: () => rgb(colors.accent),
          colorKey: colors.key,
        }),
        ...names(),
      ];
    },
  };
}
