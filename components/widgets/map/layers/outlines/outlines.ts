import type { PathLayer, TextLayer } from "@deck.gl/layers";
import type { Position } from "geojson";
import { rgb, COLORS } from "@/components/ui/theme";
import { deck } from "../../drawing";
import type { LayerContext, MapLayer } from "../../layer";
import type { OutlinesSettings } from "./definition";
import { labelPlaces, spread, type Label } from "./outlines-option";

interface Ring {
  path: Position[];
  adcode: string;
}

/** Outlines as lines of so many pixels; none, and nothing is drawn. */
function pathLayer(id: string, data: Ring[], color: [number, number, number, number], width: number): PathLayer<Ring> {
  return new deck.PathLayer<Ring>({
    id,
    data,
    visible: data.length > 0,
    getPath: (ring) => ring.path as [number, number][],
    // As functions like those of roads, so that both are of one form, for which a program is made once.
    getColor: () => color,
    getWidth: () => width,
    widthUnits: "pixels",
    jointRounded: true,
    updateTriggers: { getWidth: width },
  });
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
  let placed = labels;
  let key = "";
  return {
    draw() {
      const selected = context.selected();
      const unit = context.rem();
      const now = `${unit} ${context.metresPerPixel().toPrecision(4)}`;
      if (now !== key) placed = spread(labels, context.metresPerPixel(), unit * scale);
      key = now;
      const chosen = rings.filter((ring) => ring.adcode === selected);
      return [
        pathLayer("outlines", rings, [10, 16, 22, 255], unit * 0.11),
        pathLayer("outlines-selected", chosen, [...rgb(COLORS.accent), 255], unit * 0.18),
        nameLayer(placed, characters, settings.labels, unit * scale),
      ];
    },
  };
}
