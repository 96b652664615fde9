export type Tone = "none" | "good" | "warn" | "alarm";

/** How a value is judged against the two thresholds, on the side that is worse. */
export function toneOf(
  value: number | null,
  better: "up" | "down" | "none",
  warn: number | undefined,
  alarm: number | undefined,
): Tone {
  if (value === null || (warn === undefined && alarm === undefined)) return "none";
  const past = (limit: number | undefined): boolean =>
    limit !== undefined && (better === "up" ? value < limit : value > limit);
  if (past(alarm)) return "alarm";
  return past(warn) ? "warn" : "good";
}

/**
 * Columns in which groups of this many items fill a box of this shape best: cells nearest to three times as wide as
 * high.
 */
export function columnsFor(groups: number, itemsOfLargest: number, aspect: number): number {
  let best = 1;
  let least = Infinity;
  for (let columns = 1; columns <= groups; columns++) {
    const rows = Math.ceil(groups / columns);
    const shape = (aspect / columns) * rows;
    // Groups that fill their last row waste less.
    const off = Math.abs(Math.log(shape / (2.2 + itemsOfLargest * 0.02))) + (rows * columns - groups) * 0.2;
    if (off < least) [best, least] = [columns, off];
  }
  return best;
}
