export interface GaugeInput {
  /** null where there is none to be shown as true */
  value: number | null;
  min: number;
  max: number;
  warning: boolean;
  fresh: boolean;
}

/** True when the value is past `warn`, on the side that is worse for the metric. */
export function isWarning(value: number, warn: number | undefined, better: "up" | "down" | "none"): boolean {
  if (warn === undefined) return false;
  return better === "up" ? value < warn : value >= warn;
}

/** Steps an arc is drawn in: finer than a pixel of the largest gauge on a 1080-line screen. */
const STEPS = 600;

/** Degrees an arc spans, from lower left over the top to lower right. */
const SWEEP = 250;

const CENTER = { x: 50, y: 56 };
const RADIUS = 42;

function point(degrees: number): string {
  const angle = (degrees * Math.PI) / 180;
  return `${(CENTER.x + RADIUS * Math.cos(angle)).toFixed(3)} ${(CENTER.y + RADIUS * Math.sin(angle)).toFixed(3)}`;
}

/** The whole arc as an SVG path in a box of 100 by 100. */
export const ARC = `M ${point(90 + (360 - SWEEP) / 2)} A ${RADIUS} ${RADIUS} 0 1 1 ${point(90 - (360 - SWEEP) / 2)}`;

/**
 * What of an arc can be seen: how much of it is filled, 0 to 1 in steps finer than a pixel (outside the ends, the
 * nearer one), and the tone it has. Nothing of it is drawn where there is no value: a dot at its start would read as
 * the least.
 */
export function gaugeOption({ value, min, max, warning, fresh }: GaugeInput): {
  part: number;
  tone: "none" | "dead" | "warning" | "good";
} {
  if (value === null) return { part: 0, tone: "none" };
  const part = Math.round(((Math.max(min, Math.min(max, value)) - min) / (max - min)) * STEPS) / STEPS;
  if (!fresh) return { part, tone: "dead" };
  return { part, tone: warning ? "warning" : "good" };
}
