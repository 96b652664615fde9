/** Colours from free flow to jam. */
const FREE: [number, number, number] = [79, 157, 132];
const SLOW: [number, number, number] = [220, 181, 106];
const JAM: [number, number, number] = [228, 87, 76];

/** Colour of a road by the ratio of its speed to free flow; grey-blue when nothing is known. */
export function congestionColor(speed: number | null, freeSpeed: number): [number, number, number, number] {
  if (speed === null) return [52, 68, 82, 150];
  const ratio = Math.max(0, Math.min(1, speed / freeSpeed));
  const [a, b, t] = ratio > 0.6 ? [SLOW, FREE, (ratio - 0.6) / 0.4] : [JAM, SLOW, Math.max(0, (ratio - 0.25) / 0.35)];
  return [0, 1, 2]
    .map((k) => Math.round((a[k] as number) + ((b[k] as number) - (a[k] as number)) * Math.min(1, t)))
    .concat(ratio > 0.85 ? 90 : 190) as [number, number, number, number];
}
