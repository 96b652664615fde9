import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correlation, histogram, hourOfWeek, median, normalBand, outliers, pairs, shifted, SHIFTS, stepFor, summary, tableRows, weekGrid, type Points } from "./analysis-math";

const ZONE = "Asia/Shanghai";
const HOUR = 3_600_000;
const MONDAY = Date.parse("2026-11-02T00:00:00+08:00");

/** Hourly values of `weeks` weeks. */
function hours(weeks: number, value: (hour: number) => number): Points {
  const at = Array.from({ length: weeks * 168 }, (_, i) => MONDAY + i * HOUR);
  return { at, value: at.map((_, i) => value(i)) };
}

describe("normal band", () => {
  const rhythm = (i: number): number => 100 + 50 * Math.sin(((i % 24) / 24) * 2 * Math.PI) + (i % 168 >= 120 ? -60 : 0);

  it("knows the hour of the week in the city's zone", () => {
    expect([hourOfWeek(MONDAY, ZONE), hourOfWeek(MONDAY + 5 * 24 * HOUR + 13 * HOUR, ZONE)]).toEqual([0, 133]);
  });

  it("calls a usual week normal and a surge an outlier, although one past week was spoilt", () => {
    const past = hours(4, (i) => rhythm(i) + ((i * 7919) % 11) - 5 + (i < 168 ? 400 : 0));
    const band = normalBand({ at: past.at.slice(0), value: past.value }, ZONE);
    const week = { at: hours(1, rhythm).at.map((at) => at + 4 * 168 * HOUR), value: hours(1, rhythm).value };
    expect(outliers(week, band, ZONE)).toEqual([]);
    const surge = { ...week, value: week.value.map((v, i) => (i === 33 ? 900 : v)) };
    const [found, ...rest] = outliers(surge, band, ZONE);
    expect(rest).toEqual([]);
    expect(found?.at).toBe(week.at[33]);
    expect(found?.value).toBe(900);
  });

  it("does not make much of little beside a large rhythm", () => {
    const climb = (i: number): number => (i % 24) * 40;
    const band = normalBand(hours(4, climb), ZONE);
    const week = hours(1, (i) => climb(i) + (i % 24 === 0 ? 7 : 0));
    expect(outliers(week, band, ZONE)).toEqual([]);
    expect(outliers(hours(1, (i) => climb(i) + (i === 0 ? 20 : 0)), band, ZONE)).toHaveLength(1);
  });

  it("takes workdays together while there are few weeks, and says nothing of nothing", () => {
    const band = normalBand(hours(1, rhythm), ZONE);
    expect(band[10]).not.toBeNull();
    expect(band[130]).toBeNull();
    expect(normalBand({ at: [], value: [] }, ZONE).every((b) => b === null)).toBe(true);
  });
});

describe("statistics", () => {
  it("finds the middle", () => {
    expect([median([]), median([3]), median([4, 1]), median([5, 1, 9])]).toEqual([null, 3, 2.5, 5]);
  });

  it("counts every value once", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), fc.integer({ min: 1, max: 30 }), (values, bins) => {
      const counted = histogram(values, bins);
      expect(counted.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
    }));
  });

  it("lays series out as rows of their moments, newest first, leaving out what none has", () => {
    expect(tableRows([{ at: [1, 2, 3], value: [10, null, 30] }, { at: [2, 3, 4], value: [null, 3, 4] }])).toEqual([{ at: 4, values: [null, 4] }, { at: 3, values: [30, 3] }, { at: 1, values: [10, null] }]);
    expect(tableRows([])).toEqual([]);
  });

  it("tells how two series go together", () => {
    const a: Points = { at: [1, 2, 3, 4], value: [1, 2, 3, null] };
    expect(pairs(a, { at: [2, 3, 1, 9], value: [20, 30, 10, 1] })).toEqual([[1, 10], [2, 20], [3, 30]]);
    expect(correlation([[1, 10], [2, 20], [3, 30]])).toBeCloseTo(1);
    expect(correlation([[1, 3], [2, 2], [3, 1]])).toBeCloseTo(-1);
    expect([correlation([[1, 1], [2, 1], [3, 1]]), correlation([[1, 1]])]).toEqual([null, null]);
  });

  it("puts each hour in its cell", () => {
    const grid = weekGrid(hours(2, (i) => (i < 168 ? 1 : 3)), ZONE);
    expect(grid.flat().every((value) => value === 2)).toBe(true);
    expect(weekGrid({ at: [MONDAY + 30 * HOUR], value: [7] }, ZONE)[1]?.[6]).toBe(7);
  });

  it("chooses a step that shows a range in a fair number of points", () => {
    for (const days of [0.25, 1, 7, 30, 90, 365]) {
      const points = (days * 86_400) / stepFor(days * 86_400_000);
      expect(points).toBeLessThanOrEqual(1_000);
      expect(points).toBeGreaterThan(100);
    }
  });

  it("lays a past range over the present one, weekday on weekday", () => {
    expect(shifted({ at: [MONDAY - SHIFTS.year], value: [1] }, SHIFTS.year).at).toEqual([MONDAY]);
    expect(hourOfWeek(MONDAY - SHIFTS.year, ZONE)).toBe(0);
    expect([summary({ at: [], value: [null] }), summary({ at: [1, 2], value: [4, 2] })]).toEqual([null, { mean: 3, low: 2, high: 4, last: 2, count: 2 }]);
  });
});
