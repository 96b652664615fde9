import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { linePoints, lineStep } from "./line-points";

const T0 = Date.parse("2026-11-22T08:00:00Z");
const MINUTE = 60_000;

/** As feeds leave it: five minutes apart until an hour before the end, then one a minute. */
function sixHours(): { series: Series; end: number } {
  const series = new Series(MINUTE, 1_560);
  const end = T0 + 360 * MINUTE;
  for (let at = T0; at < end - 60 * MINUTE; at += 5 * MINUTE) series.add(at, 100 + Math.sin(at));
  for (let at = end - 60 * MINUTE; at <= end; at += MINUTE) series.add(at, 100 + Math.sin(at));
  return { series, end };
}

function pairs(points: Float64Array): [number, number][] {
  return Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i] as number, points[2 * i + 1] as number]);
}

describe("lineStep", () => {
  it("is one length for the whole of a span, as long as the coarsest part of it", () => {
    const minutes = [900, 3_600, 7_200, 21_600, 86_400].map((span) => lineStep(span, 1_000, 5) / MINUTE);
    expect(minutes).toEqual([1 / 6, 1, 5, 5, 15]);
  });

  it("is no shorter than what is kept or than the metric's own pace, and no longer than an hour for what is kept by it", () => {
    expect(lineStep(900, 60_000, 5)).toBe(MINUTE);
    expect(lineStep(21_600, 60_000, 1_800)).toBe(30 * MINUTE);
    expect(lineStep(21_600, 60_000, 5_400)).toBe(120 * MINUTE);
    expect(lineStep(691_200, 3_600_000, 5)).toBe(60 * MINUTE);
  });
});

describe("linePoints", () => {
  it("draws the last hour as coarse as the rest, with the newest reading at its end", () => {
    const { series, end } = sixHours();
    const step = lineStep(21_600, series.bucketMs, 5);
    const points = pairs(linePoints(series, end - 21_600_000, { step, silence: Infinity }));
    expect(points.length).toBeLessThanOrEqual(73);
    expect(points.filter(([at]) => at > end - 60 * MINUTE).length).toBeLessThanOrEqual(13);
    expect(points[points.length - 1]).toEqual([end, 100 + Math.sin(end)]);
  });

  it("has at most one point in each bucket, whatever came and how often", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ after: fc.integer({ min: 1, max: 900_000 }), bad: fc.boolean() }), { maxLength: 300 }),
        fc.constantFrom(900, 3_600, 21_600, 86_400),
        (readings, span) => {
          const series = new Series(1_000, 900);
          let at = T0;
          for (const { after, bad } of readings) series.add((at += after), after, bad ? "bad" : "good");
          const step = lineStep(span, series.bucketMs, 2);
          const points = pairs(linePoints(series, at - span * 1000, { step, silence: Infinity }));
          const buckets = points.map(([when]) => Math.floor(when / step));
          expect(new Set(buckets).size).toBe(buckets.length);
          expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
        },
      ),
    );
  });

  it("does not move old points when a new one comes", () => {
    const { series, end } = sixHours();
    const step = 5 * MINUTE;
    const before = linePoints(series, end - 21_600_000, { step, silence: Infinity }).slice(0, -2);
    series.add(end + 30_000, 1);
    expect(linePoints(series, end - 21_600_000, { step, silence: Infinity }).slice(0, before.length)).toEqual(before);
  });

  it("begins a bucket before the span, so that the line comes from the edge of its plot", () => {
    const { series, end } = sixHours();
    const [first] = pairs(linePoints(series, end - 7_200_000 + 1_000, { step: 5 * MINUTE, silence: Infinity }));
    expect(first?.[0]).toBeLessThan(end - 7_200_000 + 1_000);
  });

  it("is a gap where a bucket has bad readings alone", () => {
    const series = new Series(1_000, 900);
    for (let i = 0; i < 60; i++) series.add(T0 + i * 1000, i);
    for (let i = 20; i < 30; i++) series.add(T0 + i * 1000, 1e9, "bad");
    const points = pairs(linePoints(series, T0, { step: 10_000, silence: Infinity }));
    expect(points.map(([, value]) => value)).toEqual([9, 19, NaN, 39, 49, 59]);
  });

  it("leaves a bad reading out of a bucket that has a good one, whichever came first", () => {
    for (const second of [20, 21, 29]) {
      const series = new Series(1_000, 900);
      for (let i = 0; i < 60; i++) series.add(T0 + i * 1000, i);
      series.add(T0 + second * 1000, 1e9, "bad");
      const values = pairs(linePoints(series, T0, { step: 10_000, silence: Infinity })).map(([, value]) => value);
      expect(values.some((value) => Number.isNaN(value) || value === 1e9)).toBe(false);
    }
  });

  it("joins nothing across a silence that is longer than told", () => {
    const series = new Series(1_000, 900);
    for (const second of [0, 10, 20, 300, 310]) series.add(T0 + second * 1000, second);
    expect(pairs(linePoints(series, T0, { step: 10_000, silence: 60_000 })).map(([, value]) => value)).toEqual([
      0,
      10,
      20,
      NaN,
      300,
      310,
    ]);
    expect(pairs(linePoints(series, T0, { step: 10_000, silence: 300_000 })).map(([, value]) => value)).toEqual([
      0, 10, 20, 300, 310,
    ]);
  });
});
