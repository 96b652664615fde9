import { describe, expect, it } from "vitest";
import { clockText } from "./clock-option";

describe("clockText", () => {
  it("tells the city's time whatever this machine's zone is, across midnight", () => {
    const at = Date.parse("2026-12-31T16:00:05Z");
    expect(clockText(at, "Asia/Shanghai", "zh", true)).toEqual({ time: "00:00:05", date: "2027年1月1日 星期五" });
    expect(clockText(at, "Europe/London", "en", false)).toEqual({ time: "16:00", date: "Thursday 2026-12-31" });
  });
});
