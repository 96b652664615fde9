import type { EChartsOption, LineSeriesOption } from "echarts";
import type { CityEvent } from "@/lib/contract/events";
import type { Annotation } from "@/lib/contract/history";
import { formatNumber, shortNumber, t } from "@/components/ui/i18n";
import { stamp } from "@/components/ui/stamp";
import { FONT, palette, seriesColor, severityColor } from "@/components/ui/theme";
import type { NormalAt, Outlier, Points } from "./analysis-math";
import { axis, escape, tip, type Px, type Writing } from "./chart-parts";

const HOUR = 3_600_000;

export interface Curve {
  name: string;
  points: Points;
  /** what it is compared with is drawn thinner and dashed */
  compared: boolean;
  /** points whose bucket begins here or later, or holds it, may still change: they are hollow; null where none may */
  provisionalFrom: number | null;
}

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
      itemStyle: { color: severityColor(event.severity) },
    })),
    ...(chosen
      ? {
          markLine: {
            symbol: "none",
            silent: true,
            label: { show: false },
            lineStyle: { color: severityColor(chosen.severity), width: px(0.1), type: "solid" as const },
            data: [{ xAxis: chosen.at }],
          },
        }
      : {}),
    markArea: {
      silent: true,
      itemStyle: { color: palette().note, opacity: 0.13 },
      label: { color: palette().note, fontSize: px(0.95), fontFamily: FONT.text, position: "insideTop" as const },
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
    itemStyle: { color: palette().panel, borderColor: color, borderWidth: px(0.14) },
    data: data.slice(-HOLLOW),
    tooltip: { show: false },
    silent: true,
    z: 5,
  };
}

/** What is normal at the hours of a range, and what is not. */
interface Band {
  at: NormalAt;
  outliers: Outlier[];
  /** where in its hour (0 to 1) an hourly value stands: its middle for a mean, its end for a last value */
  within: number;
}

interface RangeInput {
  curves: Curve[];
  normal: Band;
  /** ms */
  range: [number, number];
  marks: Marks;
  writing: Writing;
  px: Px;
}

/** Outliers that are marked. */
const OUTLIERS_SHOWN = 60;
/** A range longer than this (ms) has dates under it, a shorter one times. */
const BY_DATE = 2.5 * 86_400_000;

/** What is normal as a band: its lower edge, unseen, and its height upon that. */
function bandSeries({ at, within }: Band, range: [number, number]): LineSeriesOption[] {
  const normal = hoursOf(range).map((hour) => [hour + within * HOUR, at(hour)] as const);
  const hidden = {
    type: "line" as const,
    symbol: "none",
    silent: true,
    lineStyle: { opacity: 0 },
    stack: "normal",
    tooltip: { show: false },
  };
  return [
    { ...hidden, name: "low", data: normal.map(([moment, band]) => [moment, band?.low ?? null]) },
    {
      ...hidden,
      name: "high",
      areaStyle: { color: palette().band, opacity: 0.22 },
      data: normal.map(([moment, band]) => [moment, band ? band.high - band.low : null]),
    },
  ];
}

function curveSeries(curve: Curve, i: number, px: Px): LineSeriesOption {
  const color = seriesColor(i);
  return {
    type: "line",
    name: curve.name,
    showSymbol: false,
    sampling: "lttb",
    connectNulls: false,
    data: curve.points.at.map((at, k) => [at, curve.points.value[k] ?? null]),
    lineStyle: { width: px(curve.compared ? 0.1 : 0.16), type: curve.compared ? "dashed" : "solid", color },
    itemStyle: { color },
    z: curve.compared ? 2 : 3,
  };
}

function outlierSeries({ outliers, within }: Band, px: Px) {
  return {
    type: "scatter" as const,
    name: "outliers",
    symbolSize: px(0.65),
    itemStyle: { color: palette().stale },
    data: outliers.slice(0, OUTLIERS_SHOWN).map(({ at, value }) => [at + within * HOUR, value]),
    tooltip: { show: false },
    z: 4,
  };
}

/** What stands beside the pointer: the moment, and each curve's value there; one that may still change says so. */
function rangeTip(curves: Curve[], { lang, timeZone, decimals }: Writing): (raw: unknown) => string {
  const dot = (color: string): string =>
    `<span style="display:inline-block;width:.6em;height:.6em;border-radius:50%;background:${color};margin-right:.5em"></span>`;
  return (raw) => {
    const items = (raw as { seriesName: string; color: string; value: [number, number | null] }[]).flatMap((item) => {
      const curve = curves.find(({ name }) => name === item.seriesName);
      return curve ? [{ ...item, curve }] : [];
    });
    const at = items[0]?.value[0];
    if (at === undefined) return "";
    const rows = items.map(({ curve, color, value: [moment, value] }) => {
      const hollow = provisionalOf(curve)[curve.points.at.indexOf(moment)];
      const number = value === null ? "–" : formatNumber(value, decimals, lang);
      return `${dot(color)}${escape(curve.name)} <b>${number}</b>${hollow ? ` ${t(lang, "provisional")}` : ""}`;
    });
    return `${stamp(at, timeZone)}<br>${rows.join("<br>")}`;
  };
}

function rangeAxes({ range, writing: { lang, timeZone }, px }: RangeInput): Pick<EChartsOption, "xAxis" | "yAxis"> {
  const byDate = range[1] - range[0] > BY_DATE;
  const label = axis(px).axisLabel;
  return {
    xAxis: {
      type: "time",
      min: range[0],
      max: range[1],
      ...axis(px),
      splitLine: { show: false },
      axisLabel: {
        ...label,
        formatter: (at: number) => (byDate ? stamp(at, timeZone).slice(0, 5) : stamp(at, timeZone).slice(6)),
      },
    },
    yAxis: [
      {
        type: "value",
        scale: true,
        splitNumber: 4,
        splitLine: { lineStyle: { color: palette().hairline } },
        ...axis(px),
        axisLabel: { ...label, formatter: (value: number) => shortNumber(value, lang) },
      },
      { type: "value", min: 0, max: 1, show: false },
    ],
  };
}

/** The range's curves over what is normal, outliers marked, what may still change hollow. */
export function rangeOption(input: RangeInput): EChartsOption {
  const { curves, normal, range, marks, writing, px } = input;
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
      textStyle: { color: palette().muted, fontSize: px(0.95), fontFamily: FONT.text },
    },
    tooltip: { trigger: "axis", ...tip(px), formatter: rangeTip(curves, writing) },
    // Its button is not shown: the mouse draws a range at once.
    toolbox: { show: true, showTitle: false, itemSize: 0, feature: { dataZoom: { yAxisIndex: "none" } } },
    ...rangeAxes(input),
    series: [
      markSeries(marks, px),
      ...bandSeries(normal, range),
      ...curves.map((curve, i) => curveSeries(curve, i, px)),
      ...curves.map((curve, i) => hollowPoints(curve, seriesColor(i), px)),
      outlierSeries(normal, px),
    ],
  };
}
