import type { EChartsOption } from "echarts";
import type { Lang } from "@/lib/contract/city";
import { formatNumber, shortNumber } from "@/components/ui/i18n";
import { FONT, palette } from "@/components/ui/theme";
import { weekday, weekdays } from "@/components/ui/weekdays";
import type { Points } from "./analysis-math";
import { axis, tip, type Px, type Writing } from "./chart-parts";
import type { RankRow } from "./measures";

/** One small curve. */
export function multipleOption(points: Points, range: [number, number], chosen: boolean): EChartsOption {
  const color = chosen ? palette().data : palette().muted;
  return {
    grid: { left: 0, right: 0, top: 2, bottom: 2 },
    xAxis: { type: "time", min: range[0], max: range[1], show: false },
    yAxis: { type: "value", scale: true, show: false },
    series: [
      {
        type: "line",
        showSymbol: false,
        silent: true,
        sampling: "lttb",
        data: points.at.map((at, i) => [at, points.value[i] ?? null]),
        lineStyle: { width: 1.5, color },
        areaStyle: { color, opacity: 0.1 },
      },
    ],
  };
}

/** How often which values came. */
export function histogramOption(
  bins: { from: number; to: number; count: number }[],
  lang: Lang,
  px: Px,
): EChartsOption {
  return {
    grid: { left: px(0.8), right: px(0.8), top: px(0.6), bottom: px(1.8) },
    tooltip: {
      trigger: "item",
      ...tip(px),
      formatter: (raw) => {
        const bin = bins[(raw as unknown as { dataIndex: number }).dataIndex];
        return bin ? `${shortNumber(bin.from, lang)} – ${shortNumber(bin.to, lang)}: <b>${bin.count}</b>` : "";
      },
    },
    xAxis: { type: "category", data: bins.map((bin) => shortNumber(bin.from, lang)), ...axis(px) },
    yAxis: { type: "value", show: false },
    series: [
      {
        type: "bar",
        barCategoryGap: "12%",
        itemStyle: { color: palette().data, opacity: 0.75 },
        data: bins.map((bin) => bin.count),
      },
    ],
  };
}

/** Mean by hour and weekday. */
export function gridOption(grid: (number | null)[][], { lang, decimals }: Writing, px: Px): EChartsOption {
  const cells = grid.flatMap((row, day) =>
    row.flatMap((value, hour) => (value === null ? [] : [[hour, day, value] as [number, number, number]])),
  );
  const values = cells.map(([, , value]) => value);
  return {
    grid: { left: px(lang === "zh" ? 1.9 : 3), right: px(0.8), top: px(0.4), bottom: px(1.8) },
    tooltip: {
      ...tip(px),
      formatter: (raw) => {
        const [hour, day, value] = (raw as unknown as { value: [number, number, number] }).value;
        return (
          `${weekday(day, lang, "column")} ${String(hour).padStart(2, "0")}:00 ` +
          `<b>${formatNumber(value, decimals, lang)}</b>`
        );
      },
    },
    xAxis: {
      type: "category",
      data: Array.from({ length: 24 }, (_, hour) => String(hour)),
      ...axis(px),
      axisLabel: { ...axis(px).axisLabel, interval: 5 },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: [...weekdays(lang, "column")],
      ...axis(px),
      axisLabel: { ...axis(px).axisLabel, fontFamily: FONT.text },
    },
    visualMap: {
      show: false,
      min: values.length > 0 ? Math.min(...values) : 0,
      max: values.length > 0 ? Math.max(...values) : 1,
      inRange: { color: [...palette().classes] },
    },
    series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: palette().panel, borderWidth: 1 } }],
  };
}

/** Districts by value, the page's own highlighted; one that nothing came from has no bar and says so. */
export function rankOption(rows: RankRow[], { lang, decimals }: Writing, px: Px): EChartsOption {
  return {
    grid: { left: px(4.6), right: px(5), top: px(0.3), bottom: px(0.3) },
    xAxis: { type: "value", show: false },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => row.name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: palette().muted, fontSize: px(0.95), fontFamily: FONT.text },
    },
    series: [
      {
        type: "bar",
        barWidth: px(0.75),
        data: rows.map((row) => ({
          value: row.value ?? 0,
          itemStyle: { color: row.own ? palette().data : palette()["data-soft"], borderRadius: px(0.2) },
        })),
        label: {
          show: true,
          position: "right",
          color: palette().ink,
          fontSize: px(0.95),
          fontFamily: FONT.figures,
          formatter: ({ dataIndex }) => rankLabel(rows[dataIndex], decimals, lang),
        },
      },
    ],
  };
}

/** A row's number, or "–" where there is none. */
export function rankLabel(row: RankRow | undefined, decimals: number, lang: Lang): string {
  return row === undefined || row.value === null ? "–" : formatNumber(row.value, decimals, lang);
}

/** Two metrics against each other. */
export function scatterOption(points: [number, number][], lang: Lang, px: Px): EChartsOption {
  const value = {
    type: "value" as const,
    scale: true,
    splitLine: { lineStyle: { color: palette().hairline } },
    ...axis(px),
    axisLabel: { ...axis(px).axisLabel, formatter: (v: number) => shortNumber(v, lang) },
  };
  return {
    grid: { left: px(3.6), right: px(0.8), top: px(0.6), bottom: px(1.8) },
    xAxis: { ...value, splitLine: { show: false } },
    yAxis: { ...value, splitNumber: 3 },
    series: [
      { type: "scatter", symbolSize: px(0.4), itemStyle: { color: palette().data, opacity: 0.55 }, data: points },
    ],
  };
}
