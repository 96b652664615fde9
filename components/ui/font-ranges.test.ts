import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codesIn, formatRange, packCodes, parseRange, unpackCodes } from "./font-ranges";

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

  it("are read as style sheets may write them", () => {
    expect(parseRange("U+4e0-4e2, u+26, U+4??")).toEqual([
      [0x4e0, 0x4e2],
      [0x26, 0x26],
      [0x400, 0x4ff],
    ]);
    expect(formatRange([0x4e02, 0x4e00, 0x4e01, 0x26])).toBe("U+26,U+4e00-4e02");
  });
});
