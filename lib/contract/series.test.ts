import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Series } from "./series";

const readings = fc.array(fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: -50, max: 50 })), { maxLength: 80 });

/** What a series must hold, written the slow way. */
function expected(pairs: [number, number][], bucketMs: number, capacity: number): number[] {
  const buckets = new Map<number, [number, number]>();
  for (const [at, value] of pairs) {
    const bucket = Math.floor(at / bucketMs);
    const held = buckets.get(bucket);
    if (!held || at >= held[0]) buckets.set(bucket, [at, value]);
  }
  return [...buckets].sort((a, b) => a[0] - b[0]).slice(-capacity).flatMap(([, pair]) => pair);
}

describe("Series", () => {
  it("holds the last reading of each of the newest buckets, in whatever order they came", () => {
    fc.assert(fc.property(readings, fc.integer({ min: 1, max: 12 }), (pairs, capacity) => {
      const distinct = [...new Map(pairs.map((pair) => [pair[0], pair])).values()];
      const series = new Series(1_000, capacity);
      for (const [at, value] of distinct) series.add(at, value);
      expect(series.toArray()).toEqual(expected(distinct, 1_000, capacity));
    }));
  });

  it("is not changed by the same readings again", () => {
    fc.assert(fc.property(readings, (pairs) => {
      const distinct = [...new Map(pairs.map((pair) => [pair[0], pair])).values()];
      const series = new Series(1_000, 16);
      for (const [at, value] of distinct) series.add(at, value);
      const before = series.toArray();
      for (const [at, value] of distinct) series.add(at, value);
      expect(series.toArray()).toEqual(before);
    }));
  });

  it("finds the first bucket at or after a time", () => {
    const series = new Series(10, 3);
    for (const at of [5, 15, 25, 35]) series.add(at, at);
    expect([0, 15, 16, 36].map((at) => series.indexFrom(at))).toEqual([0, 0, 1, 3]);
    expect(series.toArray(25)).toEqual([25, 25, 35, 35]);
  });

  it("says whether a reading changed anything", () => {
    const series = new Series(10, 2);
    expect([series.add(5, 1), series.add(5, 1), series.add(5, 2), series.add(15, 1), series.add(25, 1), series.add(1, 9)]).toEqual([true, false, true, true, true, false]);
  });
});
