import type { Series } from "@/lib/contract/series";

/** The line as canvas coordinates in a box of `width` x `height`, one point a pixel at the most. */
export function sparkPoints(series: Series, from: number, to: number, width: number, height: number): [number, number][] {
  const kept: [number, number][] = [];
  let column = -1;
  let low = Infinity;
  let high = -Infinity;
  for (let i = series.indexFrom(from); i < series.length; i++) {
    const x = Math.floor(((series.at(i) - from) / (to - from)) * width);
    const value = series.value(i);
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (x === column) kept.pop();
    column = x;
    kept.push([x, value]);
  }
  const range = high - low || 1;
  return kept.map(([x, value]) => [x, height - 1 - ((value - low) / range) * (height - 2)]);
}
