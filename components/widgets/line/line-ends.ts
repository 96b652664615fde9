import { widest } from "@/components/ui/text-width";

/** What stands at the end of a line. */
export interface End {
  name: string;
  value: string;
}

/** Where the ends' names and values stand, and what they leave of the chart: rem. */
export interface Room {
  place: "end" | "row";
  /** whether names stand at the ends; the tile's own title names a single line */
  names: boolean;
  right: number;
  top: number;
  /** height of one label */
  line: number;
}

/** rem around the plot: left of it are the ticks, under it the time. */
export const [LEFT, BOTTOM, TOP] = [3.7, 1.9, 2];
const RIGHT = 1;
/** Type of values and names, what lies around them, and the height of a label without and with its name. */
const [VALUE, NAME, AROUND] = [1.25, 0.9, 1.3];
const [ALONE, NAMED] = [1.5, 2.35];
const ROW = 2.4;
/** The largest part of the width that may be taken from the plot. */
const PART = 0.34;

/**
 * Whether values stand at the ends of their lines, with their names where there are several, or in a row above the plot.
 * @param box of the whole chart, rem
 * @param above there is no end to stand at
 */
export function roomForEnds(ends: End[], box: { width: number; height: number }, above = false): Room {
  const names = ends.length > 1;
  const wide = Math.max(
    VALUE * widest(ends.map(({ value }) => value)),
    names ? NAME * widest(ends.map(({ name }) => name)) : 0,
  );
  const right = Math.ceil((wide + AROUND) * 4) / 4;
  const line = names ? NAMED : ALONE;
  const fits = !above && right <= PART * box.width && ends.length * line <= box.height - TOP - BOTTOM;
  return fits
    ? { place: "end", names, right, top: TOP, line }
    : { place: "row", names: true, right: RIGHT, top: ROW, line };
}

/**
 * Where labels that want to stand at some heights do stand: inside of `height`, `line` from each other at the least, in the
 * same order. All in one unit; there has to be room for all of them.
 */
export function spread(wanted: number[], height: number, line: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] as number) - (wanted[b] as number));
  const placed = [...wanted];
  let free = line / 2;
  for (const i of order) {
    placed[i] = Math.max(free, placed[i] as number);
    free = placed[i] + line;
  }
  free = height - line / 2;
  for (const i of order.reverse()) {
    placed[i] = Math.min(free, placed[i] as number);
    free = placed[i] - line;
  }
  return placed;
}
