import { describe, expect, it } from "vitest";
import { issuesOf, layoutIssues, screenSchema, wideBox, type Screen } from "./screens";

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
