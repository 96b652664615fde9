import { describe, expect, it } from "vitest";
import { makeLand } from "./land";
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
    () => 16,
  )().map(({ id }) => id);

describe("land", () => {
  it("is drawn with its lines, but for what a layer covers whole", () => {
    expect(drawn()).toEqual(["land", "land-lines"]);
    expect(drawn("roads")).toEqual(["land", "land-lines"]);
    expect(drawn("district-fill", "roads")).toEqual(["land-lines"]);
    expect(drawn("district-fill", "outlines")).toEqual([]);
  });
});
