import { describe, expect, it } from "vitest";
import { liesFree, makeLand, shoreOf } from "./land";
import type { Districts, Surroundings } from "./layer";

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
    { rem: () => 16, room: () => null, covers: () => [], project: () => [0, 0] },
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
    expect(liesFree(room, [], [300, 200], [40, 10])).toBe(true);
    expect(liesFree(room, [], [139, 200], [40, 10])).toBe(false);
    expect(liesFree(room, [], [461, 200], [40, 10])).toBe(false);
    expect(liesFree(room, [], [300, 59], [40, 10])).toBe(false);
    expect(liesFree(room, [], [300, 391], [40, 10])).toBe(false);
    expect(liesFree(null, [], [0, 0], [40, 10])).toBe(true);
  });

  it("is left out where it would lie under the legend or the notice", () => {
    const legend = { left: 100, top: 300, right: 220, bottom: 380 };
    expect(liesFree(room, [legend], [180, 290], [40, 10])).toBe(true);
    expect(liesFree(room, [legend], [180, 291], [40, 10])).toBe(false);
    expect(liesFree(room, [legend], [260, 340], [40, 10])).toBe(true);
    expect(liesFree(room, [legend], [259, 340], [40, 10])).toBe(false);
    expect(liesFree(null, [legend], [180, 340], [40, 10])).toBe(true);
  });
});

describe("the glow of a place", () => {
  const square = (x: number, side: number): number[][][] => [
    [
      [x, 20],
      [x + side, 20],
      [x + side, 20 + side],
      [x, 20],
    ],
  ];
  const of = (adcode: string, ...pieces: number[][][][]): unknown => ({
    type: "Feature",
    properties: { adcode },
    geometry: { type: "MultiPolygon", coordinates: pieces },
  });

  it("is along its own land, and not around islands that are smaller than it", () => {
    const around = {
      type: "FeatureCollection",
      features: [of("1", square(110, 10), square(121, 0.5), square(122, 0.3)), of("2", square(100, 10))],
    } as Surroundings;
    expect(shoreOf(around, "1")).toEqual([square(110, 10)[0], square(121, 0.5)[0]]);
    expect(shoreOf(around, "3")).toEqual([]);
  });
});
