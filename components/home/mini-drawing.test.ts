import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { hoursPaths, linePaths, ringStops, risesPath } from "./mini-drawing";
import { landShapes } from "./mini-land";

const HOUR = 3_600_000;
const rhythm = { step: 1_000, silence: 60_000 };

function seriesOf(...readings: [at: number, value: number][]): Series {
  const series = new Series(1_000, 900);
  for (const [at, value] of readings) series.add(at, value, "good");
  return series;
}

describe("the lines of a small picture", () => {
  const low = { series: seriesOf([0, 0], [50_000, 5], [100_000, 10]), rhythm };
  const high = { series: seriesOf([0, 10], [100_000, 20]), rhythm: { step: 1_000, silence: 200_000 } };

  it("go from the picture's left to its right by their time, the highest value on top", () => {
    expect(linePaths([low], { from: 0, to: 100_000 }, false)).toEqual(["M0 96L50 50L100 4"]);
  });

  it("share one scale where they are one picture's, and have a row each where they are several", () => {
    expect(linePaths([low, high], { from: 0, to: 100_000 }, false)).toEqual(["M0 96L50 73L100 50", "M0 50L100 4"]);
    expect(linePaths([low, high], { from: 0, to: 100_000 }, true)).toEqual(["M0 46L50 25L100 4", "M0 96L100 54"]);
  });

  it("begin anew after a silence, and are empty where nothing is known", () => {
    const gap = { series: seriesOf([0, 0], [10_000, 10], [100_000, 10]), rhythm };
    expect(linePaths([gap, null], { from: 0, to: 100_000 }, false)).toEqual(["M0 96L10 4M100 4", ""]);
  });
});

describe("the columns of a small picture", () => {
  it("stand on its foot, one an hour, none of an hour that is not known", () => {
    const series = new Series(HOUR, 192);
    for (const [hour, value] of [
      [0, 10],
      [1, 30],
      [3, 40],
    ] as const)
      series.add(hour * HOUR + HOUR / 2, value, "good");
    const path = risesPath(series, { from: 0, to: 4 * HOUR - 1 }, "UTC");
    // 10 of 20 in the first of four hours, 20 in the second; nothing of the third, and of the fourth not what it added.
    expect(path).toBe("M3.8 100V52h17.5V100ZM28.7 100V4h17.5V100Z");
  });
});

describe("the week and the ring of a small picture", () => {
  it("has each hour in one of five shades, by the most of all", () => {
    const paths = hoursPaths([
      [0, 0, 100],
      [1, 0, 10],
      [23, 6, 55],
    ]);
    expect(paths.map((path) => path.match(/M/g)?.length ?? 0)).toEqual([1, 0, 1, 0, 1]);
    expect(paths[4]).toBe("M0 0h3.5v12.1h-3.5Z");
  });

  it("has a slice a part that counts, one behind the other", () => {
    expect(ringStops([50, null, 30, 20], ["red", "blue", "green", "white"])).toBe(
      "red 0% 50%, green 50% 80%, white 80% 100%",
    );
    expect(ringStops([0, 0], ["red", "blue"])).toBe("");
  });
});

describe("the land of a small picture", () => {
  const square = (lon: number, lat: number, side: number) => [
    [
      [lon, lat],
      [lon + side, lat],
      [lon + side, lat + side],
      [lon, lat + side],
      [lon, lat],
    ],
  ];
  const outlines = {
    type: "FeatureCollection" as const,
    features: [
      {
        type: "Feature" as const,
        properties: { adcode: "1", name: "one" },
        geometry: { type: "MultiPolygon" as const, coordinates: [square(0, -1, 2), square(1.999, 0.999, 0.0001)] },
      },
    ],
  };

  it("fills the square, north up, and leaves out islands that cannot be seen", () => {
    const [shape] = landShapes(outlines);
    expect(shape).toEqual({ adcode: "1", path: "M0 100L100 100L100 0L0 0L0 100Z" });
  });
});
