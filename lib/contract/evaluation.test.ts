import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addUp, evaluateReading, evaluateSign, isAlive } from "./evaluation";
import { FRESHNESS } from "./freshness";
import { QUALITIES } from "./readings";

const pace = { interval: 10, limit: 60 };
const view = { now: 1_000_000, tolerance: 0, connected: true };

describe("freshness", () => {
  it.each([
    [0, "live"],
    [15_000, "live"],
    [15_001, "late"],
    [60_000, "late"],
    [60_001, "stale"],
    [-5_000, "live"],
  ] as const)("is, at an age of %i ms, %s", (age, state) => {
    expect(evaluateSign(view.now - age, pace, view).freshness).toBe(state);
  });

  it("is offline when nothing came or nothing can come", () => {
    expect(evaluateSign(null, pace, view).freshness).toBe("offline");
    expect(evaluateSign(view.now, pace, { ...view, connected: false }).freshness).toBe("offline");
  });

  it("is never late past a short limit", () => {
    expect(evaluateSign(0, { interval: 10, limit: 10 }, { ...view, now: 10_500 }).freshness).toBe("stale");
  });
});

const paces = fc
  .record({ interval: fc.integer({ min: 1, max: 86_400 }), longer: fc.integer({ min: 0, max: 86_400 }) })
  .map(({ interval, longer }) => ({ interval, limit: interval + longer }));
const items = fc.record({
  at: fc.integer({ min: 0, max: 400_000_000 }),
  value: fc.double({ noNaN: true, noDefaultInfinity: true }),
  quality: fc.constantFrom(...QUALITIES),
});
const views = fc.record({
  now: fc.integer({ min: 0, max: 400_000_000 }),
  tolerance: fc.integer({ min: 0, max: 200_000 }),
  connected: fc.boolean(),
});

/** Freshness counted the slow way: which of the promised moments have gone by without a reading. */
function counted(at: number, { interval, limit }: { interval: number; limit: number }, now: number): string {
  const dead = at + limit * 1000 < now;
  const overdue = at + interval * 1000 + interval * 500 < now;
  return ["live", "late", "stale"][Number(overdue || dead) + Number(dead)] as string;
}

describe("evaluation", () => {
  it("agrees with counting, and tolerance is nothing but looking from so much earlier", () => {
    fc.assert(
      fc.property(items, paces, views, (item, own, from) => {
        const { freshness, at, evaluatedAt } = evaluateReading(item, own, "all", from);
        expect(freshness).toBe(from.connected ? counted(item.at, own, from.now - from.tolerance) : "offline");
        expect([at, evaluatedAt]).toEqual([item.at, from.now]);
      }),
    );
  });

  it("never gets fresher while time passes and nothing comes", () => {
    fc.assert(
      fc.property(items, paces, views, fc.nat(300_000), (item, own, from, passed) => {
        const rank = (now: number): number =>
          FRESHNESS.indexOf(evaluateReading(item, own, "all", { ...from, now }).freshness);
        expect(rank(from.now + passed)).toBeGreaterThanOrEqual(rank(from.now));
      }),
    );
  });

  it("shows what came, and counts it only where it is alive and not bad", () => {
    fc.assert(
      fc.property(fc.option(items), paces, views, (item, own, from) => {
        const reading = evaluateReading(item, own, "all", from);
        expect([reading.value, reading.quality]).toEqual(item ? [item.value, item.quality] : [null, null]);
        const may =
          item !== null &&
          from.connected &&
          item.quality !== "bad" &&
          item.at + own.limit * 1000 >= from.now - from.tolerance;
        expect(reading.counted).toBe(may ? item.value : null);
        if (reading.counted !== null) expect(isAlive(reading.freshness)).toBe(true);
      }),
    );
  });

  it("counts what is late, and no more what is stale", () => {
    const counts = (age: number): number | null =>
      evaluateReading({ at: view.now - age, value: 7, quality: "good" }, pace, "all", view).counted;
    expect([15_000, 15_001, 60_000, 60_001].map(counts)).toEqual([7, 7, 7, null]);
    expect(FRESHNESS.filter(isAlive)).toEqual(["live", "late"]);
  });

  it("tells a district's small cell and nobody else's", () => {
    const cell = (value: number, district: string): number | null =>
      evaluateReading({ at: 0, value, quality: "good" }, { ...pace, smallCell: 5 }, district, view).suppressed;
    expect([cell(2.5, "320706"), cell(0, "320706"), cell(5, "320706"), cell(2.5, "all")]).toEqual([
      5,
      null,
      null,
      null,
    ]);
  });
});

describe("addUp", () => {
  it("says what is missing, and has no sum of nothing", () => {
    expect(addUp([1, null, 2.5])).toEqual({ sum: 3.5, missing: 1 });
    expect(addUp([null, null])).toEqual({ sum: null, missing: 2 });
    expect(addUp([0, 0])).toEqual({ sum: 0, missing: 0 });
  });
});
