import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { metricOf, type Metric } from "@/lib/contract/city";
import {
  bucketAggregate,
  byDays,
  curveAggregate,
  hourlyMeasure,
  comparableHours,
  piecesOf,
  ranked,
  rangeMeasure,
  rangeValue,
  summaries,
  summarize,
  wholeHours,
} from "./measures";
import type { Series } from "./use-history";

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../cities"), "lianyungang");
const of = (id: string): Metric => metricOf(facts, id) as Metric;
const day = of("cases-today");
const gauge = of("satisfaction");
const total = of("exchange-total");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const series = (values: Series["values"]): Series => ({
  at: (Object.values(values)[0] ?? []).map((_, i) => i * HOUR),
  values,
  bad: 0,
});

describe("how a metric is told", () => {
  it("is what the metric itself says", () => {
    expect([day, gauge, total].map(bucketAggregate)).toEqual(["last", "avg", "last"]);
    expect(
      (["sum", "max", "last"] as const).map((time) =>
        bucketAggregate({ ...gauge, aggregate: { districts: "none", time } }),
      ),
    ).toEqual(["sum", "max", "last"]);
    expect([day, gauge, total].map(rangeMeasure)).toEqual(["total", "mean", "last"]);
    expect(rangeMeasure({ ...gauge, aggregate: { districts: "none", time: "max" } })).toBe("max");
  });

  it("is a counter's increments where hours or days are set beside each other", () => {
    expect([day, gauge, total].map(hourlyMeasure)).toEqual(["increase", "avg", "increase"]);
    expect([byDays(day, 30 * DAY), byDays(day, 7 * DAY), byDays(gauge, 90 * DAY), byDays(total, 90 * DAY)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect([curveAggregate(day, 30 * DAY), curveAggregate(day, 7 * DAY), curveAggregate(total, 30 * DAY)]).toEqual([
      "increase",
      "last",
      "last",
    ]);
  });
});

describe("a range in numbers", () => {
  it("sums a day counter's increments over its parts", () => {
    const parts = [
      series({ increase: [3, 4], last: [40, 44] }),
      series({ increase: [30, null, 20], last: [30, null, 50] }),
      series({ increase: [18], last: [18] }),
    ];
    expect(rangeValue(day, summarize(day, parts))).toBe(75);
    expect(summarize(day, parts).last).toBe(18);
  });

  it("weighs means by what they stand for", () => {
    const parts = [
      series({ avg: [10, null], count: [1, 0], min: [10, null], max: [10, null], last: [10, null] }),
      series({ avg: [20], count: [9], min: [5], max: [40], last: [7] }),
    ];
    expect(summarize(gauge, parts)).toEqual({ total: 190, mean: 19, low: 5, high: 40, last: 7 });
  });

  it("leaves a place that nothing came from without a number, last in the ranking", () => {
    const answer = {
      series: [
        series({ increase: [2], last: [2] }),
        series({ increase: [], last: [] }),
        series({ increase: [5], last: [5] }),
      ],
      completeUntil: null,
      provisionalFrom: null,
    };
    const found = summaries(day, 4, [answer]);
    const rows = ["a", "b", "c", "d"].map((code, i) => ({
      code,
      name: code,
      value: rangeValue(day, found[i]),
      own: false,
    }));
    expect(ranked(rows).map(({ code, value }) => [code, value])).toEqual([
      ["c", 5],
      ["a", 2],
      ["b", null],
      ["d", null],
    ]);
    // Nothing counted is not nothing known.
    expect(rangeValue(day, summarize(day, [series({ increase: [0], last: [0] })]))).toBe(0);
  });

  it("takes whole hours only", () => {
    expect(wholeHours({ at: [0, HOUR, 2 * HOUR], value: [1, 2, 3] }, HOUR, 2.5 * HOUR)).toEqual({
      at: [HOUR],
      value: [2],
    });
  });
});

describe("hours set beside each other", () => {
  const midnight = Date.parse("2026-11-20T00:00:00+08:00");
  const at = [-1, 0, 1, 5, 6, 7].map((hour) => midnight + hour * HOUR);
  const hours: Series = { at, values: { increase: [1, 2, 3, 40, 5, 6], avg: [1, 2, 3, 40, 5, 6] }, bad: 0 };

  it("leave out what a counter rose by over a gap, and the hour that still runs", () => {
    const of = (metric: Metric): (number | null)[] =>
      comparableHours(metric, hours, midnight + 7.5 * HOUR, "Asia/Shanghai").value;
    expect([of(day), of(total), of(gauge)]).toEqual([
      [2, 3, 5],
      [2, 3, 5],
      [1, 2, 3, 40, 5],
    ]);
    const [, ...later] = at;
    expect(comparableHours(day, { ...hours, at: later }, midnight + DAY, "Asia/Shanghai").at[0]).toBe(midnight);
    expect(comparableHours(total, { ...hours, at: later }, midnight + DAY, "Asia/Shanghai").at[0]).toBe(
      midnight + HOUR,
    );
  });
});

describe("a question about exactly a range", () => {
  const zones = fc.constantFrom(
    "Asia/Shanghai",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/St_Johns",
  );
  const begin = Date.parse("2026-10-03T00:00:00Z");

  it("is cut into parts that meet, begin where their buckets begin, and hold few buckets", () => {
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 0, max: 40 * 1440 }),
        fc.integer({ min: 1, max: 20 * 1440 }),
        (timeZone, start, length) => {
          const [from, to] = [begin + start * MINUTE, begin + (start + length) * MINUTE];
          const parts = piecesOf({ topics: ["t"], from, to, aggregates: ["increase"] }, timeZone);
          expect([parts[0]?.from, parts.at(-1)?.to]).toEqual([from, to]);
          parts.slice(1).forEach((part, i) => expect(part.from).toBe(parts[i]?.to));
          const minutesOf = (at: number): number =>
            Number(new Intl.DateTimeFormat("en", { timeZone, minute: "numeric" }).format(at));
          for (const part of parts) {
            if (part.step === 60) expect(part.to - part.from).toBeLessThan(2 * HOUR);
            // Lord Howe puts its clocks by half an hour, in the middle of one.
            else if (timeZone !== "Australia/Lord_Howe")
              expect([minutesOf(part.from), minutesOf(part.to)]).toEqual([0, 0]);
          }
        },
      ),
    );
  });

  it("holds both its ends to the minute", () => {
    const [only, ...more] = piecesOf(
      { topics: ["t"], from: begin + 1, to: begin + 5 * MINUTE - 1, aggregates: ["increase"] },
      "Asia/Shanghai",
    );
    expect([only?.from, only?.to, more]).toEqual([begin, begin + 5 * MINUTE, []]);
  });
});
