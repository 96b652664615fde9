import { describe, expect, it } from "vitest";
import { RateLimit } from "./rate-limit";

describe("RateLimit", () => {
  it("lets a burst pass, then tells how long to wait, each key for itself", () => {
    const limit = new RateLimit(2, 3);
    expect([1, 2, 3, 4].map(() => limit.take("a", 0))).toEqual([0, 0, 0, 1]);
    expect(limit.take("b", 0)).toBe(0);
    expect(limit.take("a", 500)).toBe(0);
    expect(limit.take("a", 500)).toBe(1);
  });

  it("takes more of the bucket for what costs more, and nothing for what is refused", () => {
    const limit = new RateLimit(2, 10);
    expect([limit.take("a", 0, 7), limit.take("a", 0, 7), limit.take("a", 0, 3)]).toEqual([0, 2, 0]);
  });

  it("is not fooled by a clock that goes back", () => {
    const limit = new RateLimit(1, 1);
    expect(limit.take("a", 10_000)).toBe(0);
    expect(limit.take("a", 0)).toBe(1);
  });
});
