/** What is normal, and on how many values that rests. */
export interface Normal {
  low: number;
  mid: number;
  high: number;
  count: number;
}

/** Middle value; null of nothing. */
export function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

/** Fewest values of which anything is said. */
export const ENOUGH = 3;
/** 1.4826 makes the median absolute deviation of a normal distribution its standard deviation. */
const MAD_TO_SIGMA = 1.4826;
const WIDTH = 3;

/**
 * Median ± 3 robust standard deviations (Rousseeuw & Croux 1993), never narrower than 5 % of the median; null of fewer
 * than three.
 * @param least half of the band at the least, in the values' own unit
 */
export function normalOf(values: number[], least = 0): Normal | null {
  const mid = median(values);
  if (mid === null || values.length < ENOUGH) return null;
  const mad = median(values.map((value) => Math.abs(value - mid))) ?? 0;
  const half = Math.max(WIDTH * MAD_TO_SIGMA * mad, Math.abs(mid) * 0.05, least);
  return { low: mid - half, mid, high: mid + half, count: values.length };
}
