import { describe, expect, it } from "vitest";
import { median, normalOf } from "./normal";

describe("what is normal", () => {
  it("finds the middle", () => {
    expect([median([]), median([3]), median([4, 1]), median([5, 1, 9])]).toEqual([null, 3, 2.5, 5]);
  });

  it("is the middle and three robust deviations, from three values on", () => {
    expect(normalOf([10, 12])).toBeNull();
    const normal = normalOf([100, 110, 90, 105, 95]);
    expect([normal?.mid, normal?.count]).toEqual([100, 5]);
    expect(normal?.high).toBeCloseTo(100 + 3 * 1.4826 * 5, 9);
    expect((normal?.mid ?? 0) - (normal?.low ?? 0)).toBeCloseTo(3 * 1.4826 * 5, 9);
  });

  it("is not thrown off by one spoilt value, and never too narrow", () => {
    expect(normalOf([100, 100, 100, 9_000])).toMatchObject({ low: 95, mid: 100, high: 105 });
    expect(normalOf([0, 0, 0], 7)).toMatchObject({ low: -7, high: 7 });
  });
});
