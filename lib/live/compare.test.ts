import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Metric } from "../contract/city";
import { comparisonsOf, type Comparison } from "../contract/compare";
import type { PastValue } from "../contract/values";
import { compare, momentsOf, type Compared } from "./compare";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONE = "Asia/Shanghai";
const NOW = Date.parse("2026-11-24T10:20:00+08:00");
const MIDNIGHT = Date.parse("2026-11-24T00:00:00+08:00");
const gauge = {
  id: "m",
  name: { zh: "m", en: "m" },
  unit: { zh: "件", en: "cases" },
  kind: "gauge",
  decimals: 0,
  interval: 5,
  limit: 30,
  better: "up",
  districts: false,
  subdivisions: false,
  system: "s",
} as Metric;
const day = { ...gauge, kind: "day" as const };
const total = { ...gauge, kind: "total" as const };
const percent = { ...gauge, unit: { zh: "%", en: "%" }, decimals: 1 };

const good = (at: number, value: number): PastValue => ({ at, value, quality: "good" });

interface Case {
  metric?: Metric;
  district?: string;
  last?: PastValue;
  aligned?: PastValue | null;
  past?: PastValue[];
}

/** Finds what stands at exactly the moments given, as the store would within the metric's limit. */
function compared(
  which: Comparison,
  { metric = gauge, district = "all", last = good(NOW, 0), aligned = last, past = [] }: Case,
): Compared | null {
  const find = (at: number): PastValue | null =>
    past.filter((one) => one.at <= at && at - one.at <= 30_000).sort((a, b) => b.at - a.at)[0] ?? null;
  return compare(which, { metric, district, timeZone: ZONE, minute: NOW, last, aligned, find });
}

describe("defaults", () => {
  it("suit the way a metric counts: last week and else yesterday, midnight, an hour ago", () => {
    expect([day, total, gauge].map((metric) => comparisonsOf(metric, "all"))).toEqual([
      ["week", "yesterday"],
      ["today"],
      ["hour"],
    ]);
  });

  it("leave out what says nothing", () => {
    expect(comparisonsOf(day, "all", "today")).toEqual([]);
    expect(comparisonsOf(gauge, "all", "none")).toEqual([]);
    expect(comparisonsOf(gauge, "all", "target")).toEqual([]);
    expect(comparisonsOf({ ...day, target: 500 }, "320706", "target")).toEqual([]);
    expect(comparisonsOf({ ...gauge, target: 95 }, "320706", "target")).toEqual(["target"]);
    expect(comparisonsOf(day, "all", "hour")).toEqual(["hour"]);
  });
});

describe("moments", () => {
  const iso = (which: Comparison, kind: Metric["kind"], at: string, zone: string): string[] =>
    momentsOf(which, kind, Date.parse(at), zone).map((ms) => new Date(ms).toISOString());

  it("are the same time of the city's clocks, through changes of them", () => {
    expect(iso("week", "day", "2026-11-05T10:20:00-08:00", "America/Los_Angeles")).toEqual([
      "2026-10-29T17:20:00.000Z",
    ]);
    expect(iso("yesterday", "day", "2026-03-08T12:00:00-07:00", "America/Los_Angeles")).toEqual([
      "2026-03-07T20:00:00.000Z",
    ]);
    expect(iso("today", "total", "2026-03-08T12:00:00-07:00", "America/Los_Angeles")).toEqual([
      "2026-03-08T08:00:00.000Z",
    ]);
    expect(iso("hour", "gauge", "2026-03-08T03:30:00-07:00", "America/Los_Angeles")).toEqual([
      "2026-03-08T09:30:00.000Z",
    ]);
  });

  it("lie never ahead, whatever the comparison, the zone and the minute", () => {
    const minute = fc
      .integer({ min: Date.parse("2020-01-01") / MINUTE, max: Date.parse("2030-01-01") / MINUTE })
      .map((n) => n * MINUTE);
    const zone = fc.constantFrom(
      "Asia/Shanghai",
      "America/Los_Angeles",
      "America/St_Johns",
      "Australia/Lord_Howe",
      "America/Havana",
      "Africa/Cairo",
    );
    fc.assert(
      fc.property(
        fc.constantFrom<Comparison>("week", "yesterday", "hour", "today", "target", "normal", "none"),
        fc.constantFrom<Metric["kind"]>("gauge", "day", "total"),
        minute,
        zone,
        (which, kind, at, timeZone) => {
          for (const moment of momentsOf(which, kind, at, timeZone)) {
            expect(moment).toBeLessThanOrEqual(at);
            expect(moment).toBeGreaterThan(at - 30 * DAY);
          }
        },
      ),
    );
  });
});

describe("compare", () => {
  it("sets a day's count against the same time last week, as far as both had come at the full minute", () => {
    const at = { metric: day, last: good(NOW + 40_000, 999), aligned: good(NOW - 2_000, 110) };
    expect(compared("week", { ...at, past: [good(NOW - 7 * DAY - 3_000, 100)] })).toMatchObject({
      which: "week",
      change: { unit: "percent" },
      direction: "up",
      good: true,
      base: { value: 100 },
    });
    expect(compared("week", { ...at, past: [good(NOW - 7 * DAY - 3_000, 100)] })?.change.size).toBeCloseTo(10, 9);
    expect(compared("week", { ...at, aligned: null, past: [good(NOW - 7 * DAY, 100)] })).toBeNull();
  });

  it("takes no base from the day before for what begins at midnight, and no value of yesterday", () => {
    const early = MIDNIGHT + 10_000;
    const find = (): PastValue => good(early - 7 * DAY - 15_000, 300_000);
    const given = {
      metric: day,
      district: "all",
      timeZone: ZONE,
      minute: early,
      last: good(early, 50),
      aligned: good(early, 50),
      find,
    };
    expect(compare("week", given)).toBeNull();
    expect(
      compare("week", { ...given, aligned: good(MIDNIGHT - 5_000, 300_422), find: () => good(early - 7 * DAY, 40) }),
    ).toBeNull();
  });

  it("sets a state against an hour before, percentages in points", () => {
    expect(compared("hour", { last: good(NOW, 90), past: [good(NOW - HOUR, 100)] })).toMatchObject({
      change: { unit: "percent", size: -10 },
      direction: "down",
      good: false,
    });
    const points = compared("hour", { metric: percent, last: good(NOW, 90), past: [good(NOW - HOUR, 90.5)] });
    expect(points).toMatchObject({ change: { unit: "points", size: -0.5 }, direction: "down" });
    expect(compared("hour", { metric: percent, last: good(NOW, 90.02), past: [good(NOW - HOUR, 90)] })).toMatchObject({
      direction: "flat",
      good: null,
    });
  });

  it("sets a counter's last hour against the hour before, not across midnight nor over a fall", () => {
    const grown = (metric: Metric, values: [number, number, number]) =>
      compared("hour", {
        metric,
        last: good(NOW, values[2]),
        past: [good(NOW - 2 * HOUR, values[0]), good(NOW - HOUR, values[1])],
      });
    expect(grown(day, [100, 200, 350])).toMatchObject({
      growth: true,
      change: { unit: "percent", size: 50 },
      base: { value: 100 },
    });
    expect(grown(total, [100, 200, 150])).toBeNull();
    const night = MIDNIGHT + HOUR;
    expect(
      compare("hour", {
        metric: day,
        district: "all",
        timeZone: ZONE,
        minute: night,
        last: good(night, 90),
        aligned: good(night, 90),
        find: (at) => good(at, at < MIDNIGHT ? 20 : 50),
      }),
    ).toBeNull();
  });

  it("says of a total what came since midnight, and of a fall that it fell", () => {
    const past = [good(MIDNIGHT - 2_000, 1_000)];
    expect(compared("today", { metric: total, last: good(NOW, 1_234), past })).toMatchObject({
      which: "today",
      change: { unit: "amount", size: 234 },
      direction: "up",
      good: true,
    });
    expect(compared("today", { metric: total, last: good(NOW, 990), past })).toMatchObject({
      change: { unit: "amount", size: -10 },
      direction: "down",
    });
    expect(compared("today", { metric: total, last: good(NOW, 990) })).toBeNull();
  });

  it("has no base in fewer than thirty of its smallest steps", () => {
    const of = (metric: Metric, value: number) =>
      compared("hour", { metric, last: good(NOW, value * 2), past: [good(NOW - HOUR, value)] });
    expect([of(gauge, 29), of(gauge, 0), of({ ...gauge, decimals: 2 }, 0.29)]).toEqual([null, null, null]);
    expect([of(gauge, 30), of({ ...gauge, decimals: 2 }, 0.3), of(percent, 0.1)].every(Boolean)).toBe(true);
  });

  it("sets against a target by difference", () => {
    expect(compared("target", { metric: { ...percent, target: 95 }, last: good(NOW, 97.1) })).toMatchObject({
      change: { unit: "points", size: expect.closeTo(2.1, 9) as number },
      direction: "up",
      good: true,
    });
    expect(compared("target", { metric: { ...gauge, target: 50 }, last: good(NOW, 38) })).toMatchObject({
      change: { unit: "amount", size: -12 },
      base: { value: 50, at: null },
    });
  });

  it("tells a small cell neither by value, base nor difference", () => {
    const small = { ...total, smallCell: 5 };
    const past = [good(MIDNIGHT, 100)];
    expect(compared("today", { metric: small, district: "320706", last: good(NOW, 103), past })).toBeNull();
    expect(compared("today", { metric: small, district: "all", last: good(NOW, 103), past })).not.toBeNull();
    expect(
      compared("week", {
        metric: { ...small, kind: "gauge" },
        district: "320706",
        last: good(NOW, 2.5),
        past: [good(NOW - 7 * DAY, 100)],
      }),
    ).toBeNull();
  });

  it("compares with nothing bad, and nothing bad with anything", () => {
    const bad: PastValue = { at: NOW - HOUR, value: 100, quality: "bad" };
    expect(compared("hour", { last: good(NOW, 90), past: [bad] })).toBeNull();
    expect(compared("hour", { last: { ...bad, at: NOW }, past: [good(NOW - HOUR, 100)] })).toBeNull();
    expect(compared("hour", { last: good(NOW, 90), past: [{ ...bad, quality: "uncertain" }] })).not.toBeNull();
  });
});

describe("what is normal", () => {
  const weeks = (values: number[]): PastValue[] => values.map((value, i) => good(NOW - (i + 1) * 7 * DAY, value));

  it("rests on three weeks at least, and says on how many", () => {
    expect(compared("normal", { last: good(NOW, 100), past: weeks([100, 104]) })).toBeNull();
    expect(compared("normal", { last: good(NOW, 100), past: weeks([100, 104, 102]) })).toMatchObject({
      direction: "flat",
      good: null,
      band: { days: 3, high: expect.closeTo(102 + 3 * 1.4826 * 2, 6) as number },
    });
  });

  it("says how far outside a value lies, and holds no count below nothing", () => {
    expect(compared("normal", { last: good(NOW, 200), past: weeks([100, 100, 100, 100]) })).toMatchObject({
      direction: "up",
      good: true,
      change: { unit: "amount", size: 95 },
      band: { low: 95, high: 105, days: 4 },
    });
    expect(compared("normal", { last: good(NOW, 0), past: weeks([1, 90, 2, 80]) })?.band?.low).toBe(0);
  });

  it("is of a total what it grows in the day", () => {
    const past = [
      good(MIDNIGHT, 1_000),
      ...[7, 14, 21].flatMap((days) => [good(MIDNIGHT - days * DAY, 500 - days), good(NOW - days * DAY, 550 - days)]),
    ];
    expect(compared("normal", { metric: total, last: good(NOW, 1_050), past })).toMatchObject({
      growth: true,
      direction: "flat",
      base: { value: 50 },
      band: { days: 3 },
    });
  });
});
