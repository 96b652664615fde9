/** A font in the slices of its package, each with the code points that it is for, packed. */
export interface RestFont {
  family: string;
  weights: number[];
  /** below /fonts/; a slice's file is `<slice>-<weight>.woff2` */
  folder: string;
  slices: Record<string, string>;
}

/**
 * The file, beside the style sheets of places, that says which sheet is which place's. It tells which places there are, so no server gives
 * out a file of such a name.
 */
export const SHEETS = ".sheets.json";

export type Range = [number, number];

/** A style sheet's unicode-range as pairs of code points, both ends included. */
export function parseRange(text: string): Range[] {
  return text.split(",").map((part) => {
    const [from = "", to] = part.trim().replace(/^U\+/i, "").split("-");
    return [Number.parseInt(from.replaceAll("?", "0"), 16), Number.parseInt(to ?? from.replaceAll("?", "F"), 16)];
  });
}

/** Whether each character of a text is in one of the ranges. */
export function coversText(ranges: Range[], text: string): boolean {
  return [...text].every((character) => {
    const code = character.codePointAt(0) ?? 0;
    return ranges.some(([from, to]) => code >= from && code <= to);
  });
}

/** Every code point of ranges. */
export function codesIn(ranges: Range[]): number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
}

function rangesOf(codes: number[]): Range[] {
  const ranges: Range[] = [];
  for (const code of [...new Set(codes)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === code - 1) last[1] = code;
    else ranges.push([code, code]);
  }
  return ranges;
}

/** Code points as a style sheet's unicode-range. */
export function formatRange(codes: number[]): string {
  return rangesOf(codes)
    .map(([from, to]) => `U+${from.toString(16)}${to > from ? `-${to.toString(16)}` : ""}`)
    .join(",");
}

/**
 * Code points in half the room: for each range its distance from the one before and, when it is longer than one, by how
 * much.
 */
export function packCodes(codes: number[]): string {
  let at = 0;
  return rangesOf(codes)
    .map(([from, to]) => {
      const gap = (from - at).toString(36);
      at = to;
      return to > from ? `${gap}-${(to - from).toString(36)}` : gap;
    })
    .join(" ");
}

/** What `packCodes` packed. */
export function unpackCodes(packed: string): number[] {
  let at = 0;
  return packed.split(" ").flatMap((part) => {
    const [gap = "0", more = "0"] = part.split("-");
    const from = at + Number.parseInt(gap, 36);
    at = from + Number.parseInt(more, 36);
    return codesIn([[from, at]]);
  });
}
