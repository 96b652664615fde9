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
const HEAD_TYPE = 0.85;
const [ALONE, NAMED] = [1.5, 2.35];
/** Height of one line of a row above the plot and of what is said of the axis, what lies around the row, the gaps in both. */
const [ROW, HEAD, UNDER] = [1.5, 1.2, 0.9];
const [ROW_GAP, HEAD_GAP] = [1.1, 0.9];
/** What marks take before a name and before what is said of the axis, and the chart's own edges. */
const [SWATCH, MARK, EDGES] = [1.7, 1.6, 1.8];
/** Figures are narrower than letters, by which texts are measured. */
const NARROW = 0.85;
/** The largest part of the width that may be taken from the plot. */
const PART = 0.34;

/** Lines that items of some widths take in a row that wraps, as CSS does it. All in one unit. */
export function linesOf(widths: number[], room: number, gap: number): number {
  let [lines, used] = [0, Infinity];
  for (const width of widths) {
    if (used + gap + width <= room) used += gap + width;
    else {
      lines += Math.max(1, Math.ceil(width / room));
      used = Math.min(room, width);
    }
  }
  return lines;
}

/** Where else than at its end a line's value may have to stand, and what else is said above the plot. */
interface Above {
  /** there is no end to stand at */
  above?: boolean;
  /** what is said of the axis: its unit; what its marks are, behind such a mark */
  head?: { words: string; mark: boolean }[];
}

/**
 * Whether values stand at the ends of their lines, with their names where there are several, or in a row above the plot, which
 * has as many lines as it takes to cut none of them.
 * @param box of the whole chart, rem
 */
export function roomForEnds(
  ends: End[],
  box: { width: number; height: number },
  { above = false, head = [] }: Above = {},
): Room {
  const several = ends.length > 1;
  const wide = Math.max(
    VALUE * widest(ends.map(({ value }) => value)),
    several ? NAME * widest(ends.map(({ name }) => name)) : 0,
  );
  const right = Math.ceil((wide + AROUND) * 4) / 4;
  const line = several ? NAMED : ALONE;
  const width = box.width - EDGES;
  const said = head.map(({ words, mark }) => HEAD_TYPE * widest([words]) + (mark ? MARK : 0));
  const top = TOP + Math.max(0, linesOf(said, width, HEAD_GAP) - 1) * HEAD;
  const fits = !above && right <= PART * box.width && ends.length * line <= box.height - top - BOTTOM;
  if (fits) return { place: "end", names: several, right, top, line };
  // A count since midnight over bars of what hours added says which of the two it is.
  const names = several || above;
  const shown = ends.map(
    ({ name, value }) => SWATCH + (names ? NAME * widest([name]) : 0) + NARROW * VALUE * widest([value]),
  );
  const lines = Math.max(1, linesOf([...said, ...shown], width, ROW_GAP));
  return { place: "row", names, right: RIGHT, top: UNDER + lines * ROW, line };
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
