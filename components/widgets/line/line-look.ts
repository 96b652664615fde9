import type { Lang } from "@/lib/contract/city";

/** Longest time (ms) that a line may stand still, unless a pixel is longer. */
const STILL = 3_000;

/**
 * What must differ before a line is drawn again: two pixels of time (but no more than 3 s, unless one pixel is more),
 * the size, the language, what stands around it, a series that has its first point or reaches further back. The newest value can wait that
 * long: the figure beside it does not.
 * @param begins when each series' first point was observed, ms; null where it has none
 * @param around how the ends stand and which of them are alive
 */
export function lineLook({
  now,
  span,
  width,
  height,
  lang,
  begins,
  around,
}: {
  now: number;
  span: number;
  width: number;
  height: number;
  lang: Lang;
  begins: (number | null)[];
  around: string;
}): string {
  const pixel = (span * 1000) / Math.max(1, width);
  const reach = (at: number): string => (at <= now - span * 1000 ? "whole" : String(Math.floor(at / pixel)));
  return [
    Math.floor(now / Math.max(pixel, Math.min(2 * pixel, STILL))),
    `${width}x${height}`,
    lang,
    around,
    ...begins.map((at) => (at === null ? "none" : reach(at))),
  ].join(" ");
}
