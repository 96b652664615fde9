import type { District } from "@/lib/contract/city";
import type { Quality } from "@/lib/contract/readings";

export interface QualityMark {
  /** lon, lat */
  at: [number, number];
  quality: Exclude<Quality, "good">;
}

/** Metres of a degree of latitude. */
const DEGREE = 111_320;

/** Strokes of a mark in a box from -1 to 1, as in lists and tiles: a hollow triangle for what is doubted, a cross for what is bad. */
const STROKES: Record<QualityMark["quality"], [number, number][][]> = {
  uncertain: [
    [
      [0, 1],
      [0.95, -0.75],
      [-0.95, -0.75],
      [0, 1],
    ],
  ],
  bad: [
    [
      [-0.8, -0.8],
      [0.8, 0.8],
    ],
    [
      [-0.8, 0.8],
      [0.8, -0.8],
    ],
  ],
};

/** The strokes of marks as lines of lon, lat. @param half half a mark's width in metres */
export function markStrokes(
  marks: QualityMark[],
  half: number,
): { quality: QualityMark["quality"]; path: [number, number][] }[] {
  return marks.flatMap(({ at: [lon, lat], quality }) => {
    const squeeze = Math.cos((lat * Math.PI) / 180);
    return STROKES[quality].map((stroke) => ({
      quality,
      path: stroke.map(
        ([x, y]) => [lon + (x * half) / (DEGREE * squeeze), lat + (y * half) / DEGREE] as [number, number],
      ),
    }));
  });
}

/** Marks at the seats of places whose value is not good. */
export function doubtedPlaces(places: District[], qualityOf: (adcode: string) => Quality | null): QualityMark[] {
  return places.flatMap(({ adcode, seat }) => {
    const quality = qualityOf(adcode);
    return quality === null || quality === "good" ? [] : [{ at: seat, quality }];
  });
}
