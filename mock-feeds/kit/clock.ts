/** The mocks' own clock: they share nothing with the product, so that both cannot be wrong together. */

/** Now, ms. */
export function now(): number {
  return Date.now();
}

/** Resolves after `ms`. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export const HOUR = 3_600_000;
export const DAY = 86_400_000;
/** China has one zone and no summer time: local midnight is a fixed shift from UTC. */
const OFFSET = 8 * HOUR;

/** Days since 1970 in China. */
export function dayOf(at: number): number {
  return Math.floor((at + OFFSET) / DAY);
}

/** Start of a local day, ms. */
export function dayStart(day: number): number {
  return day * DAY - OFFSET;
}

/** Fraction of the local day that has passed, 0 to 1. */
export function dayPart(at: number): number {
  return ((at + OFFSET) % DAY) / DAY;
}

/** 0 = Monday .. 6 = Sunday. 1970-01-01 was a Thursday. */
export function weekday(day: number): number {
  return (day + 3) % 7;
}

/** Public holidays, days since 1970 of the local date, as announced or expected; weekends excepted. */
const HOLIDAYS = new Set(
  [
    "2026-01-01",
    "2026-02-16",
    "2026-02-17",
    "2026-02-18",
    "2026-02-19",
    "2026-02-20",
    "2026-02-23",
    "2026-04-06",
    "2026-05-01",
    "2026-05-04",
    "2026-05-05",
    "2026-06-19",
    "2026-09-25",
    "2026-10-01",
    "2026-10-02",
    "2026-10-05",
    "2026-10-06",
    "2026-10-07",
    "2027-01-01",
    "2027-02-05",
    "2027-02-08",
    "2027-02-09",
    "2027-02-10",
    "2027-02-11",
    "2027-04-05",
    "2027-05-03",
    "2027-05-04",
    "2027-06-09",
    "2027-09-15",
    "2027-10-01",
    "2027-10-04",
    "2027-10-05",
    "2027-10-06",
    "2027-10-07",
  ].map((date) => Date.parse(date) / DAY),
);

/** What kind of day it is. */
export function dayKind(day: number): "work" | "weekend" | "holiday" {
  if (HOLIDAYS.has(day)) return "holiday";
  return weekday(day) >= 5 ? "weekend" : "work";
}
