import { describe, expect, it } from "vitest";
import { dayStart, localDate } from "./index";

const AT = Date.parse("2026-11-22T17:30:15.250Z");

describe("a city's own day", () => {
  it("begins at its midnight, whatever the machine's zone", () => {
    expect(new Date(dayStart(AT, "Asia/Shanghai")).toISOString()).toBe("2026-11-22T16:00:00.000Z");
    expect(new Date(dayStart(AT, "UTC")).toISOString()).toBe("2026-11-22T00:00:00.000Z");
  });

  it("has the date of its zone", () =>
    expect([localDate(AT, "Asia/Shanghai"), localDate(AT, "UTC")]).toEqual(["2026-11-23", "2026-11-22"]));
});
