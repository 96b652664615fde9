import { describe, expect, it } from "vitest";
import { liesWithin, makeLand } from "./land";
import type { Districts } from "./layer";

const districts = {
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: { adcode: "1", name: "one" },
      geometry: {
        type: "MultiPolygon",
        coordinates: [
          [
            [
              [119, 34],
              [120, 34],
              [120, 35],
              [119, 34],
            ],
          ],
        ],
      },
    },
  ],
} as unknown as Districts;

const drawn = (...over: ("district-fill" | "outlines" | "roads")[]): string[] =>
  makeLand(
    { districts, surroundings: null, place: "1", lang: "zh" },
    over.map((type) => ({ type })),
    { rem: () => 16, room: () => null, project: () => [0, 0] },
  )().map(({ id }) => id);

describe("land", () => {
  it("is drawn with its lines, but for what a layer covers whole", () => {
    expect(drawn()).toEqual(["land", "land-lines"]);
    expect(drawn("roads")).toEqual(["land", "land-lines"]);
    expect(drawn("district-fill", "roads")).toEqual(["land-lines"]);
    expect(drawn("district-fill", "outlines")).toEqual([]);
  });
});

describe("a neighbour's name", () => {
  const room = { left: 100, top: 50, right: 500, bottom: 400 };

  it("is drawn where it lies whole beside the tiles, and anywhere once a hand has moved the map", () => {
    expect(liesWithin(room, [300, 200], [40, 10])).toBe(true);
    expect(liesWithin(room, [139, 200], [40, 10])).toBe(false);
    expect(liesWithin(room, [461, 200], [40, 10])).toBe(false);
    expect(liesWithin(room, [300, 59], [40, 10])).toBe(false);
    expect(liesWithin(room, [300, 391], [40, 10])).toBe(false);
    expect(liesWithin(null, [0, 0], [40, 10])).toBe(true);
  });
});
