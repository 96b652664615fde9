import type { Lang } from "@/lib/contract/city";
import { formatValue, roundTo } from "@/components/ui/i18n";

/** Most classes that an eye tells apart on a map; the palette has as many colours. */
const MOST = 5;
/** What thresholds count in, times a power of ten. */
const ROUND = [1, 2, 2.5, 5];

/** Places in classes by their values. */
export interface Classes {
  /** where each class but the lowest begins, ascending; none where all values are alike, or there are none */
  thresholds: number[];
  /** by place: its class, from 0; null where its value is missing */
  classOf: Map<string, number | null>;
  /** by class: its place on the ramp of colours, 0 to 1 */
  shades: number[];
}

/** The smallest round step, in whole units, by which all from `low` to `high` lie in five classes or fewer. */
function stepFor(low: number, high: number): number {
  for (let power = 1; ; power *= 10)
    for (const round of ROUND) {
      const step = round * power;
      if (Number.isInteger(step) && Math.floor(high / step) - Math.floor(low / step) < MOST) return step;
    }
}

/** Where each class but the lowest begins, ascending. @param units values in the smallest unit that is written */
function thresholdsOf(units: number[]): number[] {
  if (units.length === 0) return [];
  const low = Math.min(...units);
  const high = Math.max(...units);
  const step = stepFor(low, high);
  const first = Math.floor(low / step) + 1;
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** Even steps from the lowest to the highest colour; a single class is in the middle, but for nothing at all, which is the lowest. */
function shadesOf(count: number, allNothing: boolean): number[] {
  if (count === 1) return [allNothing ? 0 : 0.5];
  return Array.from({ length: count }, (_, i) => i / (count - 1));
}

/**
 * Five classes at the most, with thresholds at round numbers that are written with the metric's decimals, so that no value seems to be
 * in another class than it is. @param values by place, null where one is missing @param decimals that values are written with
 */
export function classify(values: ReadonlyMap<string, number | null>, decimals: number): Classes {
  const unit = 10 ** decimals;
  const units = new Map(
    [...values].map(([place, value]) => [place, value === null ? null : Math.round(roundTo(value, decimals) * unit)]),
  );
  const known = [...units.values()].filter((value) => value !== null);
  const thresholds = thresholdsOf(known);
  const classOf = new Map(
    [...units].map(([place, value]) => [
      place,
      value === null ? null : thresholds.filter((threshold) => threshold <= value).length,
    ]),
  );
  return {
    thresholds: thresholds.map((threshold) => threshold / unit),
    classOf,
    shades: shadesOf(
      thresholds.length + 1,
      known.every((value) => value === 0),
    ),
  };
}

/** Where each place lies on the ramp of colours by its class, 0 to 1; null where it has no value. */
export function shadesByPlace(
  values: ReadonlyMap<string, number | null>,
  decimals: number,
): Map<string, number | null> {
  const { classOf, shades } = classify(values, decimals);
  return new Map([...classOf].map(([place, own]) => [place, own === null ? null : (shades[own] ?? null)]));
}

/**
 * What each class holds, as a page writes numbers, from the lowest: `<200`, `200–399`, `≥400`. A single class is told by its value.
 * @param only the value of a single class; none without values
 */
export function classWords(thresholds: number[], only: number | null, decimals: number, lang: Lang): string[] {
  const write = (value: number): string => formatValue(value, decimals, lang);
  if (thresholds.length === 0) return only === null ? [] : [write(only)];
  const between = thresholds.slice(1).map((next, i) => {
    const [from, to] = [write(thresholds[i] as number), write(next - 10 ** -decimals)];
    return from === to ? from : `${from}–${to}`;
  });
  return [`<${write(thresholds[0] as number)}`, ...between, `≥${write(thresholds.at(-1) as number)}`];
}
