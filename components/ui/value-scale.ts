import type { Lang } from "@/lib/contract/city";
import { formatNumber } from "./i18n";

/** An axis of values: its ends, and how far its ticks are from each other. */
export interface ValueScale {
  min: number;
  max: number;
  interval: number;
}

interface Wish {
  /** what stands on the ground, such as a bar or a filled area, and what is counted begins at 0 */
  fromZero: boolean;
  /** ticks are whole numbers */
  whole: boolean;
  /** about how many parts there is room for */
  parts: number;
  /** no value can be more, such as 100 of a percentage */
  most?: number | undefined;
}

/** Removes what floating point leaves behind: 0.30000000000000004. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

/** The smallest of 1, 2 and 5 by powers of ten that is at least so much. */
function stepFor(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least) + 1e-9);
  return clean(([1, 2, 5].find((step) => step * power >= least * (1 - 1e-9)) ?? 10) * power);
}

/** Parts whose ends an axis takes that has room for none between them. */
const FINER = 4;

function rangeOf(extent: readonly [number, number] | null, { fromZero, whole }: Wish): [number, number] {
  if (!extent) return [0, 1];
  const [low, high] = fromZero ? [Math.min(0, extent[0]), Math.max(0, extent[1])] : extent;
  const near = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > near * 1e-9) return [low, high];
  if (near === 0) return [0, 1];
  // What never moves stands in the middle.
  const margin = whole ? Math.max(1, near * 0.01) : near * 0.01;
  return [low < 0 ? low - margin : Math.max(0, low - margin), high + margin];
}

/**
 * The axis for values from `extent[0]` to `extent[1]`, null where there are none. Its ends are whole steps, below 0 only
 * where a value is.
 */
export function valueScale(extent: readonly [number, number] | null, wish: Wish): ValueScale {
  if (wish.parts < 2) {
    // One step that holds all would be up to five times of what they need: the ends of finer ones are as round.
    const { min, max } = valueScale(extent, { ...wish, parts: FINER });
    return { min, max, interval: clean(max - min) };
  }
  const [low, high] = rangeOf(extent, wish);
  const least = Math.max((high - low) / wish.parts, high * 1e-9, Number.MIN_VALUE * 1e9);
  const interval = stepFor(wish.whole ? Math.max(1, least) : least);
  const min = clean(Math.floor(low / interval + 1e-9) * interval);
  const end = clean(Math.ceil(high / interval - 1e-9) * interval);
  const max = end > min ? end : clean(min + interval);
  return {
    min,
    max: wish.most !== undefined && high <= wish.most ? Math.min(max, Math.max(wish.most, min + interval)) : max,
    interval,
  };
}

const SUFFIXES: Record<Lang, [number, string][]> = {
  zh: [
    [1e8, "亿"],
    [1e4, "万"],
  ],
  en: [
    [1e9, "B"],
    [1e6, "M"],
    [1e4, "k"],
  ],
};

/** A tick of an axis: all of them in the unit of the largest, with the decimals that tell two of them apart. */
export function tickText(value: number, { max, min, interval }: ValueScale, lang: Lang): string {
  const size = Math.max(Math.abs(max), Math.abs(min));
  const [from, suffix] = SUFFIXES[lang].find(([least]) => size >= least) ?? [1, ""];
  const by = suffix === "k" ? 1e3 : from;
  if (Math.abs(value) < interval / 2) return "0";
  const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(interval / by) + 1e-9)));
  return `${formatNumber(value / by, decimals, lang)}${suffix}`;
}
