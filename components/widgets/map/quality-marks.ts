import type { Layer } from "@deck.gl/core";

import { COLORS, rgb } from "@/components/ui/theme";
import { deck } from "./drawing";
import type { LayerContext } from "./layer";
import { markStrokes, type QualityMark } from "./quality-marks-option";

/** Half a mark's width, rem: read from across the room, and smaller than a district. */
const HALF = 0.62;

/** Whether a layer is of marks, which stand over whatever moves on the map. */
export function isQualityMark(layer: Layer): boolean {
  return layer.id.endsWith(DISCS) || layer.id.endsWith(STROKES);
}

const DISCS = "-quality-discs";
const STROKES = "-quality-strokes";

/** Marks of what is doubted or bad, on a dark disc that keeps them apart from any fill. */
export function qualityMarks(id: string, marks: QualityMark[], context: LayerContext): Layer[] {
  const unit = context.rem();
  const metres = context.metresPerPixel();
  const key = `${unit} ${metres.toPrecision(4)} ${marks.map(({ at, quality }) => `${at.join()}${quality}`).join()}`;
  return [
    new deck.ScatterplotLayer<QualityMark>({
      id: `${id}${DISCS}`,
      data: marks,
      visible: marks.length > 0,
      radiusUnits: "pixels",
      getPosition: (mark) => mark.at,
      getRadius: unit * HALF * 1.75,
      getFillColor: [8, 13, 18, 235],
      updateTriggers: { getRadius: unit, getPosition: key },
    }),
    new deck.PathLayer<ReturnType<typeof markStrokes>[number]>({
      id: `${id}${STROKES}`,
      data: markStrokes(marks, unit * HALF * metres),
      visible: marks.length > 0,
      widthUnits: "pixels",
      getWidth: unit * 0.22,
      jointRounded: true,
      getPath: (stroke) => stroke.path,
      getColor: (stroke) =>
        [...rgb(stroke.quality === "bad" ? COLORS.stale : COLORS.late), 255] as [number, number, number, number],
      updateTriggers: { getWidth: unit },
    }),
  ];
}
