import { describe, expect, it } from "vitest";
import type { Bounds } from "./map-option";
import { raised } from "./raised-option";

describe("the room around a place", () => {
  const around = { left: 100, right: 100, top: 20, bottom: 20 };
  const size = { width: 1000, height: 840 };
  const wide: Bounds = [
    [110, -1],
    [114, 1],
  ];

  it("grows under one that is wider than high by what it leaves free, and no farther than is wanted", () => {
    // 800 px across are 400 down: of the 800 there 400 are free.
    expect(raised(around, size, wide, 1_000).bottom).toBeCloseTo(20 + 400, -1);
    expect(raised(around, size, wide, 150)).toEqual({ ...around, bottom: 170 });
  });

  it("stays where the place needs all of it", () => {
    const high: Bounds = [
      [110, -4],
      [111, 4],
    ];
    expect(raised(around, size, high, 150)).toEqual(around);
  });
});
