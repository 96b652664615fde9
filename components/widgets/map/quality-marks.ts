import type { Layer } from "@deck.gl/core";

import { palette, rgb } from "@/components/ui/theme";
import type { LayerContext } from "./layer";
import { FlatLayer } from "./flat/flat-layer";
import { meshOfBands } from "./flat/flat-mesh";
import { columnsOfDiscs } from "./marks/mark-columns";
import { MarkLayer } from "./marks/mark-layer";
import { markStrokes, type QualityMark } from "./quality-marks-option";

/** Half a mark's width, rem: read from across the room, and smaller than a district. */
const HALF = 0.62;

/** Whether a layer is of marks, which stand over whatever moves on the map. */
export function isQualityMark(layer: Layer): boolean {
  return layer.id.endsWith(DISCS) || layer.id.endsWith(STROKES);
}

const DISCS = "-quality-discs";
const STROKES = "-quality-strokes";

/**
 * Draws marks of what is doubted or bad, on a disc of the ground's colour that keeps them apart from any fill.
 * @param id what all its layers' ids begin with
 */
export function qualityMarks(id: string, context: LayerContext): (marks: QualityMark[]) => Layer[] {
  let key = "";
  let strokes: ReturnType<typeof markStrokes> = [];
  let mesh = meshOfBands([]);
  let discs = columnsOfDiscs([]);
  return (marks) => {
    const unit = context.rem();
    const metres = context.metresPerPixel();
    const colors = palette();
    const next = `${colors.key} ${unit} ${metres.toPrecision(4)} ${marks.map(({ at, quality }) => `${at.join()}${quality}`).join()}`;
    if (next !== key) {
      strokes = markStrokes(marks, unit * HALF * metres);
      discs = columnsOfDiscs(
        marks.map(({ at }) => ({ at, radius: unit * HALF * 1.75, fill: [...rgb(colors["map-mark"]), 235] })),
      );
      mesh = meshOfBands(strokes.map(({ path }) => ({ path, half: 0.11 })));
    }
    key = next;
    return [
      new MarkLayer({ id: `${id}${DISCS}`, marks: discs, marksKey: key }),
      new FlatLayer({
        id: `${id}${STROKES}`,
        mesh,
        unit,
        colorKey: key,
        colorOf: (shape) => rgb(strokes[shape]?.quality === "bad" ? colors.stale : colors.late),
      }),
    ];
  };
}
