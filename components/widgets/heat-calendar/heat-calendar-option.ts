import type { EChartsOption } from "echarts";
import type { Lang, Metric } from "@/lib/contract/city";
import type { Series } from "@/lib/contract/series";
import { zoned } from "@/lib/clock";
import { shortNumber } from "@/components/ui/i18n";
import { COLORS, FONT, RAMP } from "@/components/ui/theme";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const WEEKDAYS = { zh: ["一", "二", "三", "四", "五", "六", "日"], en: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] } as const;

/**
 * Cells `[hour, weekday, value]` of the seven days before `now`, in the city's zone. A day counter gives what
 * each hour added (its own last value less the last one of the hour before, within the same day); a gauge
 * its last value in the hour. Hours nothing is known of have no cell.
 */
export function heatCells(series: Series, metric: Metric, now: number, timeZone: string): [number, number, number][] {
  const cells: [number, number, number][] = [];
  for (let i = series.indexFrom(now - 7 * DAY); i < series.length; i++) {
    const at = series.at(i);
    const here = zoned(at, timeZone);
    if (metric.kind === "gauge") {
      cells.push([here.hour, here.weekday, series.value(i)]);
      continue;
    }
    const before = i > 0 && at - series.at(i - 1) <= 1.99 * HOUR ? zoned(series.at(i - 1), timeZone) : null;
    if (here.hour === 0 && metric.kind === "day") cells.push([0, here.weekday, series.value(i)]);
    else if (before && (metric.kind === "total" || before.day === here.day)) cells.push([here.hour, here.weekday, Math.max(0, series.value(i) - series.value(i - 1))]);
  }
  return cells;
}

/** Weekdays down, hours across. */
export function heatOption(cells: [number, number, number][], lang: Lang, px: (rems: number) => number): EChartsOption {
  const values = cells.map((cell) => cell[2]);
  const label = { color: COLORS.muted, fontSize: px(0.85), fontFamily: FONT.text };
  return {
    grid: { left: px(0.9), right: px(0.9), top: px(0.4), bottom: px(2.2), containLabel: true },
    xAxis: { type: "category", data: Array.from({ length: 24 }, (_, hour) => String(hour)), axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...label, fontFamily: FONT.figures, interval: 2 } },
    yAxis: { type: "category", inverse: true, data: [...WEEKDAYS[lang]], axisLine: { show: false }, axisTick: { show: false }, axisLabel: label },
    visualMap: {
      type: "continuous", min: 0, max: Math.max(1, ...values), calculable: false, orient: "horizontal", left: "center", bottom: 0, itemWidth: px(0.6), itemHeight: px(9),
      inRange: { color: RAMP.map(([r, g, b]) => `rgb(${r},${g},${b})`) }, text: [shortNumber(Math.max(0, ...values), lang), "0"], textStyle: { ...label, fontFamily: FONT.figures },
    },
    series: [{ type: "heatmap", data: cells, silent: true, itemStyle: { borderColor: COLORS.panel, borderWidth: px(0.12), borderRadius: px(0.12) } }],
  };
}
