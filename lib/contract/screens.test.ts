import { describe, expect, it } from "vitest";
import { displayOf, issuesOf, layoutIssues, safeArea, screenSchema, typeScale, wideBox, type Screen } from "./screens";

function screen(tiles: object[]): Screen {
  return screenSchema.parse({
    title: { zh: "屏", en: "Screen" },
    tiles: tiles.map((tile, i) => ({ id: `t${i}`, widget: "text", ...tile })),
  });
}

describe("layoutIssues", () => {
  it("finds nothing in a good layout", () => {
    expect(
      layoutIssues(screen([{ box: { x: 0, y: 0, w: 12, h: 12 } }, { box: { x: 12, y: 0, w: 12, h: 12 } }])),
    ).toEqual([]);
  });

  it("names the tile that overlaps, leaves the grid or shares an id", () => {
    const issues = layoutIssues(
      screen([
        { box: { x: 0, y: 0, w: 3, h: 2 } },
        { box: { x: 2, y: 1, w: 3, h: 2 } },
        { id: "t0", box: { x: 22, y: 0, w: 3, h: 1 } },
      ]),
    );
    expect(issues.map((issue) => issue.field)).toEqual([
      "tiles[2].id",
      "tiles[1].box",
      "tiles[2].box",
      "tiles[1].wide",
      "tiles[2].wide",
    ]);
  });

  it("stretches a box to the wide grid without a gap", () => {
    const s = screen([{ box: { x: 0, y: 0, w: 7, h: 5 } }, { box: { x: 7, y: 0, w: 17, h: 5 } }]);
    expect(s.tiles.map((tile) => wideBox(tile, s))).toEqual([
      { x: 0, y: 0, w: 14, h: 5 },
      { x: 14, y: 0, w: 34, h: 5 },
    ]);
  });
});

describe("issuesOf", () => {
  it("names the field of each issue, also of unknown keys", () => {
    const parsed = screenSchema.safeParse({
      title: { zh: "屏" },
      tiles: [{ id: "a", widget: "text", box: { x: -1, y: 0, w: 1, h: 1 }, colour: "red" }],
    });
    expect(parsed.success).toBe(false);
    if (!parsed.success)
      expect(
        issuesOf(parsed.error)
          .map((issue) => issue.field)
          .sort(),
      ).toEqual(["tiles[0].box.x", "tiles[0].colour", "title.en"]);
  });
});

describe("a backdrop", () => {
  it("may lie under the others, and be one only", () => {
    const box = { x: 0, y: 0, w: 12, h: 12 };
    const issues = layoutIssues(
      screen([
        { box, backdrop: true },
        { box: { ...box, x: 12 }, backdrop: true },
      ]),
    );
    expect(issues).toEqual([{ field: "tiles[1].backdrop", message: "tiles[0] is the backdrop already" }]);
  });

  it("shows what matters where no other tile lies", () => {
    expect(safeArea({ x: 6, y: 3, w: 12, h: 6 }, { columns: 24, rows: 12 })).toEqual({
      left: 0.25,
      top: 0.25,
      right: 0.25,
      bottom: 0.25,
    });
  });
});

describe("the size of type", () => {
  /** The angle of the smallest type of a page, 0.85 rem, by plain trigonometry. */
  const smallest = (height: number, distance: number): number => {
    const type = 0.85 * typeScale({ height, distance }) * (height / 67.5);
    return ((2 * Math.atan(type / 2 / distance)) / Math.PI) * 180 * 60;
  };

  it("fills 16 arc minutes at least from where people sit, and little more", () => {
    // A wall of 2.4 m seen from 6 m: 45 pixels of 2160.
    expect(0.85 * typeScale({ height: 1.35, distance: 6 }) * 32).toBeGreaterThan(44.7);
    for (const [height, distance] of [
      [1.35, 6],
      [1.35, 4],
      [2.7, 9],
      [0.34, 1],
    ] as const) {
      expect(smallest(height, distance)).toBeGreaterThanOrEqual(16);
      expect(smallest(height, distance)).toBeLessThan(17.5);
    }
  });

  it("is that of a desk where no display is told, and never smaller", () => {
    expect(typeScale(null)).toBe(1);
    expect(typeScale({ height: 2, distance: 0.5 })).toBe(1);
    expect(typeScale({ height: 0.1, distance: 100 })).toBe(3);
  });

  it("follows the screen's own display, else its zone's", () => {
    const wall = { height: 1.35, distance: 6 };
    const name = { zh: "展示区", en: "Exhibition" };
    const zones = [{ id: "exhibition", name, display: wall }];
    expect(displayOf({ zone: "exhibition" }, { zones })).toEqual(wall);
    expect(displayOf({ zone: "exhibition", display: { height: 1, distance: 2 } }, { zones })).toEqual({
      height: 1,
      distance: 2,
    });
    expect(displayOf({}, { zones })).toBeNull();
  });
});
