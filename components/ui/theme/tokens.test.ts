import {
  differenceEuclidean,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  oklab,
  parse,
  wcagContrast,
  type Color,
} from "culori";
import { describe, expect, it } from "vitest";
import { THEMES, type Theme } from "@/lib/contract/theme";
import { TOKENS, type Token } from "@/lib/contract/theme-tokens";
import { makePalette } from "./palette";
import { PALETTES } from "./tokens";

/** Least contrast of text, and of what has to be seen to understand a chart (WCAG 2.2: 1.4.3 AA, 1.4.6 AAA, 1.4.11). */
const [AA, AAA, GRAPHIC] = [4.5, 7, 3];
/** Yellow is light or is no yellow: on a light ground its marks carry a number or stand beside their name. */
const YELLOW = 2.7;

const GROUNDS: Token[] = ["ground", "panel", "sunken", "raised", "lifted"];
const TEXTS: Token[] = ["ink", "soft", "muted", "faint", "accent", "good", "late", "stale", "offline"];

/** Which text stands on which grounds. */
const STANDS: [Token[], Token[]][] = [
  [TEXTS, GROUNDS],
  [
    ["ink", "muted"],
    ["chosen-row", "late-ground", "stale-ground", "good-ground"],
  ],
  [
    ["late-ink", "stale-ink"],
    ["ground", "panel"],
  ],
  [["late-ink", "late", "soft"], ["late-ground"]],
  [["stale-ink", "stale"], ["stale-ground"]],
  [["good"], ["good-ground"]],
  [["on-chosen"], ["chosen"]],
  [["on-accent"], ["accent", "accent-strong"]],
  [["note"], ["panel"]],
  [["era"], ["era-ground", "panel"]],
  [["on-severity-1"], ["severity-1"]],
  [["on-severity-2"], ["severity-2"]],
  [["on-severity-3"], ["severity-3"]],
  [["on-severity-4"], ["severity-4"]],
  [["muted", "faint"], ["map"]],
  [["map-ink"], ["map-halo"]],
  [["ink"], ["point-crowd"]],
  [
    ["replay-ink", "replay-text", "replay-muted", "replay-mark"],
    ["replay-ground", "replay-raised"],
  ],
  [["on-replay"], ["replay", "replay-strong"]],
];

/** What is drawn on a tile and has to be seen. */
const DRAWN: Token[] = [
  ...(["data", "data-soft", "series-2", "series-3", "series-4", "series-5", "series-6", "series-7"] as const),
  ...(["severity-1", "severity-3", "severity-4", "code-red", "code-green", "accent", "good", "late", "stale"] as const),
];

const without = (filter: (color: Color) => Color, color: string): Color | undefined => {
  const parsed = parse(color);
  return parsed && filter(parsed);
};
const SEEN_BY: [string, (color: string) => Color | undefined][] = [
  ["everybody", oklab],
  ["who has no green cones (deuteranopia)", (color) => without(filterDeficiencyDeuter(1), color)],
  ["who has no red cones (protanopia)", (color) => without(filterDeficiencyProt(1), color)],
];
const distance = differenceEuclidean("oklab");

/** The least distance of two of these, as everybody sees them, and the two. */
function closest(colors: readonly string[], see: (color: string) => Color | undefined): { far: number; pair: string } {
  const pairs = colors.flatMap((a, i) =>
    colors.slice(i + 1).map((b) => ({ far: distance(see(a) ?? a, see(b) ?? b), pair: `${a} ${b}` })),
  );
  return pairs.reduce((least, one) => (one.far < least.far ? one : least));
}

const neighbours = (colors: readonly string[]): [string, string][] =>
  colors.slice(1).map((color, i) => [colors[i] as string, color]);

describe.each(THEMES)("the palette %s", (theme: Theme) => {
  const tokens = PALETTES[theme];
  const { series, severity, classes, missing } = makePalette(theme);
  const codes = [tokens["code-red"], tokens["code-yellow"], tokens["code-green"]];

  it("has each colour once, as six digits", () => {
    expect(Object.keys(tokens).sort()).toEqual(Object.keys(TOKENS).sort());
    for (const [name, color] of Object.entries(tokens)) expect(color, name).toMatch(/^#[\da-f]{6}$/);
  });

  it("has text that can be read on every ground that it stands on", () => {
    const most: Token[] = ["ink", "soft", "muted", "faint"];
    const weak = STANDS.flatMap(([texts, grounds]) =>
      texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)),
    )
      .map(([text, ground]) => ({ text, ground, contrast: wcagContrast(tokens[text], tokens[ground]) }))
      .filter(({ text, ground, contrast }) => {
        const strict = theme === "contrast" && most.includes(text) && GROUNDS.includes(ground);
        return contrast < (strict ? AAA : AA);
      });
    expect(weak).toEqual([]);
  });

  it("draws what can be seen on a tile", () => {
    const contrast = (name: Token): number => wcagContrast(tokens[name], tokens.panel);
    expect(DRAWN.filter((name) => contrast(name) < GRAPHIC)).toEqual([]);
    for (const yellow of ["severity-2", "code-yellow"] as const) expect(contrast(yellow)).toBeGreaterThan(YELLOW);
  });

  it.each(SEEN_BY)("tells severities, codes and series apart for %s", (_who, see) => {
    expect(closest(severity, see).far).toBeGreaterThan(0.15);
    expect(closest(codes, see).far).toBeGreaterThan(0.11);
    expect(closest(series, see).far).toBeGreaterThan(0.075);
    // Most charts have three series or fewer.
    expect(closest(series.slice(0, 3), see).far).toBeGreaterThan(0.13);
  });

  it.each(SEEN_BY)("has five even classes, and grey for none of them, for %s", (_who, see) => {
    const steps = neighbours(classes).map(([a, b]) => distance(see(a) ?? a, see(b) ?? b));
    for (const step of steps) expect(step).toBeGreaterThan(0.065);
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.25);
    for (const one of classes) expect(distance(see(one) ?? one, see(missing) ?? missing)).toBeGreaterThan(0.04);
  });

  it("goes from class to class by lightness, and has no hue where a value is missing", () => {
    const light = classes.map((color) => oklab(color)?.l ?? 0);
    const steps = light.slice(1).map((one, i) => one - (light[i] as number));
    expect(new Set(steps.map(Math.sign)).size).toBe(1);
    const { a = 1, b = 1 } = oklab(missing) ?? {};
    expect(Math.hypot(a, b)).toBeLessThan(0.01);
  });

  it("keeps green, amber and red for states: no series has such a hue", () => {
    for (const color of series) {
      const { a = 0, b = 0 } = oklab(color) ?? {};
      // From cyan over blue to pink; a grey has none.
      const hue = (Math.atan2(b, a) * 180) / Math.PI;
      expect(Math.hypot(a, b) < 0.05 || hue < 0 || hue > 190, color).toBe(true);
    }
  });
});
