import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMoment, writeMoment } from "./moments";

describe("moments", () => {
  it("come back as they were written, in any zone", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000_000, max: 40_000_000 }),
        fc.constantFrom("Asia/Shanghai", "UTC", "Asia/Kathmandu"),
        (minute, zone) => {
          expect(readMoment(writeMoment(minute * 60_000, zone), zone)).toBe(minute * 60_000);
        },
      ),
    );
    expect(readMoment("2026-11-22 08:30", "Asia/Shanghai")).toBe(Date.parse("2026-11-22T00:30:00Z"));
    expect(readMoment("2026-1-2T8:05", "Asia/Shanghai")).toBe(Date.parse("2026-01-02T00:05:00Z"));
  });

  it("are none where the text means none", () => {
    for (const text of [
      "",
      "yesterday",
      "2026-02-31 08:00",
      "2026-13-01 08:00",
      "2026-11-22",
      "2026-11-22 8:5",
      "2026-11-22 08:75",
      "2026-11-22 24:00",
      "2026-11-22 25:00",
    ])
      expect(readMoment(text, "Asia/Shanghai"), text).toBeNaN();
  });

  it("are none in an hour that the clocks leave out, and right on either side of it", () => {
    const read = (text: string): number => readMoment(text, "Europe/Berlin");
    expect(read("2026-03-29 02:30")).toBeNaN();
    expect(read("2026-03-29 01:59")).toBe(Date.parse("2026-03-29T00:59:00Z"));
    expect(read("2026-03-29 03:00")).toBe(Date.parse("2026-03-29T01:00:00Z"));
    expect(read("2026-10-25 03:00")).toBe(Date.parse("2026-10-25T02:00:00Z"));
  });
});
