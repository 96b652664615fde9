import type { EChartsOption } from "echarts";
import { formatTime } from "@/components/ui/i18n";
import { FONT, palette } from "@/components/ui/theme";
import { tickText, valueScale, type ValueScale } from "@/components/ui/value-scale";
import { BOTTOM } from "./line-ends";
import type { Drawn, LineInput } from "./line-input";
import { withTarget } from "./line-target";

/** The least and the greatest that is drawn; null of nothing. */
function extentOf(drawn: Drawn[], more: number[]): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  const take = (value: number): void => {
    if (!Number.isNaN(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  };
  for (const { points, rises } of drawn) {
    for (let i = 1; i < points.length; i += 2) take(points[i] as number);
    for (const { rise } of rises) if (rise !== null) take(rise);
  }
  for (const value of more) take(value);
  return low <= high ? [low, high] : null;
}

/** Least height (rem) that a part of the axis takes. */
const PART = 2.1;

/** Height of the plot, px. */
export function plotHeight({ height, px, room }: LineInput): number {
  return Math.max(1, height - px(room.top) - px(BOTTOM));
}

/** The axis of values for all that is drawn, and for a target that is not too far from it. */
export function scaleOf(input: LineInput, drawn: Drawn[]): ValueScale {
  const { area, count, rises, whole, percent, target, ghost, px } = input;
  const scaleFor = (more: number[]): ValueScale =>
    valueScale(extentOf(drawn, [...ghost.filter((_, i) => i % 2 === 1), ...more]), {
      // What is filled or stands on the ground is read by its height.
      fromZero: area || count || rises,
      whole,
      parts: Math.max(1, Math.min(4, Math.floor(plotHeight(input) / px(PART)))),
      most: percent ? 100 : undefined,
    });
  const bare = scaleFor([]);
  return target === null ? bare : withTarget(bare, scaleFor([target.value]));
}

/** Time below, values at the left; a second axis, unseen, is what marks stand by. */
export function axes(
  { px, now, span, lang, timeZone }: LineInput,
  scale: ValueScale,
): Pick<EChartsOption, "xAxis" | "yAxis"> {
  const label = { color: palette().muted, fontSize: px(0.85), fontFamily: FONT.figures };
  return {
    xAxis: {
      type: "time",
      min: now - span * 1000,
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
        ...scale,
        splitLine: { lineStyle: { color: palette().hairline } },
        axisLabel: { ...label, formatter: (value: number) => tickText(value, scale, lang) },
      },
      { type: "value", show: false, min: 0, max: 1 },
    ],
  };
}
