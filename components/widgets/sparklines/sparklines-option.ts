import type { Quality } from "@/lib/contract/readings";
import type { Series } from "@/lib/contract/series";
import { linePoints, type Rhythm } from "@/components/ui/line-points";

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

/** The box a line is drawn in, px, and how far its marks are from each other at the least. */
interface Box {
  width: number;
  height: number;
  apart: number;
}

/** What of the past is drawn, ms. */
interface Span extends Rhythm {
  from: number;
  to: number;
}

/** The line of a series in a box, in buckets of one length, and its marks. */
export function sparkOf(series: Series, { from, to, ...rhythm }: Span, { width, height, apart }: Box): Spark {
  const place = (at: number): number => Math.floor(((at - from) / (to - from)) * width);
  const marks: Spark["marks"] = [];
  for (let i = series.indexFrom(from); i < series.length; i++) {
    const quality = series.quality(i);
    if (quality !== "good") mark(marks, { x: place(series.at(i)), quality }, apart);
  }
  const points = linePoints(series, from, rhythm);
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    const value = points[i + 1] as number;
    if (!Number.isNaN(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  const range = high - low || 1;
  const lines: [number, number][][] = [[]];
  for (let i = 0; i < points.length; i += 2) {
    const value = points[i + 1] as number;
    if (Number.isNaN(value)) lines.push([]);
    else
      lines[lines.length - 1]?.push([place(points[i] as number), height - 1 - ((value - low) / range) * (height - 2)]);
  }
  return { lines: lines.filter((line) => line.length > 0), marks };
}

/** Adds a mark, or makes the one it would stand on as bad as both. */
function mark(marks: Spark["marks"], next: Spark["marks"][number], apart: number): void {
  const before = marks[marks.length - 1];
  if (!before || next.x - before.x >= apart) marks.push(next);
  else if (next.quality === "bad") before.quality = "bad";
}
