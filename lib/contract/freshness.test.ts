import { describe, expect, it } from "vitest";
import { freshness, worst } from "./freshness";

const pace = { interval: 10, limit: 60 };

describe("freshness", () => {
  it.each([[0, "live"], [15_000, "live"], [15_001, "late"], [60_000, "late"], [60_001, "stale"], [-5_000, "live"]] as const)("is, at an age of %i ms, %s", (age, state) => {
    expect(freshness(1_000_000 - age, 1_000_000, pace, true)).toBe(state);
  });

  it("is offline when nothing came or nothing can come", () => {
    expect(freshness(null, 1, pace, true)).toBe("offline");
    expect(freshness(1, 1, pace, false)).toBe("offline");
  });

  it("is never late past a short limit", () => {
    expect(freshness(0, 10_500, { interval: 10, limit: 10 }, true)).toBe("stale");
  });

  it("is as bad as the worse of two", () => {
    expect(worst("late", "stale")).toBe("stale");
    expect(worst("offline", "live")).toBe("offline");
  });
});
