import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import { PREFIX, zoomOn, type Drawing } from "./drawing";

/** Steps of roads: from which zoom on, how opaque, and how wide at zooms, CSS pixels where type is 16 high. */
const ROADS = [
  { role: "minor", from: 13, opacity: 0.5, widths: [[13, 0.5], [15, 1.6], [18, 7]] },
  { role: "local", from: 11, opacity: 0.65, widths: [[11, 0.5], [14, 1.8], [18, 9]] },
  { role: "main", from: 8, opacity: 0.8, widths: [[8, 0.5], [12, 1.5], [15, 3.4], [18, 11]] },
  { role: "major", from: 5, opacity: 0.95, widths: [[5, 0.5], [10, 1.5], [14, 3.6], [18, 13]] },
] as const; // prettier-ignore

/** A width at zooms, on a screen whose type is as large as it is. */
function widthAt(drawing: Drawing, widths: readonly (readonly [number, number])[]): ExpressionSpecification {
  const stops = widths.flatMap(([zoom, width]) => [zoomOn(drawing, zoom), (width * drawing.rem) / 16]);
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...stops] as ExpressionSpecification;
}

function roadLayer(drawing: Drawing, { role, from, opacity, widths }: (typeof ROADS)[number]): LayerSpecification[] {
  const source = drawing.of(role);
  if (!source) return [];
  const paint = {
    "line-color": drawing.base.road,
    "line-opacity": opacity,
    "line-width": widthAt(drawing, widths),
  };
  const layout = { "line-cap": "round", "line-join": "round" } as const;
  return [{ id: `${PREFIX}${role}`, type: "line", ...source, minzoom: zoomOn(drawing, from), layout, paint }];
}

function waterways(drawing: Drawing): LayerSpecification[] {
  const source = drawing.of("waterway");
  if (!source) return [];
  const paint = { "line-color": drawing.base.water, "line-width": widthAt(drawing, [[8, 0.6], [14, 2.2], [18, 6]]) }; // prettier-ignore
  return [{ id: `${PREFIX}waterway`, type: "line", ...source, minzoom: zoomOn(drawing, 8), paint }];
}

function boundaries(drawing: Drawing): LayerSpecification[] {
  const source = drawing.boundaries ? drawing.of("boundary") : null;
  if (!source) return [];
  const paint = {
    "line-color": drawing.base.boundary,
    "line-width": (0.8 * drawing.rem) / 16,
    "line-dasharray": [4, 3],
  };
  return [{ id: `${PREFIX}boundary`, type: "line", ...source, paint }];
}

/** What of a vector archive is a line, from the lowest: rivers, roads from the narrowest to the widest, boundaries. */
export function lineLayers(drawing: Drawing): LayerSpecification[] {
  return [...waterways(drawing), ...ROADS.flatMap((road) => roadLayer(drawing, road)), ...boundaries(drawing)];
}
