/** How numbers are written on walls: see `formatValue`. */
export const NUMBER_MODES = ["auto", "short", "full"] as const;
export type NumbersMode = (typeof NUMBER_MODES)[number];

/** A page has one way of writing numbers, as it has one language; kept across navigation. */
let mode: NumbersMode = "auto";

/** The way numbers are written now. */
export function numbersMode(): NumbersMode {
  return mode;
}

/** Changes the way numbers are written; what is drawn must be drawn again. */
export function setNumbersMode(next: NumbersMode): void {
  mode = next;
}
