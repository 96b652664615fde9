import type { Position } from "geojson";
import { palette, rgb } from "@/components/ui/theme";
import { FlatLayer } from "../../flat/flat-layer";
import { meshOfBands, type FlatMesh } from "../../flat/flat-mesh";
import type { LayerContext, MapLayer } from "../../layer";
import { writeTexts } from "../../marks/atlas";
import { columnsOfSprites, type MarkColumns } from "../../marks/mark-columns";
import { MarkLayer } from "../../marks/mark-layer";
import type { OutlinesSettings } from "./definition";
import { labelPlaces, spread, type Label } from "./outlines-option";

interface Ring {
  path: Position[];
  adcode: string;
}

/** Outlines as lines. @param half half their width, rem */
function bands(rings: Ring[], half: number): FlatMesh {
  return meshOfBands(rings.map(({ path }) => ({ path, half })));
}

/** Names with an edge, so that they read on any fill. @param size CSS pixels */
function namesOf(labels: Label[], size: number): { marks: MarkColumns; atlas: HTMLCanvasElement | null } {
  if (labels.length === 0) return { marks: columnsOfSprites([]), atlas: null };
  const { canvas, pictures } = writeTexts(
    labels.map(({ text }) => text),
    {
      weight: 500,
      family: '"Noto Sans SC"',
      size,
      color: palette()["map-ink"],
      outline: { width: size * 0.11, color: palette()["map-halo"] },
    },
  );
  const sprites = labels.flatMap(({ text, at }) => {
    const picture = pictures.get(text);
    return picture ? [{ at, ...picture }] : [];
  });
  return { marks: columnsOfSprites(sprites), atlas: canvas };
}

export default function make(settings: OutlinesSettings, context: LayerContext): MapLayer {
  const rings = context.districts.features.flatMap((feature) =>
    feature.geometry.coordinates.flatMap((polygon) =>
      polygon.map((path) => ({ path, adcode: feature.properties.adcode })),
    ),
  );
  const labels = labelPlaces(context.districts, context.city, context.lang);
  // Where many names crowd they are written smaller.
  const scale = labels.length > 9 ? 1 : 1.15;
  const lines = bands(rings, 0.055);
  let chosen: string | null = null;
  let chosenLines = bands([], 0);
  let names = namesOf([], 0);
  let key = "";
  return {
    draw() {
      const selected = context.selected();
      const unit = context.rem();
      const colors = palette();
      const now = `${colors.key} ${unit} ${context.metresPerPixel().toPrecision(4)} ${devicePixelRatio}`;
      if (now !== key && settings.labels)
        names = namesOf(spread(labels, context.metresPerPixel(), unit * scale), unit * scale);
      key = now;
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
        new MarkLayer({ id: "outlines-labels", ...names, marksKey: key }),
      ];
    },
  };
}
