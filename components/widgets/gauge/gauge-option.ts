import type { EChartsOption } from "echarts";
import { COLORS } from "@/components/ui/theme";

export interface GaugeInput {
  value: number;
  min: number;
  max: number;
  warning: boolean;
  fresh: boolean;
  size: number;
}

/** True when the value is past `warn`, on the side that is worse for the metric. */
export function isWarning(value: number, warn: number | undefined, better: "up" | "down" | "none"): boolean {
  if (warn === undefined) return false;
  return better === "up" ? value < warn : value >= warn;
}

/** Steps an arc is drawn in: finer than a pixel of the largest gauge on a 1080-line screen. */
const STEPS = 600;

/** Which step of its arc a value stands on; outside the ends, on the nearer one. */
export function arcStep(value: number, min: number, max: number): number {
  return Math.round(((Math.max(min, Math.min(max, value)) - min) / (max - min)) * STEPS);
}

/** A three-quarter arc; its value is written by the page, so that it can be selected and read aloud. */
export function gaugeOption({ value, min, max, warning, fresh, size }: GaugeInput): EChartsOption {
  const width = Math.max(4, size * 0.075);
  const color = !fresh ? COLORS.faint : warning ? COLORS.late : COLORS.accent;
  return {
    series: [{
      type: "gauge", min, max, startAngle: 215, endAngle: -35, radius: "92%", center: ["50%", "56%"], silent: true,
      progress: { show: true, width, roundCap: true, itemStyle: { color } },
      axisLine: { roundCap: true, lineStyle: { width, color: [[1, "#1a2833"]] } },
      pointer: { show: false }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { show: false }, detail: { show: false }, title: { show: false },
      data: [{ value: Math.max(min, Math.min(max, value)) }],
    }],
  };
}
