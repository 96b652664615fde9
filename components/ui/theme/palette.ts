import type { DataColor, OwnThemes, Theme } from "@/lib/contract/theme";
import type { Token } from "@/lib/contract/theme-tokens";
import { PALETTES, type Tokens } from "./tokens";

/** Red, green and blue, 0 to 255. */
export type Rgb = [number, number, number];

/**
 * The colours in use, for canvas and WebGL; the page's style sheets have the same ones as `--color-<name>`. It is another
 * object when, and only when, the theme changed: what was drawn with it is to be drawn anew then.
 */
export interface Palette extends Tokens {
  theme: Theme;
  /** the palette it is made from */
  base: Theme;
  /** what of it is the place's own */
  own: Partial<Tokens>;
  /** differs from that of every other palette of this page: for keys of what is drawn */
  key: string;
  /** of the series of a chart, told apart by lightness as well as hue */
  series: readonly string[];
  /** of severity 1 to 4 */
  severity: readonly string[];
  /** low to high, even steps */
  classes: readonly string[];
  /** the same as numbers */
  ramp: Rgb[];
}

const SERIES: readonly Token[] = ["data", "series-2", "series-3", "series-4", "series-5", "series-6", "series-7"];
const SEVERITIES = ["severity-1", "severity-2", "severity-3", "severity-4"] as const;
const CLASSES = ["class-1", "class-2", "class-3", "class-4", "class-5"] as const;

/** A theme's palette with a place's own colours. */
export function makePalette(theme: Theme, own?: OwnThemes): Palette {
  const { base = theme, tokens: changed = {} } = own?.[theme] ?? {};
  const tokens = changed as Partial<Tokens>;
  const all: Tokens = { ...PALETTES[base], ...tokens };
  const classes = CLASSES.map((name) => all[name]);
  return {
    ...all,
    theme,
    base,
    own: tokens,
    key: `${theme} ${base} ${Object.entries(tokens).join()}`,
    series: SERIES.map((name) => all[name]),
    severity: SEVERITIES.map((name) => all[name]),
    classes,
    ramp: classes.map(rgb),
  };
}

let inUse = makePalette("night");
const told = new Set<() => void>();

/** The colours in use. Asked for while something is drawn, and not kept. */
export function palette(): Palette {
  return inUse;
}

/** Puts a palette to use, unless it is the one that is. */
export function putToUse(next: Palette): void {
  if (next.key === inUse.key) return;
  inUse = next;
  for (const task of told) task();
}

/** Calls `task` whenever another palette is in use. @returns what ends it */
export function onPalette(task: () => void): () => void {
  told.add(task);
  return () => told.delete(task);
}

/** The colour of a chart's series: the one it was given for good, or its place's. @param place from 0 */
export function seriesColor(place: number, given?: DataColor): string {
  return given ? inUse[given] : (inUse.series[place % inUse.series.length] as string);
}

/** The same for the page's style sheets and attributes, where it follows the theme by itself. */
export function seriesVariable(place: number, given?: DataColor): string {
  return variable(given ?? (SERIES[place % SERIES.length] as Token));
}

/** What a page's first element says, for its style sheets: the palette, and what of it differs, as style attributes. */
export function styleOf({ own }: Palette): Record<string, string> {
  return Object.fromEntries(Object.entries(own).map(([name, color]) => [`--color-${name}`, color]));
}

/** A colour for a style attribute: it follows the theme by itself. */
export function variable(name: Token): string {
  return `var(--color-${name})`;
}

/** The colour of a severity, 1 to 4; of one that is none, the least. */
export function severityColor(severity: number): string {
  return inUse.severity[severity - 1] ?? inUse["severity-1"];
}

/** The same for a style attribute. */
export function severityVariable(severity: number): string {
  return variable(SEVERITIES[severity - 1] ?? "severity-1");
}

/** `#rrggbb` as [r, g, b]. */
export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** A colour between two, for t in [0, 1]. */
export function between(a: Rgb, b: Rgb, t: number): Rgb {
  return [0, 1, 2].map((k) => Math.round((a[k] as number) + ((b[k] as number) - (a[k] as number)) * t)) as Rgb;
}

/** Colour on the ramp of classes for t in [0, 1]. */
export function ramp(t: number): Rgb {
  const steps = inUse.ramp;
  const place = Math.max(0, Math.min(1, t)) * (steps.length - 1);
  const low = Math.min(steps.length - 2, Math.floor(place));
  return between(steps[low] as Rgb, steps[low + 1] as Rgb, place - low);
}
