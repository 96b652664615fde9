import type { EChartsOption } from "echarts";
import type { Quality } from "@/lib/contract/readings";
import type { DataColor } from "@/lib/contract/theme";
import { widest } from "@/components/ui/text-width";
import { FONT, MARKS, palette } from "@/components/ui/theme";

export interface Bar {
  name: string;
  /** what is written beside it */
  text: string;
  /** what it is ranked and drawn by; null where it does not count, being dead, bad or not there */
  value: number | null;
  quality: Quality | null;
  highlight: boolean;
  /** the one it has for good */
  color?: DataColor | undefined;
  /** how far it lies from what it is compared with; null where that cannot be said */
  change?: Change | null;
}

export interface Change {
  text: string;
  /** null where it is neither good nor bad */
  good: boolean | null;
}

/** Size of a change beside its value, and the least room that is left to the bars, rem. */
const CHANGE = 0.9;
const BARS = 5;
/** What the chart keeps free around names, bars and values, rem. */
const AROUND = 4;

/** Whether changes find room beside the values without leaving the bars too little. @param width of the chart, rem */
export function roomForChanges(bars: Bar[], width: number): boolean {
  const texts = widest(bars.map((bar) => bar.name)) + 1.05 * widest(bars.map((bar) => bar.text));
  return texts + changeWidth(bars) + AROUND + BARS <= width;
}

/** Width of the column of changes, rem; 0 where there is none. */
function changeWidth(bars: Bar[]): number {
  return CHANGE * widest(bars.map((bar) => bar.change?.text ?? ""));
}

type Tone = "good" | "worse" | "plain";

function toneOf({ good }: Change): Tone {
  if (good === null) return "plain";
  return good ? "good" : "worse";
}

/** The value with its change before it, in a column of its own. */
function withChange(bar: Bar): string {
  return `{${bar.change ? toneOf(bar.change) : "plain"}|${bar.change?.text ?? " "}}  ${written(bar)}`;
}

/** What the column of changes looks like. */
function changeStyles(bars: Bar[], px: (rems: number) => number) {
  const style = {
    width: px(changeWidth(bars)),
    align: "right",
    fontSize: px(CHANGE),
    fontFamily: FONT.figures,
  } as const;
  const { good, late, muted } = palette();
  const tones: Record<Tone, string> = { good, worse: late, plain: muted };
  return Object.fromEntries(Object.entries(tones).map(([tone, color]) => [tone, { ...style, color }]));
}

/** Highest first; what does not count comes last. Equal values keep their order. */
export function rank<T extends Bar>(bars: T[]): T[] {
  return [...bars].sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
}

/** The first `limit`, the last of them giving way to the highlighted one where it would fall out. */
export function cut<T extends Bar>(bars: T[], limit: number | undefined): T[] {
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
  const { stale, faint, ink } = palette();
  if (quality === "bad") return { color: stale, fontSize: px(1.6) };
  return { color: value === null ? faint : ink, fontSize: px(1.05) };
}

/** Horizontal bars, the first on top; one that does not count has no length. */
export function barOption(bars: Bar[], px: (rems: number) => number): EChartsOption {
  const compared = bars.some(({ change }) => change);
  const labels = { color: palette().muted, fontSize: px(1), fontFamily: FONT.text };
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
        data: bars.map((bar) => ({
          value: compared ? withChange(bar) : written(bar),
          textStyle: labelStyle(bar, px),
        })),
        axisLabel: {
          ...labels,
          interval: 0,
          fontSize: px(1.05),
          fontFamily: FONT.figures,
          ...(compared ? { rich: changeStyles(bars, px) } : {}),
        },
      },
    ],
    series: [
      {
        type: "bar",
        barMaxWidth: px(0.75),
        silent: true,
        showBackground: true,
        backgroundStyle: { color: palette().track, borderRadius: px(0.2) },
        data: bars.map((bar, i) => ({
          value: bar.value ?? 0,
          // Its own colour where it has one; else the first and the one that stands out are told from the others.
          itemStyle: {
            color: palette()[bar.color ?? (bar.highlight || i === 0 ? "data" : "data-soft")],
            borderRadius: px(0.2),
          },
        })),
      },
    ],
  };
}
