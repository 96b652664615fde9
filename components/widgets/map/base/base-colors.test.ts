import { differenceEuclidean } from "culori";
import { expect, it } from "vitest";
import { THEMES } from "@/lib/contract/theme";
import { makePalette } from "@/components/ui/theme";
import { baseColors } from "./base-colors";

/** Distance in OKLab: 0.02 can just be told apart side by side. */
const far = differenceEuclidean("oklab");

it.each(THEMES)("in the theme %s water is told from land and from every class of data", (theme) => {
  const colors = makePalette(theme);
  const { water, park } = baseColors(colors);
  for (const [name, other, least] of [
    ["ground", colors.map, 0.04],
    ["land", colors.land, 0.03],
    ["missing", colors.missing, 0.03],
    ...colors.classes.map((shade, i) => [`class ${i + 1}`, shade, 0.055] as const),
  ] as const)
    expect(far(water, other), name).toBeGreaterThan(least);
  expect(far(park, colors.land)).toBeGreaterThan(0.01);
  expect(far(park, water)).toBeGreaterThan(0.03);
});
