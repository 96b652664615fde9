import type { BarSeriesOption, EChartsOption, LineSeriesOption } from "echarts";
import type { Lang } from "@/lib/contract/city";
import type { Series } from "@/lib/contract/series";
import type { DataColor } from "@/lib/contract/theme";
import { formatTime } from "@/components/ui/i18n";
import { linePoints, type Rhythm } from "@/components/ui/line-points";
import { FONT, palette, seriesColor } from "@/components/ui/theme";
import { tickText, valueScale, type ValueScale } from "@/components/ui/value-scale";
import { BOTTOM, LEFT, spread, type Room } from "./line-ends";
import { markSeries } from "./line-marks";
import { hourlyRises, type Rise } from "./line-rises";

export interface Line {
  series: Series | null;
  color?: DataColor | undefined;
  rhythm: Rhythm;
  /** whether its newest reading still stands for the present */
  alive: boolean;
}

export interface LineInput {
  lines: Line[];
  /** seconds */
  span: number;
  /** whether what each hour added is drawn as bars, of counters that begin anew each day */
  rises: boolean;
  area: boolean;
  /** what is counted: its axis begins at 0 */
  count: boolean;
  /** whether values have no decimals */
  whole: boolean;
  percent: boolean;
  room: Room;
  now: number;
  timeZone: string;
  lang: Lang;
  px: (rems: number) => number;
  /** of the chart, px */
  width: number;
  height: number;
}

export interface Drawing {
  option: EChartsOption;
  /** heights (px, of the chart) at which the ends' labels stand; null where they stand in a row, or a line has no end */
  tops: (number | null)[];
}

/** What is drawn of a line: its points, or what each hour added. */
interface Drawn {
  points: Float64Array;
  rises: Rise[];
}

const NONE: Drawn = { points: new Float64Array(0), rises: [] };

function drawnOf({ series, rhythm }: Line, { now, span, rises, timeZone }: LineInput): Drawn {
  if (!series) return NONE;
  const from = now - span * 1000;
  return rises
    ? { ...NONE, rises: hourlyRises(series, from, now, timeZone) }
    : { ...NONE, points: linePoints(series, from, rhythm) };
}

/** The least and the greatest that is drawn; null of nothing. */
function extentOf(drawn: Drawn[]): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  const take = (value: number): void => {
    if (!Number.isNaN(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  };
  for (const { points, rises } of drawn) {
    for (let i = 1; i < points.length; i += 2) take(points[i] as number);
    for (const { rise } of rises) if (rise !== null) take(rise);
  }
  return low <= high ? [low, high] : null;
}

/** Newest point of a line that is a number; null where there is none. */
function endOf({ points }: Drawn): [number, number] | null {
  for (let i = points.length - 2; i >= 0; i -= 2) {
    const [at, value] = [points[i] as number, points[i + 1] as number];
    if (!Number.isNaN(value)) return [at, value];
  }
  return null;
}

/** Least height (rem) that a part of the axis takes. */
const PART = 2.1;

/** Height of the plot, px. */
function plotHeight({ height, px, room }: LineInput): number {
  return Math.max(1, height - px(room.top) - px(BOTTOM));
}

function scaleOf(input: LineInput, drawn: Drawn[]): ValueScale {
  const { area, count, rises, whole, percent, px } = input;
  return valueScale(extentOf(drawn), {
    // What is filled or stands on the ground is read by its height.
    fromZero: area || count || rises,
    whole,
    parts: Math.max(1, Math.min(4, Math.floor(plotHeight(input) / px(PART)))),
    most: percent ? 100 : undefined,
  });
}

/** Time below, values at the left; a second axis, unseen, is what marks stand by. */
function axes({ px, now, span, lang, timeZone }: LineInput, scale: ValueScale): Pick<EChartsOption, "xAxis" | "yAxis"> {
  const label = { color: palette().muted, fontSize: px(0.85), fontFamily: FONT.figures };
  return {
    xAxis: {
      type: "time",
      min: now - span * 1000,
      max: now,
      splitNumber: 4,
      axisLine: { lineStyle: { color: palette().hairline } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        ...label,
        hideOverlap: true,
        margin: px(0.75),
        showMinLabel: false,
        formatter: (at: number) => formatTime(at, timeZone),
      },
    },
    yAxis: [
      {
        type: "value",
        ...scale,
        splitLine: { lineStyle: { color: palette().hairline } },
        axisLabel: { ...label, formatter: (value: number) => tickText(value, scale, lang) },
      },
      { type: "value", show: false, min: 0, max: 1 },
    ],
  };
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
      ...markSeries(known, { from: now - span * 1000, now, width, px }),
    ],
  };
  return { option, tops: topsOf(input, drawn, scale) };
}
