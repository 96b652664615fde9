import { dayKind, dayOf, dayPart } from "./clock";
import { chance } from "./random";

/** How a day goes, as weights of its 24 hours. */
export const RHYTHMS = {
  office: [0, 0, 0, 0, 0, 0, 1, 4, 32, 52, 48, 34, 12, 18, 40, 44, 36, 18, 5, 3, 2, 2, 1, 0],
  daily: [4, 2, 1, 1, 2, 6, 18, 38, 48, 50, 48, 44, 40, 36, 38, 40, 42, 46, 48, 50, 46, 36, 22, 10],
  commute: [3, 2, 1, 1, 2, 8, 30, 76, 70, 38, 34, 36, 38, 34, 34, 38, 52, 80, 66, 38, 28, 20, 12, 6],
  machine: [30, 28, 60, 70, 40, 28, 30, 36, 44, 50, 50, 46, 42, 44, 48, 50, 48, 44, 40, 38, 36, 34, 32, 30],
  opening: [0, 0, 0, 0, 0, 0, 1, 6, 300, 120, 60, 34, 22, 18, 16, 14, 12, 10, 10, 12, 10, 6, 3, 1],
} as const;
export type Rhythm = keyof typeof RHYTHMS;

const SLOTS = 288;

/** Weight of each 5-minute slot of a day, with noise; sums to 1. */
const cache = new Map<string, Float64Array>();
function cumulative(rhythm: Rhythm, seed: number, key: string, day: number): Float64Array {
  const name = `${rhythm} ${seed} ${key} ${day}`;
  const known = cache.get(name);
  if (known) return known;
  const hours = RHYTHMS[rhythm];
  const sums = new Float64Array(SLOTS + 1);
  for (let slot = 0; slot < SLOTS; slot++) {
    const weight = intensityAt(hours, slot / SLOTS) * (0.8 + 0.4 * chance(seed, key, day, slot));
    sums[slot + 1] = (sums[slot] as number) + weight;
  }
  const total = sums[SLOTS] as number;
  for (let slot = 0; slot <= SLOTS; slot++) sums[slot] = (sums[slot] as number) / total;
  if (cache.size > 4_000) cache.clear();
  cache.set(name, sums);
  return sums;
}

function intensityAt(hours: readonly number[], part: number): number {
  const hour = part * 24 - 0.5;
  const low = Math.floor(hour);
  const a = hours[(low + 24) % 24] ?? 0;
  const b = hours[(low + 25) % 24] ?? 0;
  return a + (b - a) * (hour - low);
}

/** Part of a day's total that has come in by `at`, 0 to 1, never falling within the day. */
export function doneBy(rhythm: Rhythm, seed: number, key: string, at: number): number {
  const sums = cumulative(rhythm, seed, key, dayOf(at));
  const place = dayPart(at) * SLOTS;
  const slot = Math.min(SLOTS - 1, Math.floor(place));
  const low = sums[slot] as number;
  return low + ((sums[slot + 1] as number) - low) * (place - slot);
}

/**
 * How busy it is at `at`: 1 at the peak hour of a working day.
 * @param factors of days off; those of the rhythm where left out
 */
export function busy(rhythm: Rhythm, at: number, factors: Partial<WeekFactors> = {}): number {
  const hours = RHYTHMS[rhythm];
  const kind = dayKind(dayOf(at));
  const factor = kind === "work" ? 1 : (factors[kind] ?? (rhythm === "office" ? OFFICE_CLOSED[kind] : 1));
  return (factor * intensityAt(hours, dayPart(at))) / Math.max(...hours);
}

/** What weekends and holidays do to a day's total, 1 = like a working day. */
export interface WeekFactors {
  weekend: number;
  holiday: number;
}

/** Where only some windows are open. */
const OFFICE_CLOSED: WeekFactors = { weekend: 0.34, holiday: 0.2 };

/**
 * A day's total. The mean over an ordinary week is `daily`, so a weak weekend makes working days stronger.
 */
export function dayTotal(daily: number, factors: WeekFactors, seed: number, key: string, day: number): number {
  const work = (daily * 7) / (5 + 2 * factors.weekend);
  const kind = dayKind(day);
  const factor = kind === "work" ? 1 : factors[kind];
  return work * factor * (0.985 + 0.03 * chance(seed, key, "day", day));
}
