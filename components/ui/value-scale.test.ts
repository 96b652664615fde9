import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tickText, valueScale } from "./value-scale";

const value = fc.double({ min: 0, max: 1e10, noNaN: true });
const settings = fc.record({ fromZero: fc.boolean(), whole: fc.boolean(), parts: fc.integer({ min: 2, max: 6 }) });

describe("valueScale", () => {
  it("holds all values between ends that are whole steps, in no more parts than there is room for", () => {
    fc.assert(
      fc.property(value, value, settings, (a, b, wish) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { min, max, interval } = valueScale([low, high], wish);
        const slack = 1e-9 * Math.max(1, high);
        expect(min).toBeLessThanOrEqual(low + slack);
        expect(max).toBeGreaterThanOrEqual(high - slack);
        expect(max).toBeGreaterThan(min);
        const parts = (max - min) / interval;
        expect(Math.abs(parts - Math.round(parts))).toBeLessThan(1e-6);
        expect(Math.round(parts)).toBeLessThanOrEqual(wish.parts + 1);
      }),
    );
  });

  it("never goes below 0 where no value does, and begins there where it has to", () => {
    fc.assert(
      fc.property(value, value, settings, (a, b, wish) => {
        const { min } = valueScale([Math.min(a, b), Math.max(a, b)], wish);
        expect(min).toBeGreaterThanOrEqual(0);
        if (wish.fromZero) expect(min).toBe(0);
      }),
    );
  });

  it("has whole ticks of what is counted", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 0, max: 20 }),
        fc.boolean(),
        (low, more, fromZero) => {
          const { min, interval } = valueScale([low, low + more], { fromZero, whole: true, parts: 3 });
          expect([Number.isInteger(min), Number.isInteger(interval)]).toEqual([true, true]);
        },
      ),
    );
  });

  it("is something to stand on where nothing is known, and where a value never moves", () => {
    expect(valueScale(null, { fromZero: true, whole: true, parts: 3 })).toEqual({ min: 0, max: 1, interval: 1 });
    expect(valueScale([0, 0], { fromZero: true, whole: true, parts: 3 })).toEqual({ min: 0, max: 1, interval: 1 });
    const { min, max } = valueScale([98.4, 98.4], { fromZero: false, whole: false, parts: 3 });
    expect(min).toBeLessThan(98.4);
    expect(max).toBeGreaterThan(98.4);
  });

  it("has a tick at each end alone where there is no room for more, and its values fill it as well as with room", () => {
    expect(valueScale([27, 52], { fromZero: false, whole: true, parts: 1 })).toEqual({
      min: 20,
      max: 60,
      interval: 40,
    });
    fc.assert(
      fc.property(value, value, fc.boolean(), (a, b, fromZero) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { min, max, interval } = valueScale([low, high], { fromZero, whole: false, parts: 1 });
        expect(interval).toBeCloseTo(max - min, 6);
        const least = fromZero ? high : high - low;
        if (high > 1e-6 && least > high * 1e-3) expect(max - min).toBeLessThanOrEqual(2.6 * least);
      }),
    );
  });

  it("goes below 0 with what does", () => {
    expect(valueScale([-7, 12], { fromZero: true, whole: true, parts: 4 })).toEqual({ min: -10, max: 15, interval: 5 });
  });

  it("does not end a percentage beyond its hundred", () => {
    expect(valueScale([91.2, 99.7], { fromZero: false, whole: false, parts: 3, most: 100 })).toEqual({
      min: 90,
      max: 100,
      interval: 5,
    });
  });
});

describe("tickText", () => {
  it("tells any two ticks apart, in one unit for all of them", () => {
    const texts = (low: number, high: number, lang: "zh" | "en", whole = false) => {
      const scale = valueScale([low, high], { fromZero: false, whole, parts: 3 });
      const count = Math.round((scale.max - scale.min) / scale.interval);
      return Array.from({ length: count + 1 }, (_, i) => tickText(scale.min + i * scale.interval, scale, lang));
    };
    expect(texts(0, 52_000, "zh")).toEqual(["0", "2万", "4万", "6万"]);
    expect(texts(123_410, 123_890, "zh", true)).toEqual(["12.34万", "12.36万", "12.38万", "12.40万"]);
    expect(texts(0, 1_500_000, "en")).toEqual(["0", "0.5M", "1.0M", "1.5M"]);
    expect(texts(1.2, 1.26, "en")).toEqual(["1.20", "1.22", "1.24", "1.26"]);
    expect(texts(0, 2_900, "en", true)).toEqual(["0", "1,000", "2,000", "3,000"]);
    fc.assert(
      fc.property(value, value, settings, fc.constantFrom("zh", "en"), (a, b, wish, lang) => {
        const scale = valueScale([Math.min(a, b), Math.max(a, b)], wish);
        const count = Math.round((scale.max - scale.min) / scale.interval);
        const all = Array.from({ length: count + 1 }, (_, i) => tickText(scale.min + i * scale.interval, scale, lang));
        if (scale.interval > 1e-6) expect(new Set(all).size).toBe(count + 1);
      }),
    );
  });
});
