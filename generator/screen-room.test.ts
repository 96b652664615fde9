import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layoutIssues, screenSchema, type Box, type Screen } from "../lib/contract/screens";
import { largestRoom, leastOf, roomFor } from "./screen-room";

function screen(boxes: Box[]): Screen {
  return screenSchema.parse({
    title: { zh: "x", en: "x" },
    tiles: boxes.map((box, i) => ({ id: `t${i}`, widget: "figure", box })),
  });
}

/** Cells as a bitmap: another way to know what is free. */
function cells(boxes: Box[], columns: number, rows: number): boolean[][] {
  const map = Array.from({ length: rows }, () => Array<boolean>(columns).fill(false));
  for (const { x, y, w, h } of boxes)
    for (let r = y; r < y + h; r++) for (let c = x; c < x + w; c++) (map[r] ?? [])[c] = true;
  return map;
}

function fits(map: boolean[][], { w, h }: { w: number; h: number }): boolean {
  return map.some((row, y) =>
    row.some(
      (_, x) =>
        y + h <= map.length &&
        x + w <= row.length &&
        map.slice(y, y + h).every((line) => line.slice(x, x + w).every((cell) => !cell)),
    ),
  );
}

/** Tiles that lie in cells of a coarse grid, so that none overlap. */
const boxes = fc
  .uniqueArray(fc.record({ column: fc.nat(5), row: fc.nat(3) }), {
    minLength: 1,
    maxLength: 23,
    selector: ({ column, row }) => `${column} ${row}`,
  })
  .chain((places) =>
    fc.tuple(
      ...places.map(({ column, row }) =>
        fc
          .record({ w: fc.integer({ min: 1, max: 4 }), h: fc.integer({ min: 1, max: 3 }) })
          .map(({ w, h }) => ({ x: column * 4, y: row * 3, w, h })),
      ),
    ),
  );

describe("room on a screen", () => {
  it("is free on both grids, and found wherever there is any", () => {
    fc.assert(
      fc.property(boxes, fc.constantFrom({ w: 6, h: 3 }, { w: 8, h: 4 }, { w: 10, h: 8 }), (taken, size) => {
        const found = roomFor(screen(taken), size);
        expect(found !== null).toBe(fits(cells(taken, 24, 12), leastOf(size)));
        if (found)
          expect(
            layoutIssues({
              ...screen(taken),
              tiles: [...screen(taken).tiles, { id: "new", widget: "figure", settings: {}, ...found }],
            }),
          ).toEqual([]);
      }),
    );
  });

  it("has a place of its own on the wide form where the scaled one is taken", () => {
    const wide = screenSchema.parse({
      title: { zh: "x", en: "x" },
      tiles: [{ id: "a", widget: "figure", box: { x: 0, y: 0, w: 18, h: 12 }, wide: { x: 8, y: 0, w: 40, h: 12 } }],
    });
    expect(roomFor(wide, { w: 6, h: 3 })).toEqual({
      box: { x: 18, y: 0, w: 6, h: 3 },
      wide: { x: 0, y: 0, w: 8, h: 3 },
    });
  });

  it("is told when there is too little", () => {
    const full = screen([
      { x: 0, y: 0, w: 24, h: 11 },
      { x: 0, y: 11, w: 20, h: 1 },
    ]);
    expect([roomFor(full, { w: 6, h: 3 }), largestRoom(full)]).toEqual([null, { x: 20, y: 11, w: 4, h: 1 }]);
    expect(largestRoom(screen([{ x: 0, y: 0, w: 24, h: 12 }]))).toBeNull();
  });
});
