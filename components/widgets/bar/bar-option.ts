import type { Quality } from "@/lib/contract/readings";
import type { DataColor } from "@/lib/contract/theme";
import type { Token } from "@/lib/contract/theme-tokens";
import { widest } from "@/components/ui/text-width";

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
/** What is kept free around names, bars and values, rem. */
const AROUND = 4;

/** Whether changes find room beside the values without leaving the bars too little. @param width of the tile, rem */
export function roomForChanges(bars: Bar[], width: number): boolean {
  const texts = widest(bars.map((bar) => bar.name)) + 1.05 * widest(bars.map((bar) => bar.text));
  return texts + changeWidth(bars) + AROUND + BARS <= width;
}

/** The largest part of the width that names may take from the bars. */
const NAMES = 0.45;

/** Whether names leave enough to bars and values; else places have their short ones. @param width of the tile, rem */
export function roomForNames(names: string[], width: number): boolean {
  return widest(names) <= NAMES * width;
}

/** Width of the column of changes, rem; 0 where there is none. */
function changeWidth(bars: Bar[]): number {
  return CHANGE * widest(bars.map((bar) => bar.change?.text ?? ""));
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

/** How long each bar is, as a part of the longest; what does not count has no length. */
export function lengthsOf(bars: Bar[]): number[] {
  const most = Math.max(0, ...bars.map(({ value }) => value ?? 0));
  return bars.map(({ value }) => (most > 0 ? Math.max(0, value ?? 0) / most : 0));
}

/** A bar's colour: its own where it has one; else the first and the one that stands out are told from the others. */
export function colorOf({ color, highlight }: Pick<Bar, "color" | "highlight">, place: number): Token {
  return color ?? (highlight || place === 0 ? "data" : "data-soft");
}
