import { describe, expect, it } from "vitest";
import { columnsFor, toneOf } from "./catalogue-option";

describe("toneOf", () => {
  it("judges on the side that is worse", () => {
    expect([99.5, 98.5, 96].map((value) => toneOf(value, "up", 99, 97))).toEqual(["good", "warn", "alarm"]);
    expect([10, 60, 90].map((value) => toneOf(value, "down", 50, 80))).toEqual(["good", "warn", "alarm"]);
  });
  it("says nothing without a value or thresholds", () => {
    expect(toneOf(null, "up", 99, 97)).toBe("none");
    expect(toneOf(50, "up", undefined, undefined)).toBe("none");
  });
});

describe("columnsFor", () => {
  it("has more columns in a wider box, never more than groups", () => {
    expect(columnsFor(8, 6, 4)).toBeGreaterThan(columnsFor(8, 6, 1));
    expect(columnsFor(3, 6, 50)).toBe(3);
    expect(columnsFor(1, 6, 1)).toBe(1);
  });
});
