import type { BarSeriesOption, EChartsOption, LineSeriesOption } from "echarts";
import { linePoints } from "@/components/ui/line-points";
import { palette, seriesColor } from "@/components/ui/theme";
import type { ValueScale } from "@/components/ui/value-scale";
import { axes, plotHeight, scaleOf } from "./line-axes";
import { BOTTOM, LEFT, spread } from "./line-ends";
import { eventSeries } from "./line-events";
import type { Drawn, Line, LineInput } from "./line-input";
import { markSeries } from "./line-marks";
import { hourlyRises } from "./line-rises";
import { labelOf, targetSeries, type TargetLabel } from "./line-target";

export interface Drawing {
  option: EChartsOption;
  /** heights (px, of the chart) at which the ends' labels stand; null where they stand in a row, or a line has no end */
  tops: (number | null)[];
  /** where the target's label stands; null where there is no target */
  target: TargetLabel | null;
}

const NONE: Drawn = { points: new Float64Array(0), rises: [] };

function drawnOf({ series, rhythm }: Line, { now, span, rises, timeZone }: LineInput): Drawn {
  if (!series) return NONE;
  const from = now - span * 1000;
  return rises
    ? { ...NONE, rises: hourlyRises(series, from, now, timeZone) }
    : { ...NONE, points: linePoints(series, from, rhythm) };
}

/** Newest point of a line that is a number; null where there is none. */
function endOf({ points }: Drawn): [number, number] | null {
  for (let i = points.length - 2; i >= 0; i -= 2) {
    const [at, value] = [points[i] as number, points[i + 1] as number];
    if (!Number.isNaN(value)) return [at, value];
  }
  return null;
}

function lineSeries(line: Line, i: number, { points }: Drawn, { area, px }: LineInput): LineSeriesOption {
  const color = seriesColor(i, line.color);
  return {
    type: "line",
    showSymbol: false,
    dimensions: ["at", "value"],
    data: points as unknown as number[],
    lineStyle: { width: px(0.13), color },
    itemStyle: { color },
    ...(area && i === 0 ? { areaStyle: { color, opacity: 0.14 } } : {}),
    silent: true,
  };
}

/** A bar for each hour; the one that runs is paler, as it may still rise. */
function barSeries(line: Line, i: number, { rises }: Drawn, { px }: LineInput): BarSeriesOption {
  const color = seriesColor(i, line.color);
  return {
    type: "bar",
    barCategoryGap: "25%",
    // An hour that brought nothing has a line on the ground, one that is not known has none.
    barMinHeight: px(0.1),
    silent: true,
    data: rises.flatMap(({ at, until, rise, over }) =>
      rise === null ? [] : [{ value: [(at + until) / 2, rise], itemStyle: { color, opacity: over ? 1 : 0.45 } }],
    ),
  };
}

/** A dot where each line ends: hollow and without colour where it no longer stands for the present. */
function dots({ lines, px }: LineInput, drawn: Drawn[]): LineSeriesOption {
  return {
    type: "line",
    showSymbol: true,
    showAllSymbol: true,
    symbolSize: px(0.5),
    silent: true,
    z: 3,
    lineStyle: { width: 0, opacity: 0 },
    data: lines.flatMap(({ alive, color }, i) => {
      const end = endOf(drawn[i] ?? NONE);
      if (!end) return [];
      const { faint, panel } = palette();
      return [
        alive
          ? { value: end, symbol: "circle", itemStyle: { color: seriesColor(i, color) } }
          : { value: end, symbol: "circle", itemStyle: { color: panel, borderColor: faint, borderWidth: px(0.13) } },
      ];
    }),
  };
}

/** What the first line had before: dim and dashed, behind everything. */
function ghostSeries({ ghost, px }: LineInput): LineSeriesOption {
  const color = palette().muted;
  return {
    type: "line",
    showSymbol: false,
    silent: true,
    z: 1,
    dimensions: ["at", "value"],
    lineStyle: { width: px(0.1), color, type: [px(0.3), px(0.25)], opacity: 0.8 },
    itemStyle: { color },
    data: ghost as unknown as number[],
  };
}

/** Where the ends' labels stand: see `Drawing`. */
function topsOf(input: LineInput, drawn: Drawn[], { min, max }: ValueScale): (number | null)[] {
  const { room, px } = input;
  const height = plotHeight(input);
  if (room.place === "row") return drawn.map(() => null);
  const ends = drawn.flatMap((one, i) => {
    const end = endOf(one);
    return end ? [{ i, y: ((max - end[1]) / (max - min)) * height }] : [];
  });
  const placed = spread(
    ends.map(({ y }) => y),
    height,
    px(room.line),
  );
  const tops: (number | null)[] = drawn.map(() => null);
  ends.forEach(({ i }, k) => (tops[i] = px(room.top) + (placed[k] as number)));
  return tops;
}

/**
 * The whole option of a line chart and where its ends are. Pure: `now` is an argument.
 */
export function lineOption(input: LineInput): Drawing {
  const { lines, px, room, now, span, width } = input;
  const drawn = lines.map((line) => drawnOf(line, input));
  const scale = scaleOf(input, drawn);
  const known = lines.flatMap(({ series }) => series ?? []);
  const option: EChartsOption = {
    // Fixed margins: measuring labels at each painting costs as much as the line, and makes the plot jump.
    grid: { left: px(LEFT), right: px(room.right), top: px(room.top), bottom: px(BOTTOM) },
    ...axes(input, scale),
    series: [
      ...lines.map((line, i) =>
        input.rises ? barSeries(line, i, drawn[i] ?? NONE, input) : lineSeries(line, i, drawn[i] ?? NONE, input),
      ),
      dots(input, drawn),
      ghostSeries(input),
      targetSeries(input, scale),
      ...(input.events ? eventSeries(input.events, px) : []),
      ...markSeries(known, { from: now - span * 1000, now, width, px }),
    ],
  };
  return { option, tops: topsOf(input, drawn, scale), target: labelOf(input, drawn, scale, plotHeight(input)) };
}
