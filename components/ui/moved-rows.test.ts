import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { movesOf } from "./moved-rows";

describe("rows that change places", () => {
  it("come from where they were: so many rows further down, or up", () => {
    expect(movesOf(["a", "b", "c"], ["b", "a", "c"])).toEqual([1, -1, 0]);
    expect(movesOf(["a", "b", "c"], ["c", "a", "b"])).toEqual([2, -1, -1]);
  });

  it("stand still where they are new, and where nothing was before", () => {
    expect(movesOf(["a", "b"], ["new", "a"])).toEqual([0, -1]);
    expect(movesOf([], ["a", "b"])).toEqual([0, 0]);
    expect(movesOf(["a", "b"], ["a", "b"])).toEqual([0, 0]);
  });

  it("stand, as they begin to move, exactly where they stood", () => {
    const rows = fc.uniqueArray(fc.string(), { maxLength: 12 });
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        movesOf(before, after).forEach((by, i) => {
          const was = before.indexOf(after[i] as string);
          expect(i + by).toBe(was === -1 ? i : was);
        });
      }),
    );
  });
});
