import type { Quality } from "@/lib/contract/readings";
import { leadsYesterday } from "@/components/ui/leads-yesterday";
import type { Bar } from "./bar-option";

/** What a place's count came to yesterday, and how that is written. */
export interface Whole {
  value: number;
  text: string;
  quality: Quality;
}

const sum = (values: (number | undefined | null)[]): number =>
  values.reduce<number>((all, value) => all + (value ?? 0), 0);

/**
 * The same bars by what yesterday came to, while today's counts say little: a ranking of zeros is none. Null while today's lead, which they
 * do where one of them is dead or bad, as that is to be told.
 * @param wholes of each bar, in their order; null where it is not known
 */
export function barsOfYesterday<T extends Bar>(bars: T[], wholes: (Whole | null)[]): T[] | null {
  if (bars.some(({ value }) => value === null) || wholes.every((whole) => whole === null)) return null;
  if (!leadsYesterday(sum(bars.map(({ value }) => value)), sum(wholes.map((whole) => whole?.value)))) return null;
  return bars.map((bar, i) => {
    const { value = null, text = "–", quality = bar.quality } = wholes[i] ?? {};
    return { ...bar, change: null, value, text, quality };
  });
}
