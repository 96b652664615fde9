import type { TextLayer } from "@deck.gl/layers";
import type { Position } from "geojson";
import { rgb, COLORS } from "@/components/ui/theme";
import { deck } from "../../drawing";
import { FlatLayer } from "../../flat/flat-layer";
import { meshOfBands, type FlatMesh } from "../../flat/flat-mesh";
import type { LayerContext, MapLayer } from "../../layer";
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

function nameLayer(data: Label[], characterSet: string[], visible: boolean, size: number): TextLayer<Label> {
  return new deck.TextLayer<Label>({
    id: "outlines-labels",
    data,
    visible,
    characterSet,
    fontFamily: '"Noto Sans SC"',
    fontWeight: 500,
    fontSettings: { sdf: true, fontSize: 64, buffer: 8, radius: 16 },
    outlineWidth: 3,
    outlineColor: [8, 13, 18, 235],
    getText: (label) => label.text,
    getPosition: (label) => label.at,
    getColor: [...rgb(COLORS.text), 255],
    getSize: size,
    sizeUnits: "pixels",
    parameters: { depthCompare: "always" },
    updateTriggers: { getSize: size },
  });
}

export default function make(settings: OutlinesSettings, context: LayerContext): MapLayer {
  const rings = context.districts.features.flatMap((feature) =>
    feature.geometry.coordinates.flatMap((polygon) =>
      polygon.map((path) => ({ path, adcode: feature.properties.adcode })),
    ),
  );
  const labels = labelPlaces(context.districts, context.city, context.lang);
  const characters = [...new Set(labels.map((label) => label.text).join(""))];
  // Where many names crowd they are written smaller.
  const scale = labels.length > 9 ? 1 : 1.15;
  const lines = bands(rings, 0.055);
  let chosen: string | null = null;
  let chosenLines = bands([], 0);
  let placed = labels;
  let key = "";
  return {
    draw() {
      const selected = context.selected();
      const unit = context.rem();
      const now = `${unit} ${context.metresPerPixel().toPrecision(4)}`;
      if (now !== key) placed = spread(labels, context.metresPerPixel(), unit * scale);
      key = now;
      if (selected !== chosen) {
        const around = rings.filter((ring) => ring.adcode === selected);
        chosenLines = bands(around, 0.09);
      }
      chosen = selected;
      return [
        new FlatLayer({ id: "outlines", mesh: lines, unit, colorOf: () => [10, 16, 22] }),
        new FlatLayer({ id: "outlines-selected", mesh: chosenLines, unit, colorOf: () => rgb(COLORS.accent) }),
        nameLayer(placed, characters, settings.labels, unit * scale),
      ];
    },
  };
}
