import type { LineSeriesOption } from "echarts";
import type { Quality } from "@/lib/contract/readings";
import type { Series } from "@/lib/contract/series";
import type { Token } from "@/lib/contract/theme-tokens";
import { palette } from "@/components/ui/theme";

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

interface Plot {
  from: number;
  now: number;
  width: number;
  px: (rems: number) => number;
}

/** Marks at the foot of the plot, under the moments whose values are doubted or left out as bad. */
export function markSeries(series: Series[], { from, now, width, px }: Plot): LineSeriesOption[] {
  const limit = Math.max(1, Math.floor(width / Math.max(1, px(APART))));
  const all = series.flatMap((one) => doubts(one, from, now, limit));
  return (["uncertain", "bad"] as const).map((quality) => ({
    type: "line",
    name: quality,
    yAxisIndex: 1,
    symbol: SHAPES[quality],
    symbolSize: px(MARK),
    showSymbol: true,
    showAllSymbol: true,
    silent: true,
    lineStyle: { width: 0, opacity: 0 },
    itemStyle: { color: "transparent", borderColor: palette()[SHAPE_COLORS[quality]], borderWidth: px(0.13) },
    data: all.filter((doubt) => doubt.quality === quality).map(({ at }) => [at, 0.05]),
  }));
}
