import type { EChartsOption, LineSeriesOption } from "echarts";
import type { Lang } from "@/lib/contract/city";
import type { Quality } from "@/lib/contract/readings";
import type { Series } from "@/lib/contract/series";
import type { DataColor } from "@/lib/contract/theme";
import type { Token } from "@/lib/contract/theme-tokens";
import { formatTime, shortNumber } from "@/components/ui/i18n";
import { linePoints, type Rhythm } from "@/components/ui/line-points";
import { FONT, palette, seriesColor } from "@/components/ui/theme";

export interface LineInput {
  lines: {
    name: string;
    series: Series | null;
    color?: DataColor | undefined;
    rhythm: Rhythm;
  }[];
  /** seconds */
  span: number;
  area: boolean;
  now: number;
  timeZone: string;
  lang: Lang;
  px: (rems: number) => number;
  width: number;
}

/** Longest time (ms) that a line may stand still, unless a pixel is longer. */
const STILL = 3_000;

/**
 * What must differ before a line is drawn again: two pixels of time (but no more than 3 s, unless one pixel is more),
 * the size, the language, a series that has its first point or reaches further back. The newest value can wait that
 * long: the figure beside it does not.
 * @param begins when each series' first point was observed, ms; null where it has none
 */
export function lineLook({
  now,
  span,
  width,
  height,
  lang,
  begins,
}: {
  now: number;
  span: number;
  width: number;
  height: number;
  lang: Lang;
  begins: (number | null)[];
}): string {
  const pixel = (span * 1000) / Math.max(1, width);
  const reach = (at: number): string => (at <= now - span * 1000 ? "whole" : String(Math.floor(at / pixel)));
  return [
    Math.floor(now / Math.max(pixel, Math.min(2 * pixel, STILL))),
    `${width}x${height}`,
    lang,
    ...begins.map((at) => (at === null ? "none" : reach(at))),
  ].join(" ");
}

/** rem left and right of the plot. */
const [LEFT, RIGHT] = [3.7, 1];
export const PLOT_MARGIN = LEFT + RIGHT;

/**
 * Where a series has points that are not good, at most `limit` of them in [from, to]: the first of each step, the worst
 * quality in it.
 */
export function doubts(series: Series, from: number, to: number, limit: number): { at: number; quality: Doubt }[] {
  const step = (to - from) / limit;
  const found: { at: number; quality: Doubt }[] = [];
  let place = NaN;
  for (let i = series.indexFrom(from); i < series.length; i++) {
    const quality = series.quality(i);
    if (quality === "good") continue;
    const at = series.at(i);
    const before = found[found.length - 1];
    if (before && Math.floor(at / step) === place) {
      if (quality === "bad") before.quality = "bad";
      continue;
    }
    place = Math.floor(at / step);
    found.push({ at, quality });
  }
  return found;
}

type Doubt = Exclude<Quality, "good">;

/** Shapes of a mark in a box of 100: drawn by their outline, as in tiles and tables. */
const SHAPES: Record<Doubt, string> = { uncertain: "path://M50 6L96 92L4 92Z", bad: "path://M8 8L92 92M92 8L8 92" };
const SHAPE_COLORS = { uncertain: "late", bad: "stale" } as const satisfies Record<Doubt, Token>;
/** Width of a mark and the least distance of two, rem. */
const MARK = 0.6;
const APART = 0.9;

/** Marks at the foot of the plot, under the moments whose values are doubted or left out as bad. */
function markSeries(input: LineInput, from: number): LineSeriesOption[] {
  const limit = Math.max(1, Math.floor(input.width / Math.max(1, input.px(APART))));
  const all = input.lines.flatMap(({ series }) => (series ? doubts(series, from, input.now, limit) : []));
  return (["uncertain", "bad"] as const).map((quality) => ({
    type: "line",
    name: quality,
    yAxisIndex: 1,
    symbol: SHAPES[quality],
    symbolSize: input.px(MARK),
    showSymbol: true,
    showAllSymbol: true,
    silent: true,
    lineStyle: { width: 0, opacity: 0 },
    itemStyle: { color: "transparent", borderColor: palette()[SHAPE_COLORS[quality]], borderWidth: input.px(0.13) },
    data: all.filter((doubt) => doubt.quality === quality).map(({ at }) => [at, 0.05]),
  }));
}

/** Time below, values at the left; a second axis, unseen, is what marks stand by. */
function axes({ px, now, lang, timeZone }: LineInput, from: number): Pick<EChartsOption, "xAxis" | "yAxis"> {
  const label = { color: palette().muted, fontSize: px(0.85), fontFamily: FONT.figures };
  return {
    xAxis: {
      type: "time",
      min: from,
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
        scale: true,
        splitNumber: 3,
        splitLine: { lineStyle: { color: palette().hairline } },
        axisLabel: { ...label, formatter: (value: number) => shortNumber(value, lang) },
      },
      { type: "value", show: false, min: 0, max: 1 },
    ],
  };
}

/** The whole option of a line chart: pure, `now` is an argument. */
export function lineOption(input: LineInput): EChartsOption {
  const { px, now } = input;
  const from = now - input.span * 1000;
  const many = input.lines.length > 1;
  return {
    // Fixed margins: measuring labels at each painting costs as much as the line, and makes the plot jump.
    grid: { left: px(LEFT), right: px(RIGHT), top: px(many ? 2.1 : 0.9), bottom: px(1.9) },
    legend: many
      ? {
          data: input.lines.map(({ name }) => name),
          top: 0,
          left: px(0.8),
          itemWidth: px(0.9),
          itemHeight: px(0.2),
          itemGap: px(1.1),
          icon: "rect",
          textStyle: { color: palette().muted, fontSize: px(0.9), fontFamily: FONT.text },
        }
      : { show: false },
    ...axes(input, from),
    series: [
      ...input.lines.map((line, i): LineSeriesOption => ({
        type: "line",
        name: line.name,
        showSymbol: false,
        dimensions: ["at", "value"],
        data: (line.series ? linePoints(line.series, from, line.rhythm) : new Float64Array(0)) as unknown as number[],
        lineStyle: { width: px(0.13), color: seriesColor(i, line.color) },
        itemStyle: { color: seriesColor(i, line.color) },
        ...(input.area && i === 0 ? { areaStyle: { color: seriesColor(0, line.color), opacity: 0.14 } } : {}),
        silent: true,
      })),
      ...markSeries(input, from),
    ],
  };
}
