import { describe, expect, it } from "vitest";
import { doubtWords } from "./paint-value";

describe("doubtWords", () => {
  it("tells bad values from doubted ones: neither is counted under the other's name", () => {
    expect(doubtWords({ bad: 3, uncertain: 2 }, "zh")).toBe("无效 3 · 存疑 2");
    expect(doubtWords({ bad: 1, uncertain: 1 }, "en")).toBe("Invalid 1 · Uncertain 1");
    expect(doubtWords({ bad: 0, uncertain: 2 }, "zh")).toBe("存疑 2");
  });

  it("needs no number for a single one and no word for none", () => {
    expect(doubtWords({ bad: 1, uncertain: 0 }, "zh")).toBe("无效");
    expect(doubtWords({ bad: 0, uncertain: 0 }, "zh")).toBe("");
  });
});
