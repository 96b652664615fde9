import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QUALITIES, type Quality } from "./readings";
import { Series } from "./series";

type Given = [at: number, value: number, quality: Quality];

/** Moments 250 ms apart, so that many come twice. */
const readings = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 240 }).map((n) => n * 250),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(...QUALITIES),
  ),
  { maxLength: 80 },
);

/**
 * What a series must hold, written the slow way: of each bucket the reading observed last, of one moment the one that
 * came last.
 */
function expected(given: Given[], bucketMs: number, capacity: number): Given[] {
  const inOrder = given
    .map((reading, arrival) => ({ reading, arrival }))
    .sort((a, b) => a.reading[0] - b.reading[0] || a.arrival - b.arrival);
  const buckets = new Map<number, Given>();
  for (const { reading } of inOrder) buckets.set(Math.floor(reading[0] / bucketMs), reading);
  return [...buckets.values()].slice(-capacity);
}

function held(series: Series): Given[] {
  return Array.from({ length: series.length }, (_, i) => [series.at(i), series.value(i), series.quality(i)]);
}

/** The same readings in another order, those of one moment still in the order in which they came. */
function otherwise(given: Given[], seed: number): Given[] {
  const byMoment = new Map<number, Given[]>();
  for (const reading of given) byMoment.set(reading[0], [...(byMoment.get(reading[0]) ?? []), reading]);
  const moments = given
    .map((reading, i) => ({ at: reading[0], key: Math.sin(seed + i * 7.1) }))
    .sort((a, b) => a.key - b.key);
  return moments.map(({ at }) => byMoment.get(at)?.shift() as Given);
}

describe("Series", () => {
  it("holds the last reading of each of the newest buckets with its quality, in whatever order moments came", () => {
    fc.assert(
      fc.property(readings, fc.integer({ min: 1, max: 12 }), fc.integer(), (given, capacity, seed) => {
        const series = new Series(1_000, capacity);
        for (const reading of otherwise(given, seed)) series.add(...reading);
        expect(held(series)).toEqual(expected(given, 1_000, capacity));
      }),
    );
  });

  it("is not changed by the same readings again", () => {
    fc.assert(
      fc.property(readings, (given) => {
        const series = new Series(1_000, 16);
        for (const reading of given) series.add(...reading);
        const before = held(series);
        for (const reading of given) series.add(...reading);
        expect(held(series)).toEqual(before);
      }),
    );
  });

  it("tells what is not good by its place among the points, and knows what it holds", () => {
    fc.assert(
      fc.property(readings, fc.integer({ min: 0, max: 60_000 }), (given, from) => {
        const series = new Series(1_000, 16);
        for (const reading of given) series.add(...reading);
        const [points, marks] = [series.toArray(from), series.marks(from)];
        const told = Array.from({ length: points.length / 2 }, (_, i): Given => [
          points[i * 2] as number,
          points[i * 2 + 1] as number,
          "good",
        ]);
        for (let i = 0; i < marks.length; i += 2)
          (told[marks[i] as number] as Given)[2] = QUALITIES[marks[i + 1] as number] as Quality;
        expect(told).toEqual(held(series).filter(([at]) => at >= from));
        for (const [at, value, quality] of held(series)) {
          expect([
            series.holds(at, value, quality),
            series.holds(at, value + 1, quality),
            series.holds(at + 1, value, quality),
          ]).toEqual([true, false, false]);
          expect(QUALITIES.filter((other) => series.holds(at, value, other))).toEqual([quality]);
        }
      }),
    );
  });

  it("holds and marks nothing of what was before it was cleared", () => {
    const series = new Series(10, 3);
    expect(series.holds(0, 0, "good")).toBe(false);
    for (const at of [5, 15]) series.add(at, at, "bad");
    series.clear();
    expect(series.holds(5, 5, "bad")).toBe(false);
    series.add(2, 1);
    expect([series.toArray(), series.marks()]).toEqual([[2, 1], []]);
    expect(series.holds(15, 15, "bad")).toBe(false);
  });

  it("marks what is not good of all that it holds, unless told from where, and nothing else", () => {
    const series = new Series(10, 3);
    series.add(5, 1);
    series.add(15, 2, "uncertain");
    series.add(25, 3, "bad");
    expect([series.marks(), series.marks(16)]).toEqual([
      [1, 1, 2, 2],
      [0, 2],
    ]);
  });

  it("finds the first bucket at or after a time", () => {
    const series = new Series(10, 3);
    for (const at of [5, 15, 25, 35]) series.add(at, at);
    expect([0, 15, 16, 36].map((at) => series.indexFrom(at))).toEqual([0, 0, 1, 3]);
    expect(series.toArray(25)).toEqual([25, 25, 35, 35]);
  });

  it("says whether a reading changed anything", () => {
    const series = new Series(10, 2);
    expect([
      series.add(5, 1),
      series.add(5, 1),
      series.add(5, 2),
      series.add(15, 1),
      series.add(25, 1),
      series.add(1, 9),
    ]).toEqual([true, false, true, true, true, false]);
    expect([series.add(25, 1, "bad"), series.add(25, 1, "bad"), series.add(25, 1)]).toEqual([true, false, true]);
  });
});
