import { between, palette, rgb, type Rgb } from "@/components/ui/theme";

/** Opacity, of 255, of a road that nothing is known of, of one that is free, and of one that is not: it has to be seen. */
const UNKNOWN = 150;
const FREE = 120;
const SLOWED = 215;

/** Colour of a road by the ratio of its speed to free flow; grey when nothing is known. */
export function congestionColor(speed: number | null, freeSpeed: number): [...Rgb, number] {
  const colors = palette();
  if (speed === null) return [...rgb(colors.road), UNKNOWN];
  const [free, slow, jam] = [rgb(colors["flow-free"]), rgb(colors["flow-slow"]), rgb(colors["flow-jam"])];
  const ratio = Math.max(0, Math.min(1, speed / freeSpeed));
  const color =
    ratio > 0.6
      ? between(slow, free, Math.min(1, (ratio - 0.6) / 0.4))
      : between(jam, slow, Math.max(0, Math.min(1, (ratio - 0.25) / 0.35)));
  return [...color, ratio > 0.85 ? FREE : SLOWED];
}
