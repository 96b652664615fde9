import { describe, expect, it } from "vitest";
import type { Metric } from "@/lib/contract/city";
import { Series } from "@/lib/contract/series";
import { sparkPath, trendOf, valueBefore, yesterdayOf } from "./figure-option";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-22T08:00:00Z");
const metric = { id: "m", name: { zh: "m", en: "m" }, unit: { zh: "件", en: "cases" }, kind: "gauge", decimals: 0, interval: 5, limit: 30, better: "down", districts: false, system: "s" } as Metric;

function series(...pairs: [number, number][]): Series {
  const made = new Series(60_000, 1_560);
  for (const [at, value] of pairs) made.add(at, value);
  return made;
}

describe("trendOf", () => {
  it("compares a gauge with an hour ago and knows which way is good", () => {
    expect(trendOf(metric, series([NOW - HOUR, 100], [NOW, 125]), NOW)).toEqual({ direction: "up", text: "25%", good: false });
    expect(trendOf(metric, series([NOW - HOUR, 100], [NOW, 99]), NOW)).toEqual({ direction: "down", text: "1.0%", good: true });
    expect(trendOf({ ...metric, better: "none" }, series([NOW - HOUR, 100], [NOW, 200]), NOW)?.good).toBeNull();
  });

  it("gives a percentage's change in points", () => {
    expect(trendOf({ ...metric, unit: { zh: "%", en: "%" }, decimals: 1 }, series([NOW - HOUR, 90.5], [NOW, 90]), NOW)?.text).toBe("0.5");
  });

  it("compares a counter's last hour with the hour before", () => {
    expect(trendOf({ ...metric, kind: "day" }, series([NOW - 2 * HOUR, 100], [NOW - HOUR, 200], [NOW, 350]), NOW)).toMatchObject({ direction: "up", text: "50%" });
  });

  it("says a rise of several times as a multiple, and nothing of one out of nothing", () => {
    const text = (before: number, last: number): string | undefined => trendOf(metric, series([NOW - HOUR, before], [NOW, last]), NOW)?.text;
    expect([text(100, 299), text(100, 300), text(100, 1_240), text(1, 5_000), text(0, 50)]).toEqual(["199%", "×3.0", "×12", ">×99", undefined]);
  });

  it("says nothing across midnight or without a past", () => {
    expect(trendOf({ ...metric, kind: "day" }, series([NOW - 2 * HOUR, 900], [NOW - HOUR, 950], [NOW, 20]), NOW)).toBeNull();
    expect(trendOf(metric, series([NOW, 5]), NOW)).toBeNull();
    expect(valueBefore(series([NOW - 5 * HOUR, 5]), NOW - HOUR)).toBeNull();
  });
});

describe("yesterdayOf", () => {
  const midnight = Date.parse("2026-11-21T16:00:00Z"); // in Shanghai
  const hours = (...pairs: [number, number][]): Series => {
    const made = new Series(HOUR, 192);
    for (const [at, value] of pairs) made.add(at, value);
    return made;
  };
  const of = (kind: Metric["kind"], from: Series, now = NOW) => yesterdayOf(kind, from, now, "Asia/Shanghai");

  it("is what a day's count had come to at the city's midnight", () => {
    const kept = hours([midnight - 70_000, 940], [midnight - 5_000, 950], [midnight + 5_000, 1], [NOW, 20]);
    expect([of("day", kept), of("day", kept, midnight), of("day", kept, midnight - 1)]).toEqual([950, 950, null]);
  });

  it("is nothing for a level, and where the last hour of yesterday did not come", () => {
    expect(of("gauge", hours([midnight - 5_000, 950]))).toBeNull();
    expect(of("day", hours([midnight - 2 * HOUR, 800], [NOW, 20]))).toBeNull();
  });
});

describe("sparkPath", () => {
  it("draws from left to right within its box, high values on top", () => {
    expect(sparkPath(series([NOW - HOUR, 0], [NOW - HOUR / 2, 10], [NOW, 5]), NOW - HOUR, NOW)).toBe("M0.00 28.00L50.00 2.00L100.00 15.00");
  });

  it("is empty with nothing to join", () => {
    expect(sparkPath(series([NOW, 1]), NOW - HOUR, NOW)).toBe("");
  });
});
