import { describe, expect, it } from "vitest";
import { emptyState, reduce } from "@/lib/contract/reduce";
import { interpolate, makeDrawn } from "./vehicles-option";

const T0 = 1_000_000;
function moved() {
  const change = {
    kind: "positions" as const,
    snapshot: false,
    epoch: 1,
    offset: 1,
    names: [[0, "bus", ""]] as [number, string, string][],
    slots: [0],
    lon: [100],
    lat: [10],
    heading: [90],
    speed: [30],
    at: [T0],
  };
  const state = reduce(emptyState("positions"), change);
  return reduce(state, { ...change, names: [], lon: [101], lat: [12], at: [T0 + 2_000] });
}
const lonAt = (now: number): number | undefined => {
  const drawn = interpolate(moved(), now, 2_000, 15_000, makeDrawn(1));
  return drawn.length === 0 ? undefined : drawn.positions[0];
};

describe("interpolate", () => {
  it("glides from one observation to the next, an interval behind", () => {
    expect([T0 + 2_000, T0 + 3_000, T0 + 4_000].map(lonAt)).toEqual([100, 100.5, 101]);
  });

  it("stands still when the next observation is late and vanishes past its limit", () => {
    expect(lonAt(T0 + 10_000)).toBe(101);
    expect(lonAt(T0 + 17_001)).toBeUndefined();
  });

  it("turns icons against the clock and grows its columns when needed", () => {
    const state = moved();
    const drawn = interpolate(state, T0 + 4_000, 2_000, 15_000, makeDrawn(0));
    expect([drawn.length, drawn.angles[0]]).toEqual([1, -90]);
    expect(interpolate(state, T0 + 4_000, 2_000, 15_000, drawn)).toBe(drawn);
  });
});
