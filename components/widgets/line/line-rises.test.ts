import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { hourlyRises } from "./line-rises";

const ZONE = "Asia/Shanghai";
const HOUR = 3_600_000;
const MIDNIGHT = Date.parse("2026-11-22T00:00:00+08:00");

/** A counter that is told every five minutes and rises by `rise` in each hour. */
function counter(
  from: number,
  to: number,
  rise: (hour: number) => number,
  skip: (at: number) => boolean = () => false,
) {
  const series = new Series(60_000, 1_560);
  let total = 0;
  for (let hour = from; hour < to; hour += HOUR) {
    if ((hour - MIDNIGHT) % (24 * HOUR) === 0) total = 0;
    for (let at = hour; at < Math.min(to, hour + HOUR); at += 300_000) {
      total += rise(hour) / 12;
      if (!skip(at)) series.add(at, total);
    }
  }
  return series;
}

describe("hourlyRises", () => {
  it("are what each hour added, from nothing at midnight: a counter that is set back is no fall", () => {
    const now = MIDNIGHT + 2 * HOUR;
    const series = counter(MIDNIGHT - 4 * HOUR, now, () => 12);
    expect(hourlyRises(series, MIDNIGHT - 3 * HOUR, now, ZONE).map(({ at, rise, over }) => [at, rise, over])).toEqual(
      [-3, -2, -1, 0, 1].map((k) => [MIDNIGHT + k * HOUR, 12, true]),
    );
  });

  it("leave the hour that runs open", () => {
    const now = MIDNIGHT + 2.5 * HOUR;
    const rises = hourlyRises(
      counter(MIDNIGHT - HOUR, now, () => 12),
      MIDNIGHT,
      now,
      ZONE,
    );
    expect(rises.map(({ rise, over }) => [rise, over])).toEqual([
      [12, true],
      [12, true],
      [6, false],
    ]);
  });

  it("say nothing of an hour without readings, nor of the one after it, which would hold the rise of both", () => {
    const now = MIDNIGHT + 5 * HOUR;
    const silent = (at: number): boolean => at >= MIDNIGHT + 2 * HOUR && at < MIDNIGHT + 3 * HOUR;
    const rises = hourlyRises(
      counter(MIDNIGHT - HOUR, now, () => 12, silent),
      MIDNIGHT,
      now,
      ZONE,
    );
    expect(rises.map(({ rise }) => rise)).toEqual([12, 12, null, null, 12]);
  });

  it("leave bad readings and what a correction took back out", () => {
    const now = MIDNIGHT + 3 * HOUR;
    const series = counter(MIDNIGHT - HOUR, now, () => 12);
    series.add(MIDNIGHT + 2 * HOUR - 60_000, 1e9, "bad");
    expect(hourlyRises(series, MIDNIGHT, now, ZONE).map(({ rise }) => rise)).toEqual([12, 12, 12]);
    series.add(now - 60_000, 5);
    expect(hourlyRises(series, MIDNIGHT, now, ZONE).map(({ rise }) => rise)).toEqual([12, 12, null]);
  });

  it("begin with the first whole hour", () => {
    const now = MIDNIGHT + 2 * HOUR;
    const series = counter(MIDNIGHT - 4 * HOUR, now, () => 12);
    expect(hourlyRises(series, MIDNIGHT - 2.5 * HOUR, now, ZONE).map(({ at }) => at)[0]).toBe(MIDNIGHT - 2 * HOUR);
  });

  it("add up to what the counter says, and are never less than nothing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 24, maxLength: 24 }),
        fc.constantFrom(ZONE, "Asia/Kolkata", "UTC"),
        (rises, zone) => {
          const starts: Record<string, number> = { [ZONE]: MIDNIGHT, UTC: MIDNIGHT + 8 * HOUR };
          const start = starts[zone] ?? MIDNIGHT + 2.5 * HOUR;
          const series = new Series(60_000, 1_560);
          let total = 0;
          rises.forEach((rise, k) => series.add(start + k * HOUR + 1_800_000, (total += rise)));
          const found = hourlyRises(series, start, start + 24 * HOUR, zone).map(({ rise }) => rise ?? NaN);
          expect(found).toEqual(rises);
        },
      ),
      { numRuns: 50 },
    );
  });
});
