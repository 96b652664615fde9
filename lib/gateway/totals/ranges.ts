/** Stretches of time as [from, to], both ms and included; apart and in order. */
export type Ranges = [number, number][];

/** `ranges` and one more; what touches or lies within `near` ms of each other becomes one. */
export function withRange(ranges: Ranges, from: number, to: number, near = 0): Ranges {
  const out: Ranges = [];
  let [low, high] = [from, to];
  for (const range of ranges) {
    if (range[1] + near < low || range[0] - near > high) out.push(range);
    else [low, high] = [Math.min(low, range[0]), Math.max(high, range[1])];
  }
  out.push([low, high]);
  return out.sort((a, b) => a[0] - b[0]);
}
