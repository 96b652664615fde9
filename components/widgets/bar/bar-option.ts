import type { EChartsOption } from "echarts";
import type { Lang } from "@/lib/contract/city";
import { formatValue } from "@/components/ui/i18n";
import { COLORS, FONT } from "@/components/ui/theme";

export interface Bar {
  name: string;
  value: number | null;
  decimals: number;
  /** what stands for the value where it must not be told */
  hidden?: string | undefined;
  highlight: boolean;
  fresh: boolean;
}

/** Highest first; what has no value comes last. Equal values keep their order. */
export function rank(bars: Bar[]): Bar[] {
  return [...bars].sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
}

/** The first `limit`, the last of them giving way to the highlighted one where it would fall out. */
export function cut(bars: Bar[], limit: number | undefined): Bar[] {
  if (limit === undefined || bars.length <= limit) return bars;
  const lost = bars.slice(limit).find((bar) => bar.highlight);
  return lost ? [...bars.slice(0, limit - 1), lost] : bars.slice(0, limit);
}

/** Horizontal bars, the first on top. */
export function barOption(bars: Bar[], lang: Lang, px: (rems: number) => number): EChartsOption {
  const labels = { color: COLORS.muted, fontSize: px(1), fontFamily: FONT.text };
  return {
    grid: { left: px(0.9), right: px(1), top: px(0.2), bottom: px(0.5), containLabel: true },
    xAxis: { type: "value", show: false, min: 0, max: "dataMax" },
    yAxis: [
      { type: "category", inverse: true, data: bars.map((bar) => bar.name), axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...labels, interval: 0 } },
      {
        type: "category", inverse: true, position: "right", axisLine: { show: false }, axisTick: { show: false },
        data: bars.map((bar) => ({ value: bar.value === null ? "–" : (bar.hidden ?? formatValue(bar.value, bar.decimals, lang)), textStyle: { color: bar.fresh ? COLORS.text : COLORS.faint } })),
        axisLabel: { ...labels, interval: 0, fontSize: px(1.05), fontFamily: FONT.figures },
      },
    ],
    series: [{
      type: "bar", barMaxWidth: px(0.75), silent: true, showBackground: true, backgroundStyle: { color: "#17232d", borderRadius: px(0.2) },
      data: bars.map((bar, i) => ({
        value: bar.value ?? 0,
        itemStyle: { color: !bar.fresh ? COLORS.faint : bar.highlight || i === 0 ? COLORS.accent : "#2f8579", borderRadius: px(0.2) },
      })),
    }],
  };
}
