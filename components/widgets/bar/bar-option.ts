import type { EChartsOption } from "echarts";
import type { Quality } from "@/lib/contract/readings";
import { COLORS, FONT, MARKS } from "@/components/ui/theme";

export interface Bar {
  name: string;
  /** what is written beside it */
  text: string;
  /** what it is ranked and drawn by; null where it does not count, being dead, bad or not there */
  value: number | null;
  quality: Quality | null;
  highlight: boolean;
}

/** Highest first; what does not count comes last. Equal values keep their order. */
export function rank(bars: Bar[]): Bar[] {
  return [...bars].sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
}

/** The first `limit`, the last of them giving way to the highlighted one where it would fall out. */
export function cut(bars: Bar[], limit: number | undefined): Bar[] {
  if (limit === undefined || bars.length <= limit) return bars;
  const lost = bars.slice(limit).find((bar) => bar.highlight);
  return lost ? [...bars.slice(0, limit - 1), lost] : bars.slice(0, limit);
}

/** The value as it is written: a doubted one has its mark before it, a bad one is replaced by its own. */
function written({ text, quality }: Bar): string {
  if (quality === "bad") return MARKS.bad;
  return quality === "uncertain" ? `${MARKS.uncertain} ${text}` : text;
}

function labelStyle({ value, quality }: Bar, px: (rems: number) => number): { color: string; fontSize: number } {
  if (quality === "bad") return { color: COLORS.stale, fontSize: px(1.6) };
  return { color: value === null ? COLORS.faint : COLORS.text, fontSize: px(1.05) };
}

/** Horizontal bars, the first on top; one that does not count has no length. */
export function barOption(bars: Bar[], px: (rems: number) => number): EChartsOption {
  const labels = { color: COLORS.muted, fontSize: px(1), fontFamily: FONT.text };
  return {
    grid: { left: px(0.9), right: px(1), top: px(0.2), bottom: px(0.5), containLabel: true },
    xAxis: { type: "value", show: false, min: 0, max: "dataMax" },
    yAxis: [
      {
        type: "category",
        inverse: true,
        data: bars.map((bar) => bar.name),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...labels, interval: 0 },
      },
      {
        type: "category",
        inverse: true,
        position: "right",
        axisLine: { show: false },
        axisTick: { show: false },
        data: bars.map((bar) => ({ value: written(bar), textStyle: labelStyle(bar, px) })),
        axisLabel: { ...labels, interval: 0, fontSize: px(1.05), fontFamily: FONT.figures },
      },
    ],
    series: [
      {
        type: "bar",
        barMaxWidth: px(0.75),
        silent: true,
        showBackground: true,
        backgroundStyle: { color: "#17232d", borderRadius: px(0.2) },
        data: bars.map((bar, i) => ({
          value: bar.value ?? 0,
          itemStyle: { color: bar.highlight || i === 0 ? COLORS.accent : "#2f8579", borderRadius: px(0.2) },
        })),
      },
    ],
  };
}
