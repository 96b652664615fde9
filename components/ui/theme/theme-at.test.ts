import { describe, expect, it } from "vitest";
import { themeSettingSchema } from "@/lib/contract/theme";
import { themeAt } from "./theme-at";

const SHANGHAI = {
  timeZone: "Asia/Shanghai",
  bounds: [
    [118.4, 33.9],
    [119.9, 35.2],
  ],
} as const;
const place = {
  ...SHANGHAI,
  bounds: SHANGHAI.bounds.map((corner) => [...corner]) as [[number, number], [number, number]],
};
/** A time of 30 November 2026 in Lianyungang. */
const at = (time: string): number => Date.parse(`2026-11-30T${time}:00+08:00`);
const over = (times: string[], setting: Parameters<typeof themeAt>[0]): string[] =>
  times.map((time) => themeAt(setting, at(time), place));

describe("themeAt", () => {
  it("is night where nothing is said, and else what is", () => {
    expect([themeAt(undefined, 0, place), themeAt("contrast", 0, place)]).toEqual(["night", "contrast"]);
  });

  it("turns by the place's own clock, and before the first time of a day goes on with the day before", () => {
    const setting = { by: "clock", day: "07:30", dusk: "17:30", night: "19:30" } as const;
    expect(over(["00:00", "07:29", "07:30", "12:00", "17:30", "19:29", "19:30"], setting)).toEqual([
      "night",
      "night",
      "day",
      "day",
      "dusk",
      "dusk",
      "night",
    ]);
  });

  it("leaves out what has no time, and is the only one all day", () => {
    expect(over(["00:00", "12:00"], { by: "clock", contrast: "08:00" })).toEqual(["contrast", "contrast"]);
    expect(over(["03:00"], { by: "clock" })).toEqual(["night"]);
  });

  it("turns by the sun: it rises at 06:51 there that day and sets at 16:53", () => {
    expect(over(["06:00", "06:35", "07:00", "07:50", "12:00", "16:40", "17:10", "17:40"], { by: "sun" })).toEqual([
      "night",
      "dusk",
      "dusk",
      "day",
      "day",
      "dusk",
      "dusk",
      "night",
    ]);
  });

  it("is night through a polar night and day through its summer", () => {
    const tromsoe = {
      timeZone: "Europe/Oslo",
      bounds: [
        [18, 69.5],
        [20, 69.8],
      ] as [[number, number], [number, number]],
    };
    const noon = (date: string): string => themeAt({ by: "sun" }, Date.parse(`${date}T11:00:00Z`), tromsoe);
    expect([noon("2026-12-21"), noon("2026-06-21")]).toEqual(["dusk", "day"]);
    expect(themeAt({ by: "sun" }, Date.parse("2026-12-21T23:00:00Z"), tromsoe)).toBe("night");
    expect(themeAt({ by: "sun" }, Date.parse("2026-06-21T10:00:00Z"), tromsoe)).toBe("day");
  });
});

describe("a city's setting", () => {
  it.each([["night"], [{ by: "sun" }], [{ by: "clock", day: "07:30" }]])("may be %j", (setting) => {
    expect(themeSettingSchema.safeParse(setting).success).toBe(true);
  });
  it.each([["noon"], [{ by: "moon" }], [{ by: "clock", day: "7:30" }], [{ by: "clock", noon: "12:00" }]])(
    "is not %j",
    (setting) => {
      expect(themeSettingSchema.safeParse(setting).success).toBe(false);
    },
  );
});
