import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codesIn, coversText, formatRange, packCodes, parseRange, unpackCodes } from "./font-ranges";

const codes = fc.uniqueArray(fc.integer({ min: 0, max: 0x10ffff }), { minLength: 1, maxLength: 200 });
const sorted = (numbers: number[]): number[] => [...numbers].sort((a, b) => a - b);

describe("ranges of code points", () => {
  it("survive being written as a style sheet does", () => {
    fc.assert(
      fc.property(codes, (all) => {
        expect(codesIn(parseRange(formatRange(all)))).toEqual(sorted(all));
      }),
    );
  });

  it("survive being packed", () => {
    fc.assert(
      fc.property(codes, (all) => {
        expect(unpackCodes(packCodes(all))).toEqual(sorted(all));
      }),
    );
  });

  it("cover a text whose characters are all among them, beyond 16 bits as well", () => {
    const ranges = parseRange("U+30-39, U+4e00-4e02, U+20000");
    expect(["", "0丂", "一9\u{20000}"].map((text) => coversText(ranges, text))).toEqual([true, true, true]);
    expect(["0丄", ":", "\u{20001}"].map((text) => coversText(ranges, text))).toEqual([false, false, false]);
  });

  it("are read as style sheets may write them", () => {
    expect(parseRange("U+4e0-4e2, u+26, U+4??")).toEqual([
      [0x4e0, 0x4e2],
      [0x26, 0x26],
      [0x400, 0x4ff],
    ]);
    expect(formatRange([0x4e02, 0x4e00, 0x4e01, 0x26])).toBe("U+26,U+4e00-4e02");
  });
});
