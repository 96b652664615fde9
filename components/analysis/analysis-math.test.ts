import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  correlation,
  histogram,
  hourOfWeek,
  normalsOf,
  outliers,
  pairs,
  restsOn,
  shifted,
  SHIFTS,
  stepFor,
  summary,
  tableRows,
  weekGrid,
  type Points,
} from "./analysis-math";

const ZONE = "Asia/Shanghai";
const HOUR = 3_600_000;
const WEEK = 168 * HOUR;
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
    const normalAt = normalsOf(past, ZONE);
    const week = { at: hours(1, rhythm).at.map((at) => at + 4 * 168 * HOUR), value: hours(1, rhythm).value };
    expect(outliers(week, normalAt)).toEqual([]);
    const surge = { ...week, value: week.value.map((v, i) => (i === 33 ? 900 : v)) };
    const [found, ...rest] = outliers(surge, normalAt);
    expect(rest).toEqual([]);
    expect(found?.at).toBe(week.at[33]);
    expect(found?.value).toBe(900);
  });

  it("does not make much of little beside a large rhythm", () => {
    const climb = (i: number): number => (i % 24) * 40;
    const normalAt = normalsOf(hours(4, climb), ZONE);
    const next = (value: (hour: number) => number): Points => ({
      ...hours(1, value),
      at: hours(1, value).at.map((at) => at + 4 * WEEK),
    });
    expect(
      outliers(
        next((i) => climb(i) + (i % 24 === 0 ? 7 : 0)),
        normalAt,
      ),
    ).toEqual([]);
    expect(
      outliers(
        next((i) => climb(i) + (i === 0 ? 20 : 0)),
        normalAt,
      ),
    ).toHaveLength(1);
  });

  it("rests on the four weeks before each hour, and on nothing that came later", () => {
    // Level 100 for five weeks, then 500: the hours of the sixth are judged by what was before them.
    const past = hours(6, (i) => (i < 5 * 168 ? 100 : 500));
    const normalAt = normalsOf(past, ZONE);
    expect(normalAt(MONDAY + 5 * WEEK)).toMatchObject({ mid: 100, count: 4 });
    expect(normalAt(MONDAY + 4 * WEEK + 10 * HOUR)).toMatchObject({ count: 4 });
    expect(normalAt(MONDAY + 9 * WEEK)).toMatchObject({ mid: 500, count: 5 });
    expect(normalAt(MONDAY + 11 * WEEK)).toBeNull();
  });

  it("takes workdays together while there are few weeks, says on how many days it rests, and nothing of fewer than three", () => {
    const normalAt = normalsOf(hours(1, rhythm), ZONE);
    const first = Array.from({ length: 168 }, (_, i) => normalAt(MONDAY + i * HOUR)?.count ?? 0);
    // Thursday and Friday have three and four workdays before them; the weekend has not three of its own.
    expect([
      first.slice(0, 72).some(Boolean),
      new Set(first.slice(72, 96)),
      new Set(first.slice(96, 120)),
      first.slice(120).some(Boolean),
    ]).toEqual([false, new Set([3]), new Set([4]), false]);
    expect(restsOn(first.map((_, i) => normalAt(MONDAY + i * HOUR)))).toEqual([3, 4]);
    expect([normalAt(MONDAY + WEEK + 10 * HOUR)?.count, normalAt(MONDAY + WEEK + 130 * HOUR)]).toEqual([5, null]);
    expect(restsOn([normalsOf({ at: [], value: [] }, ZONE)(MONDAY)])).toBeNull();
  });
});

describe("statistics", () => {
  it("counts every value once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 30 }),
        (values, bins) => {
          const counted = histogram(values, bins);
          expect(counted.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
        },
      ),
    );
  });

  it("lays series out as rows of their moments, newest first, leaving out what none has", () => {
    expect(
      tableRows([
        { at: [1, 2, 3], value: [10, null, 30] },
        { at: [2, 3, 4], value: [null, 3, 4] },
      ]),
    ).toEqual([
      { at: 4, values: [null, 4] },
      { at: 3, values: [30, 3] },
      { at: 1, values: [10, null] },
    ]);
    expect(tableRows([])).toEqual([]);
  });

  it("tells how two series go together", () => {
    const a: Points = { at: [1, 2, 3, 4], value: [1, 2, 3, null] };
    expect(pairs(a, { at: [2, 3, 1, 9], value: [20, 30, 10, 1] })).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect(
      correlation([
        [1, 10],
        [2, 20],
        [3, 30],
      ]),
    ).toBeCloseTo(1);
    expect(
      correlation([
        [1, 3],
        [2, 2],
        [3, 1],
      ]),
    ).toBeCloseTo(-1);
    expect([
      correlation([
        [1, 1],
        [2, 1],
        [3, 1],
      ]),
      correlation([[1, 1]]),
    ]).toEqual([null, null]);
  });

  it("puts each hour in its cell", () => {
    const grid = weekGrid(
      hours(2, (i) => (i < 168 ? 1 : 3)),
      ZONE,
    );
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
    expect([summary({ at: [], value: [null] }), summary({ at: [1, 2], value: [4, 2] })]).toEqual([
      null,
      { mean: 3, low: 2, high: 4, last: 2, count: 2 },
    ]);
  });
});
