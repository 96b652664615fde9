import type { Quality } from "@/lib/contract/readings";
import type { Series } from "@/lib/contract/series";

/** Height (rem) of a cell with its name and value, and what a comparison under them takes as well. */
const CELL = 3.4;
const COMPARED = 1.2;

/** Whether a comparison has room under each value. @param height of the grid, rem */
export function roomForComparison(height: number, rows: number): boolean {
  return height / rows >= CELL + COMPARED;
}

export interface Spark {
  /** lines of canvas coordinates; a new one begins after bad values */
  lines: [number, number][][];
  /** places along the foot where values are doubted or left out as bad */
  marks: { x: number; quality: Exclude<Quality, "good"> }[];
}

/**
 * The line of a series in a box of `width` x `height`, one point a pixel at the most, and its marks, `apart` pixels or
 * more from each other.
 */
export function sparkOf(series: Series, from: number, to: number, width: number, height: number, apart: number): Spark {
  const kept: ([number, number] | null)[] = [];
  const marks: Spark["marks"] = [];
  let column = -1;
  let low = Infinity;
  let high = -Infinity;
  for (let i = series.indexFrom(from); i < series.length; i++) {
    const x = Math.floor(((series.at(i) - from) / (to - from)) * width);
    const quality = series.quality(i);
    if (quality !== "good") mark(marks, { x, quality }, apart);
    if (quality === "bad") {
      if (x !== column) kept.push(null);
      continue;
    }
    const value = series.value(i);
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (x === column) kept.pop();
    column = x;
    kept.push([x, value]);
  }
  const range = high - low || 1;
  const lines: [number, number][][] = [[]];
  for (const point of kept) {
    if (point) lines[lines.length - 1]?.push([point[0], height - 1 - ((point[1] - low) / range) * (height - 2)]);
    else lines.push([]);
  }
  return { lines: lines.filter((line) => line.length > 0), marks };
}

/** Adds a mark, or makes the one it would stand on as bad as both. */
function mark(marks: Spark["marks"], next: Spark["marks"][number], apart: number): void {
  const before = marks[marks.length - 1];
  if (!before || next.x - before.x >= apart) marks.push(next);
  else if (next.quality === "bad") before.quality = "bad";
}
