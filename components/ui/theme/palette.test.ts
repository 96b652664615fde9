import { afterEach, describe, expect, it } from "vitest";
import {
  makePalette,
  onPalette,
  palette,
  putToUse,
  ramp,
  rgb,
  seriesColor,
  seriesVariable,
  severityVariable,
  styleOf,
} from ".";
import { PALETTES } from "./tokens";

afterEach(() => putToUse(makePalette("night")));

describe("the palette in use", () => {
  it("is another object when the theme changes, and then alone", () => {
    let told = 0;
    const end = onPalette(() => told++);
    const before = palette();
    putToUse(makePalette("night"));
    expect([palette() === before, told]).toEqual([true, 0]);
    putToUse(makePalette("day"));
    expect([palette().panel, told]).toEqual([PALETTES.day.panel, 1]);
    putToUse(makePalette("day", { day: { tokens: { accent: "#4477ff" } } }));
    expect([palette().accent, told]).toEqual(["#4477ff", 2]);
    end();
    putToUse(before);
    expect(told).toBe(2);
  });

  it("is made from another one where a place says so, and the page is told what differs", () => {
    const own = { day: { base: "contrast", tokens: { data: "#00ffaa" } } } as const;
    const made = makePalette("day", own);
    expect([made.theme, made.base, made.panel, made.series[0]]).toEqual([
      "day",
      "contrast",
      PALETTES.contrast.panel,
      "#00ffaa",
    ]);
    expect(styleOf(made)).toEqual({ "--color-data": "#00ffaa" });
    expect(styleOf(makePalette("night", own))).toEqual({});
  });

  it("gives series the colour of their place, or the one they have for good", () => {
    expect([seriesColor(0), seriesColor(8), seriesColor(1, "code-red")]).toEqual([
      PALETTES.night.data,
      PALETTES.night["series-2"],
      PALETTES.night["code-red"],
    ]);
    expect([seriesVariable(1), seriesVariable(1, "code-red"), severityVariable(3), severityVariable(0)]).toEqual([
      "var(--color-series-2)",
      "var(--color-code-red)",
      "var(--color-severity-3)",
      "var(--color-severity-1)",
    ]);
  });

  it("has a ramp through its classes, of the theme that is in use", () => {
    for (const theme of ["night", "day"] as const) {
      putToUse(makePalette(theme));
      expect([-1, 0, 0.25, 1, 2].map(ramp)).toEqual(
        (["class-1", "class-1", "class-2", "class-5", "class-5"] as const).map((name) => rgb(PALETTES[theme][name])),
      );
    }
  });
});
