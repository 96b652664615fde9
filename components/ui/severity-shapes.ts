import type { Severity } from "@/lib/contract/severity";

/**
 * The shape of each severity as an SVG path in a box of 64, so that it is told without its colour: a circle, a square, a diamond and,
 * for the gravest, the triangle of a warning sign. Each covers about as much.
 */
export const SEVERITY_SHAPES: Readonly<Record<Severity, string>> = {
  1: "M32 10a22 22 0 1 0 0.01 0z",
  2: "M13 13h38v38h-38z",
  3: "M32 4L60 32L32 60L4 32z",
  4: "M32 5L61 57H3z",
};
