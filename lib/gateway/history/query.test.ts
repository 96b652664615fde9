import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHistoryConfig } from "./config";
import { bucketsOf, bucketStart, fillGaps, piecesOf } from "./query";
import { runsOf } from "./rollup";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONES = ["Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"];

describe("buckets", () => {
  it("cover a range without gap or overlap, in any zone, through changes of the clocks", () => {
    fc.assert(fc.property(fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2026-12-20") }), fc.integer({ min: 1, max: 400 * HOUR }), fc.constantFrom(MINUTE, 15 * MINUTE, HOUR, DAY, 7 * DAY), fc.constantFrom(...ZONES), (from, span, step, zone) => {
      const buckets = bucketsOf(from, from + Math.min(span, step * 500), step, zone);
      expect(buckets[0]).toBeLessThanOrEqual(from);
      for (let i = 1; i < buckets.length; i++) expect(buckets[i]).toBeGreaterThan(buckets[i - 1] as number);
      for (const at of buckets) expect(bucketStart(at, step, zone)).toBe(at);
      for (let i = 1; i < buckets.length; i++) expect(bucketStart((buckets[i] as number) - 1, step, zone)).toBe(buckets[i - 1]);
    }), { numRuns: 150 });
  });

  it("make a day of 25 hours where the clocks go back", () => {
    const days = bucketsOf(Date.parse("2026-10-24T12:00:00Z"), Date.parse("2026-10-27T12:00:00Z"), DAY, "Europe/Berlin");
    expect(days.map((at) => new Date(at).toISOString())).toEqual(["2026-10-23T22:00:00.000Z", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z", "2026-10-26T23:00:00.000Z"]);
  });
});

describe("pieces", () => {
  const until = { minutes: 100 * DAY - HOUR, hours: 100 * DAY - 2 * HOUR, days: 99 * DAY - 8 * HOUR };
  const pieces = (step: number, more: object = {}) => piecesOf({ from: 90 * DAY - 8 * HOUR, to: 100 * DAY, step, aggregates: ["avg"], timeZone: "Asia/Shanghai", ...more }, until);

  it("read the coarsest rollup that fits and finer ones for the end", () => {
    expect(pieces(DAY).map((p) => p.source)).toEqual(["days", "hours", "minutes", "readings"]);
    expect(pieces(6 * HOUR).map((p) => p.source)).toEqual(["hours", "minutes", "readings"]);
    expect(pieces(5 * MINUTE).map((p) => p.source)).toEqual(["minutes", "readings"]);
    expect(pieces(30_000).map((p) => p.source)).toEqual(["readings"]);
  });

  it("take quantiles only from a rollup that has exactly them, and what was known then only from readings", () => {
    expect(pieces(6 * HOUR, { aggregates: ["p95"] }).map((p) => p.source)).toEqual(["readings"]);
    expect(pieces(HOUR, { aggregates: ["p95"] }).map((p) => p.source)).toEqual(["hours", "readings"]);
    expect(pieces(HOUR, { known: 5 }).map((p) => p.source)).toEqual(["readings"]);
    expect(pieces(DAY, { timeZone: "UTC" }).map((p) => p.source)[0]).toBe("hours");
  });

  it("join without gap or overlap", () => {
    fc.assert(fc.property(fc.constantFrom(MINUTE, HOUR, DAY), fc.integer({ min: 0, max: 200 * 24 }), (step, hours) => {
      const all = piecesOf({ from: 80 * DAY - 8 * HOUR, to: 80 * DAY - 8 * HOUR + (hours + 1) * HOUR, step, aggregates: ["avg"], timeZone: "Asia/Shanghai" }, until);
      all.forEach((piece, i) => expect(piece.from).toBe(i === 0 ? 80 * DAY - 8 * HOUR : all[i - 1]?.to));
      expect(all[all.length - 1]?.to).toBe(80 * DAY - 8 * HOUR + (hours + 1) * HOUR);
    }));
  });
});

describe("fillGaps", () => {
  it("puts nothing before the first value, and says what it does with the rest", () => {
    const gaps = [null, 1, null, null, 4, null];
    expect(fillGaps(gaps, "null")).toEqual(gaps);
    expect(fillGaps(gaps, "zero")).toEqual([0, 1, 0, 0, 4, 0]);
    expect(fillGaps(gaps, "previous")).toEqual([null, 1, 1, 1, 4, 4]);
    expect(fillGaps(gaps, "linear")).toEqual([null, 1, 2, 3, 4, null]);
  });
});

describe("runsOf", () => {
  it("joins neighbours up to a length", () => {
    expect(runsOf([3, 1, 2, 7, 7, 8], 1, 2)).toEqual([[1, 3], [3, 4], [7, 9]]);
  });
});

describe("history.json", () => {
  it("has defaults for all of it, and names the field that is wrong", () => {
    expect(parseHistoryConfig({})).toMatchObject({ readings: { days: 90 }, spill: { megabytes: 1024 } });
    expect(() => parseHistoryConfig({ readings: { days: 3 } })).toThrow(/history\.json: readings\.days/);
    expect(() => parseHistoryConfig({ minuets: {} })).toThrow("history.json: minuets: is not a known setting");
  });
});
