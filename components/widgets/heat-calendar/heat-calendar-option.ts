import type { EChartsOption } from "echarts";
import type { Lang, Metric } from "@/lib/contract/city";
import type { Series } from "@/lib/contract/series";
import { dayStart, zoned } from "@/lib/clock";
import { sameTimeBefore } from "@/lib/clock/same-time";
import { shortNumber } from "@/components/ui/i18n";
import { FONT, palette } from "@/components/ui/theme";
import { weekdays } from "@/components/ui/weekdays";

const HOUR = 3_600_000;

/** What one hour's cell is made of: a moment (ms) within that hour, and what it adds. */
interface Piece {
  moment: number;
  value: number;
}

/**
 * Cells `[hour, weekday, value]` of today and the six days before it, in the city's zone: each weekday stands for one
 * date, so that what is still to come of today stays empty. A counter gives what each hour added (the last value of an
 * hour less the one before it, of a day's count within the same day); a gauge its last value in the hour. Hours nothing
 * is known of have no cell; of one that the clocks show twice, a counter's is the sum.
 */
export function heatCells(series: Series, metric: Metric, now: number, timeZone: string): [number, number, number][] {
  const from = sameTimeBefore(dayStart(now, timeZone), 6, timeZone);
  const known = Array.from({ length: series.length }, (_, i) => i).filter((i) => series.quality(i) !== "bad");
  const cells = new Map<number, [number, number, number]>();
  known.forEach((i, k) => {
    const at = series.at(i);
    if (at < from || at > now) return;
    const pieces =
      metric.kind === "gauge"
        ? [{ moment: at, value: series.value(i) }]
        : addedBy(series, i, known[k - 1], metric, timeZone);
    for (const { moment, value } of pieces) {
      if (moment < from) continue;
      const { hour, weekday } = zoned(moment, timeZone);
      const before = metric.kind === "gauge" ? 0 : (cells.get(weekday * 24 + hour)?.[2] ?? 0);
      cells.set(weekday * 24 + hour, [hour, weekday, before + value]);
    }
  });
  return [...cells.values()];
}

/**
 * What a counter rose since the value before it. Of an hour's time it belongs to the hour in which most of it lies: a
 * source that reports on the full hour tells then what the hour before brought. Of nearly two hours each has half. None
 * where the value before is not known.
 */
function addedBy(series: Series, i: number, before: number | undefined, metric: Metric, timeZone: string): Piece[] {
  const at = series.at(i);
  const midnight = dayStart(at, timeZone);
  if (metric.kind === "day" && at - midnight < HOUR) return [{ moment: at, value: series.value(i) }];
  if (
    before === undefined ||
    at - series.at(before) > 1.99 * HOUR ||
    (metric.kind === "day" && series.at(before) < midnight)
  )
    return [];
  const since = series.at(before);
  const value = Math.max(0, series.value(i) - series.value(before));
  if (at - since <= 1.5 * HOUR) return [{ moment: (since + at) / 2, value }];
  return [0.25, 0.75].map((part) => ({ moment: since + part * (at - since), value: value / 2 }));
}

/** Weekdays down, hours across. @param today the weekday that stands out, 0 = Monday */
export function heatOption(
  cells: [number, number, number][],
  today: number,
  lang: Lang,
  px: (rems: number) => number,
): EChartsOption {
  const values = cells.map((cell) => cell[2]);
  const label = { color: palette().muted, fontSize: px(0.85), fontFamily: FONT.text };
  return {
    grid: { left: px(0.9), right: px(0.9), top: px(0.4), bottom: px(2.2), containLabel: true },
    xAxis: {
      type: "category",
      data: Array.from({ length: 24 }, (_, hour) => String(hour)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...label, fontFamily: FONT.figures, interval: 2 },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: [...weekdays(lang, "column")],
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        ...label,
        interval: 0,
        color: (_name, index) => (index === today ? palette().ink : palette().muted),
      },
    },
    visualMap: {
      type: "continuous",
      min: 0,
      max: Math.max(1, ...values),
      calculable: false,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      itemWidth: px(0.6),
      itemHeight: px(9),
      inRange: { color: [...palette().classes] },
      text: [shortNumber(Math.max(0, ...values), lang), "0"],
      textStyle: { ...label, fontFamily: FONT.figures },
    },
    series: [
      {
        type: "heatmap",
        data: cells,
        silent: true,
        itemStyle: { borderColor: palette().panel, borderWidth: px(0.12), borderRadius: px(0.12) },
      },
    ],
  };
}
