import type { LineSeriesOption } from "echarts";
import type { CityFacts, Lang } from "@/lib/contract/city";
import { targetOf } from "@/lib/contract/compare";
import { metricFacts } from "@/lib/contract/widget-settings";
import { formatValue, t } from "@/components/ui/i18n";
import { widest } from "@/components/ui/text-width";
import { palette } from "@/components/ui/theme";
import type { ValueScale } from "@/components/ui/value-scale";
import { showsRises, type LineSettings } from "./definition";
import { LEFT } from "./line-ends";
import type { Drawn, LineInput, Target } from "./line-input";

/** Where a target's label stands: px of the chart; and where its edge is, when that is beyond the axis. */
export interface TargetLabel {
  left: number;
  top: number;
  beyond: "up" | "down" | null;
}

const SIGNS = { up: "≥", down: "≤", none: "" } as const;

interface Asked {
  city: CityFacts;
  lang: Lang;
  settings: LineSettings;
}

/** The target that all lines share; null where they do not, are drawn by what hours added, or it is not wanted. */
export function targetIn({ city, lang, settings }: Asked): Target | null {
  if (!settings.target || showsRises(settings, city)) return null;
  const [first, ...others] = settings.series.map(({ metric: id, district }) => {
    const metric = metricFacts(city, id);
    // What counts since midnight is on its way to its target all day: it is on no wrong side of it.
    const better = metric.kind === "day" ? ("none" as const) : metric.better;
    return { value: targetOf(metric, district), better, decimals: metric.decimals };
  });
  const value = first?.value ?? null;
  if (!first || value === null) return null;
  if (others.some((other) => other.value !== value || other.better !== first.better)) return null;
  const { better, decimals } = first;
  return { value, better, words: `${t(lang, "target")} ${SIGNS[better]}${formatValue(value, decimals, lang)}` };
}

/** The axis may grow to so many times of what its values need for a target to be on it: they keep half of it. */
const STRETCH = 2;

/** An axis with a target on it, or one without, where it would make what is drawn flat. */
export function withTarget(bare: ValueScale, whole: ValueScale): ValueScale {
  return whole.max - whole.min <= STRETCH * (bare.max - bare.min) * (1 + 1e-9) ? whole : bare;
}

const ORIGINS = { up: "end", down: "start", none: "start" } as const;

/** The range that a target asks for, as an area behind the lines, and its edge. Of what is beyond the axis only the area is seen. */
export function targetSeries({ target, now, span, px }: LineInput, { min, max }: ValueScale): LineSeriesOption {
  const color = palette().band;
  const { value = min, better = "none" } = target ?? {};
  const level = Math.min(max, Math.max(min, value));
  return {
    type: "line",
    silent: true,
    z: 1,
    showSymbol: false,
    lineStyle: { width: level === value ? px(0.1) : 0, color },
    itemStyle: { color },
    areaStyle: { color, opacity: better === "none" ? 0 : 0.16, origin: ORIGINS[better] },
    data:
      target === null
        ? []
        : [
            [now - span * 1000, level],
            [now, level],
          ],
  };
}

interface Box {
  width: number;
  height: number;
}
type Path = [x: number, y: number][];

/** Whether a path goes through a box whose upper left corner is given. */
function crosses(path: Path, { left, top }: { left: number; top: number }, { width, height }: Box): boolean {
  return path.some(([x, y], i) => {
    const [x2, y2] = path[i + 1] ?? [x, y];
    return (
      Math.max(x, x2) >= left &&
      Math.min(x, x2) <= left + width &&
      Math.max(y, y2) >= top &&
      Math.min(y, y2) <= top + height
    );
  });
}

/**
 * Where in the plot a target's label stands: in its range, at the beginning of its edge; where a line goes through it there, at
 * the edge's end, and then on the other side of it. All in px from the plot's upper left corner.
 * @param edge where the target is @param paths the lines that are drawn; NaN where one has a gap
 */
export function labelSpot(
  edge: number,
  better: Target["better"],
  plot: Box,
  label: Box,
  paths: Path[],
): { left: number; top: number } {
  const [above, below] = [edge - label.height, edge];
  const heights = better === "down" ? [below, above] : [above, below];
  const spots = heights
    .filter((top) => top >= 0 && top + label.height <= plot.height)
    .flatMap((top) => [0, Math.max(0, plot.width - label.width)].map((left) => ({ left, top })));
  const free = spots.find((spot) => !paths.some((path) => crosses(path, spot, label)));
  const [first] = spots;
  return free ?? first ?? { left: 0, top: Math.max(0, Math.min(plot.height - label.height, heights[0] ?? 0)) };
}

/** Type of the label, what lies around its words (an arrow and room), and its height: rem. */
const [TYPE, AROUND, HIGH] = [0.85, 1.6, 1.3];

/**
 * Where the target's label stands in the chart, out of the way of what is drawn; null where there is no target.
 * @param height of the plot, px
 */
export function labelOf(
  { target, ghost, room, now, span, width, px }: LineInput,
  drawn: Drawn[],
  { min, max }: ValueScale,
  height: number,
): TargetLabel | null {
  if (target === null) return null;
  const plot = { width: Math.max(1, width - px(LEFT) - px(room.right)), height };
  const yOf = (value: number): number => ((max - value) / (max - min)) * height;
  const pathOf = (points: Float64Array): Path => {
    const path: Path = [];
    for (let i = 0; i < points.length; i += 2)
      path.push([(1 - (now - (points[i] as number)) / (span * 1000)) * plot.width, yOf(points[i + 1] as number)]);
    return path;
  };
  const { value, better, words } = target;
  const edge = Math.min(height, Math.max(0, yOf(value)));
  const label = { width: px(TYPE * widest([words]) + AROUND), height: px(HIGH) };
  const { left, top } = labelSpot(edge, better, plot, label, [...drawn.map(({ points }) => points), ghost].map(pathOf));
  const beyond = value < min ? "down" : null;
  return { left: px(LEFT) + left, top: px(room.top) + top, beyond: value > max ? "up" : beyond };
}
