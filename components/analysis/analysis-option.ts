import type { EChartsOption } from "echarts";
import type { CityFacts, District, Lang } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import type { Annotation } from "@/lib/contract/history";
import { formatNumber, shortNumber, t } from "@/components/ui/i18n";
import { stamp } from "@/components/ui/stamp";
import { COLORS, FONT, SERIES, SEVERITY } from "@/components/ui/theme";
import { weekday, weekdays } from "@/components/ui/weekdays";
import type { NormalAt, Outlier, Points } from "./analysis-math";
import type { RankRow } from "./measures";

type Px = (rems: number) => number;

export interface Curve {
  name: string;
  points: Points;
  /** what it is compared with is drawn thinner and dashed */
  compared: boolean;
  /** points whose bucket begins here or later, or holds it, may still change: they are hollow; null where none may */
  provisionalFrom: number | null;
}

/** How times, values and words are written on these charts. */
export interface Writing {
  lang: Lang;
  timeZone: string;
  decimals: number;
}

const axis = (px: Px) => ({
  axisLine: { lineStyle: { color: COLORS.line } },
  axisTick: { show: false },
  axisLabel: { color: COLORS.muted, fontSize: px(0.85), fontFamily: FONT.figures, hideOverlap: true },
});
const tip = (px: Px) => ({
  backgroundColor: "#0e1720",
  borderColor: COLORS.line,
  padding: px(0.6),
  textStyle: { color: COLORS.text, fontSize: px(0.95), fontFamily: FONT.text },
});

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

const HOUR = 3_600_000;

/** What is told of a stretch of time beside its numbers. */
export interface Marks {
  events: CityEvent[];
  chosen: CityEvent | null;
  notes: Annotation[];
}

/** Events that one chart marks; more would be a band. */
const MARKED = 400;
/** Characters of a note on the chart. */
const NOTE_SHOWN = 14;

/** Events at the foot of the chart, the chosen one through all of it, notes as stretches. */
function markSeries({ events, chosen, notes }: Marks, px: Px) {
  const short = (text: string): string => (text.length > NOTE_SHOWN ? `${text.slice(0, NOTE_SHOWN)}…` : text);
  return {
    type: "scatter" as const,
    name: EVENT_MARKS,
    yAxisIndex: 1,
    symbol: "diamond",
    z: 5,
    data: events.slice(0, MARKED).map((event) => ({
      value: [event.at, 0.025],
      symbolSize: px(event.id === chosen?.id ? 1 : 0.6),
      itemStyle: { color: SEVERITY[event.severity - 1] },
    })),
    ...(chosen
      ? {
          markLine: {
            symbol: "none",
            silent: true,
            label: { show: false },
            lineStyle: { color: SEVERITY[chosen.severity - 1], width: px(0.1), type: "solid" as const },
            data: [{ xAxis: chosen.at }],
          },
        }
      : {}),
    markArea: {
      silent: true,
      itemStyle: { color: "#e3ad45", opacity: 0.13 },
      label: { color: "#e9c98a", fontSize: px(0.95), fontFamily: FONT.text, position: "insideTop" as const },
      // A note on a moment is given a width that can be seen.
      data: notes.map(
        ({ from, to, text }) =>
          [{ name: short(text), xAxis: from }, { xAxis: Math.max(to, from + 60_000) }] as [
            { name: string; xAxis: number },
            { xAxis: number },
          ],
      ),
    },
  };
}

/** Name of the series whose items are events. */
export const EVENT_MARKS = "events";

/** Starts (ms) of the hours of a range, and of the one before it. */
export function hoursOf([from, to]: [number, number]): number[] {
  return Array.from(
    { length: Math.max(0, Math.ceil((to - from) / HOUR)) + 1 },
    (_, i) => (Math.floor(from / HOUR) - 1 + i) * HOUR,
  );
}

/** Which of a curve's points may still change. */
export function provisionalOf({ points: { at }, provisionalFrom }: Curve): boolean[] {
  return at.map((_, i) => provisionalFrom !== null && (at[i + 1] ?? Infinity) > provisionalFrom);
}

/** More hollow points than these would be a line of their own. */
const HOLLOW = 60;

/** Points that may still change, hollow. */
function hollowPoints(curve: Curve, color: string | undefined, px: Px) {
  const provisional = provisionalOf(curve);
  const data = curve.points.at.flatMap((at, i) =>
    provisional[i] && curve.points.value[i] !== null ? [[at, curve.points.value[i]] as [number, number]] : [],
  );
  return {
    type: "scatter" as const,
    name: "provisional",
    symbol: "circle",
    symbolSize: px(0.75),
    itemStyle: { color: COLORS.panel, borderColor: color, borderWidth: px(0.14) },
    data: data.slice(-HOLLOW),
    tooltip: { show: false },
    silent: true,
    z: 5,
  };
}

/**
 * The range's curves over what is normal, outliers marked, what may still change hollow.
 * @param within where in its hour (0 to 1) an hourly value stands: its middle for a mean, its end for a last value
 */
export function rangeOption(
  curves: Curve[],
  normalAt: NormalAt,
  found: Outlier[],
  range: [number, number],
  within: number,
  marks: Marks,
  { lang, timeZone, decimals }: Writing,
  px: Px,
): EChartsOption {
  const hours = hoursOf(range);
  const normal = hours.map((at) => [at + within * HOUR, normalAt(at)] as const);
  const hollow = (name: string, at: number): boolean =>
    curves.some((curve) => curve.name === name && provisionalOf(curve)[curve.points.at.indexOf(at)]);
  const hidden = {
    type: "line" as const,
    symbol: "none",
    silent: true,
    lineStyle: { opacity: 0 },
    stack: "normal",
    tooltip: { show: false },
  };
  const dot = (color: string): string =>
    `<span style="display:inline-block;width:.6em;height:.6em;border-radius:50%;background:${color};margin-right:.5em"></span>`;
  return {
    grid: { left: px(4.2), right: px(1.2), top: px(2.3), bottom: px(2) },
    legend: {
      top: px(0.2),
      left: px(1),
      itemWidth: px(1.1),
      itemHeight: px(0.22),
      itemGap: px(1.4),
      icon: "rect",
      data: curves.map((curve) => curve.name),
      textStyle: { color: COLORS.muted, fontSize: px(0.95), fontFamily: FONT.text },
    },
    tooltip: {
      trigger: "axis",
      ...tip(px),
      formatter: (raw) => {
        const items = (
          raw as unknown as { seriesName: string; color: string; value: [number, number | null] }[]
        ).filter((item) => curves.some((curve) => curve.name === item.seriesName));
        const at = items[0]?.value[0];
        return at === undefined
          ? ""
          : `${stamp(at, timeZone)}<br>${items.map((item) => `${dot(item.color)}${escape(item.seriesName)} <b>${item.value[1] === null ? "–" : formatNumber(item.value[1], decimals, lang)}</b>${hollow(item.seriesName, at) ? ` ${t(lang, "provisional")}` : ""}`).join("<br>")}`;
      },
    },
    // Its button is not shown: the mouse draws a range at once.
    toolbox: { show: true, showTitle: false, itemSize: 0, feature: { dataZoom: { yAxisIndex: "none" } } },
    xAxis: {
      type: "time",
      min: range[0],
      max: range[1],
      ...axis(px),
      splitLine: { show: false },
      axisLabel: {
        ...axis(px).axisLabel,
        formatter: (at: number) =>
          stamp(at, timeZone).slice(
            range[1] - range[0] > 2.5 * 86_400_000 ? 0 : 6,
            range[1] - range[0] > 2.5 * 86_400_000 ? 5 : undefined,
          ),
      },
    },
    yAxis: [
      {
        type: "value",
        scale: true,
        splitNumber: 4,
        splitLine: { lineStyle: { color: COLORS.line } },
        ...axis(px),
        axisLabel: { ...axis(px).axisLabel, formatter: (value: number) => shortNumber(value, lang) },
      },
      { type: "value", min: 0, max: 1, show: false },
    ],
    series: [
      markSeries(marks, px),
      { ...hidden, name: "low", data: normal.map(([at, b]) => [at, b?.low ?? null]) },
      {
        ...hidden,
        name: "high",
        areaStyle: { color: "#7d93a8", opacity: 0.16 },
        data: normal.map(([at, b]) => [at, b ? b.high - b.low : null]),
      },
      ...curves.map((curve, i) => ({
        type: "line" as const,
        name: curve.name,
        showSymbol: false,
        sampling: "lttb" as const,
        connectNulls: false,
        data: curve.points.at.map((at, k) => [at, curve.points.value[k] ?? null]),
        lineStyle: {
          width: px(curve.compared ? 0.1 : 0.16),
          type: curve.compared ? ("dashed" as const) : ("solid" as const),
          color: SERIES[i % SERIES.length],
        },
        itemStyle: { color: SERIES[i % SERIES.length] },
        z: curve.compared ? 2 : 3,
      })),
      ...curves.map((curve, i) => hollowPoints(curve, SERIES[i % SERIES.length], px)),
      {
        type: "scatter",
        name: "outliers",
        symbolSize: px(0.65),
        itemStyle: { color: COLORS.stale },
        data: found.slice(0, 60).map(({ at, value }) => [at + within * HOUR, value]),
        tooltip: { show: false },
        z: 4,
      },
    ],
  };
}

/** One small curve. */
export function multipleOption(points: Points, range: [number, number], chosen: boolean): EChartsOption {
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
        lineStyle: { width: 1.5, color: chosen ? COLORS.accent : COLORS.muted },
        areaStyle: { color: chosen ? COLORS.accent : COLORS.muted, opacity: 0.1 },
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
        itemStyle: { color: COLORS.accent, opacity: 0.75 },
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
        return `${weekday(day, lang, "column")} ${String(hour).padStart(2, "0")}:00 <b>${formatNumber(value, decimals, lang)}</b>`;
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
      inRange: { color: ["#182b38", "#1a424d", "#1e5c61", "#267d79", "#43c6b1"] },
    },
    series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: COLORS.panel, borderWidth: 1 } }],
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
      axisLabel: { color: COLORS.muted, fontSize: px(0.95), fontFamily: FONT.text },
    },
    series: [
      {
        type: "bar",
        barWidth: px(0.75),
        data: rows.map((row) => ({
          value: row.value ?? 0,
          itemStyle: { color: row.own ? COLORS.accent : "#2c5a5f", borderRadius: px(0.2) },
        })),
        label: {
          show: true,
          position: "right",
          color: COLORS.text,
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
    splitLine: { lineStyle: { color: COLORS.line } },
    ...axis(px),
    axisLabel: { ...axis(px).axisLabel, formatter: (v: number) => shortNumber(v, lang) },
  };
  return {
    grid: { left: px(3.6), right: px(0.8), top: px(0.6), bottom: px(1.8) },
    xAxis: { ...value, splitLine: { show: false } },
    yAxis: { ...value, splitNumber: 3 },
    series: [{ type: "scatter", symbolSize: px(0.4), itemStyle: { color: SERIES[1], opacity: 0.55 }, data: points }],
  };
}

/** Name of the series of the map whose items are events. */
export const MAP_EVENTS = "mapEvents";

/** Fill of a place that nothing came from. */
export type Hatch = { image: HTMLCanvasElement; repeat: "repeat" };

/** Places shaded by value, those without one hatched, its events as points; the page's own district outlined. */
export function mapOption(
  city: CityFacts,
  adcode: string,
  places: District[],
  values: Map<string, number>,
  missing: Hatch,
  { events, chosen }: Pick<Marks, "events" | "chosen">,
  { lang, decimals }: Writing,
  px: Px,
): EChartsOption {
  const known = [...values.values()];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const SHADES = ["#152a36", "#183a46", "#1b4a53", "#1f5e63", "#267d79"];
  const shade = (value: number): string =>
    high === low
      ? "#182530"
      : (SHADES[Math.min(SHADES.length - 1, Math.floor(((value - low) / (high - low)) * SHADES.length))] as string);
  const fill = (code: string): string | Hatch => {
    const value = values.get(code);
    return value === undefined ? missing : shade(value);
  };
  // Many points are drawn finer, or they would hide the city.
  const [size, opacity] = events.length > 300 ? [0.26, 0.6] : [0.45, 0.8];
  const nameOf = (code: string): string =>
    places.find((d) => d.adcode === code)?.short[lang] ?? (code === city.adcode ? city.name[lang] : code);
  return {
    tooltip: {
      ...tip(px),
      formatter: (raw) => {
        const { componentType, name, dataIndex } = raw as unknown as {
          componentType: string;
          name: string;
          dataIndex: number;
        };
        const event = componentType === "series" ? events[dataIndex] : undefined;
        if (event) return `${stamp(event.at, city.timeZone)}<br>${escape(event.title)}`;
        const value = values.get(name);
        return `${escape(nameOf(name))} <b>${value === undefined ? t(lang, "noneFrom") : formatNumber(value, decimals, lang)}</b>`;
      },
    },
    geo: {
      map: city.id,
      nameProperty: "adcode",
      left: px(0.8),
      right: px(0.8),
      top: px(0.4),
      bottom: px(0.6),
      aspectScale: Math.cos((((city.bounds[0][1] + city.bounds[1][1]) / 2) * Math.PI) / 180),
      itemStyle: { areaColor: "#182530", borderColor: COLORS.panel, borderWidth: px(0.1) },
      emphasis: { itemStyle: { areaColor: "#2f8f86" }, label: { color: COLORS.text } },
      label: {
        show: true,
        color: "#b9c7d3",
        fontSize: px(0.9),
        fontFamily: FONT.text,
        formatter: ({ name }: { name: string }) => nameOf(name),
      },
      regions: places.map((d) => ({
        name: d.adcode,
        itemStyle: {
          areaColor: fill(d.adcode),
          ...(d.adcode === adcode ? { borderColor: COLORS.accent, borderWidth: px(0.16) } : {}),
        },
      })),
    },
    series: [
      {
        type: "scatter",
        name: MAP_EVENTS,
        coordinateSystem: "geo",
        data: events.map((event) => ({
          value: [event.lon ?? NaN, event.lat ?? NaN],
          symbolSize: px(event.id === chosen?.id ? 1.1 : size),
          itemStyle: {
            color: SEVERITY[event.severity - 1],
            opacity: event.id === chosen?.id ? 1 : opacity,
            ...(event.id === chosen?.id ? { borderColor: "#fff", borderWidth: px(0.12) } : {}),
          },
        })),
      },
    ],
  };
}
