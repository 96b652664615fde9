import { describe, expect, it } from "vitest";
import { worst } from "./freshness";

describe("worst", () => {
  it("is as bad as the worse of two", () => {
    expect(worst("late", "stale")).toBe("stale");
    expect(worst("offline", "live")).toBe("offline");
  });
});
