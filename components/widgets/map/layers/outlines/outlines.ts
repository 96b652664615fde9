import { PathLayer, TextLayer } from "@deck.gl/layers";
import type { Position } from "geojson";
import { rgb, COLORS } from "@/components/ui/theme";
import type { LayerContext, MapLayer } from "../../layer";
import type { OutlinesSettings } from "./definition";
import { labelPlaces, spread, type Label } from "./outlines-option";

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
        new PathLayer<{ path: Position[] }>({
          id: "outlines",
          data: rings,
          getPath: (ring) => ring.path as [number, number][],
          getColor: [10, 16, 22, 255],
          getWidth: unit * 0.11,
          widthUnits: "pixels",
          jointRounded: true,
          updateTriggers: { getWidth: unit },
        }),
        new PathLayer<{ path: Position[] }>({
          id: "outlines-selected",
          data: chosen,
          visible: chosen.length > 0,
          getPath: (ring) => ring.path as [number, number][],
          getColor: [...rgb(COLORS.accent), 255],
          getWidth: unit * 0.18,
          widthUnits: "pixels",
          jointRounded: true,
          updateTriggers: { getWidth: unit },
        }),
        new TextLayer<Label>({
          id: "outlines-labels",
          data: placed,
          visible: settings.labels,
          characterSet: characters,
          fontFamily: '"Noto Sans SC"',
          fontWeight: 500,
          fontSettings: { sdf: true, fontSize: 64, buffer: 8, radius: 16 },
          outlineWidth: 3,
          outlineColor: [8, 13, 18, 235],
          getText: (label) => label.text,
          getPosition: (label) => label.at,
          getColor: [...rgb(COLORS.text), 255],
          getSize: unit * scale,
          sizeUnits: "pixels",
          parameters: { depthCompare: "always" },
          updateTriggers: { getSize: unit },
        }),
      ];
    },
  };
}
