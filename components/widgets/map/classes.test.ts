import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify, classWords } from "./classes-option";

const named = (values: (number | null)[]): Map<string, number | null> =>
  new Map(values.map((value, i) => [String(i), value]));
const thresholds = (values: number[], decimals = 0): number[] => classify(named(values), decimals).thresholds;

describe("classes of a map", () => {
  it("begin at round numbers", () => {
    expect(thresholds([120, 340, 980])).toEqual([200, 400, 600, 800]);
    expect(thresholds([0, 1, 2])).toEqual([1, 2]);
    expect(thresholds([1.2, 1.9], 1)).toEqual([1.4, 1.6, 1.8]);
    expect(thresholds([88_000, 212_345])).toEqual([100_000, 150_000, 200_000]);
    expect(thresholds([-3, 3])).toEqual([-2, 0, 2]);
  });

  it("are five at the most, at steps of 1, 2, 2.5 or 5 by a power of ten, whole where counts are, and hold every value once", () => {
    const counts = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 3 }), (whole, decimals) => {
        const values = whole.map((value) => Number(`${value}e-${decimals}`));
        const { thresholds: found, classOf, shades } = classify(named(values), decimals);
        expect(found.length).toBeLessThanOrEqual(4);
        expect(shades).toHaveLength(found.length + 1);
        const steps = found.slice(1).map((value, i) => value - (found[i] as number));
        for (const step of steps) {
          const digits = Number(step.toPrecision(9)).toExponential().split("e")[0];
          expect(["1", "2", "2.5", "5"]).toContain(digits);
          expect(step).toBeCloseTo(steps[0] as number, 6);
        }
        for (const threshold of found) expect(Number(threshold.toFixed(decimals))).toBe(threshold);
        values.forEach((value, i) => {
          const own = classOf.get(String(i)) as number;
          if (own > 0) expect(value).toBeGreaterThanOrEqual(found[own - 1] as number);
          if (own < found.length) expect(value).toBeLessThan(found[own] as number);
        });
        // None of the outer ones is empty, and the finer step would have been too many.
        const used = [...classOf.values()];
        expect([Math.min(...(used as number[])), Math.max(...(used as number[]))]).toEqual([0, found.length]);
      }),
    );
  });

  it("are those of the numbers as they are written: 0.96 is written 1.0 and is no less", () => {
    const { thresholds: found, classOf } = classify(named([0.5, 0.96, 2.9]), 1);
    expect(found).toEqual([1, 1.5, 2, 2.5]);
    expect(classOf.get("1")).toBe(1);
  });

  it("leave what is missing in none, and nothing anywhere in the darkest", () => {
    expect([...classify(named([null, 7, null]), 0).classOf.values()]).toEqual([null, 0, null]);
    expect(classify(named([0, 0, 0]), 0).shades).toEqual([0]);
    expect(classify(named([7, 7]), 0).shades).toEqual([0.5]);
    expect(classify(named([1, 2, 3, 4, 5]), 0).shades).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it("are told by what they hold", () => {
    expect(classWords([200, 400, 600], null, 0, "en")).toEqual(["<200", "200–399", "400–599", "≥600"]);
    expect(classWords([1, 2], null, 0, "en")).toEqual(["<1", "1", "≥2"]);
    expect(classWords([1.5, 2], null, 1, "en")).toEqual(["<1.5", "1.5–1.9", "≥2.0"]);
    expect(classWords([], 0, 0, "zh")).toEqual(["0"]);
    expect(classWords([], null, 0, "zh")).toEqual([]);
  });
});
