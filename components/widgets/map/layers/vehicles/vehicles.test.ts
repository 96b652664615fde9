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
  const drawn = interpolate(moved(), now, 2_000, 15_000, 12, makeDrawn(1, 12, [0, 0]));
  // Longitude is told from Greenwich here: 512 units around the world, of which a half lies to its west.
  return drawn.length === 0 ? undefined : Math.round(((drawn.places[0] as number) / 512) * 360 * 1_000) / 1_000;
};

describe("interpolate", () => {
  it("glides from one observation to the next, an interval behind", () => {
    expect([T0 + 2_000, T0 + 3_000, T0 + 4_000].map(lonAt)).toEqual([100, 100.5, 101]);
  });

  it("stands still when the next observation is late and vanishes past its limit", () => {
    expect(lonAt(T0 + 10_000)).toBe(101);
    expect(lonAt(T0 + 17_001)).toBeUndefined();
  });

  it("is where it was seen to a tenth of a metre, far from where its columns begin", () => {
    const { places, origin } = interpolate(moved(), T0 + 4_000, 2_000, 15_000, 12, makeDrawn(1, 12, [98, 11]));
    const metre = 512 / 40_075_017;
    const y = (Math.asinh(Math.tan((12 * Math.PI) / 180)) / (2 * Math.PI) + 0.5) * 512;
    expect(Math.abs((places[0] as number) + origin[0] - (101 / 360 + 0.5) * 512) / metre).toBeLessThan(0.1);
    expect(Math.abs((places[1] as number) + origin[1] - y) / metre).toBeLessThan(0.1);
  });

  it("turns pictures against the clock, and makes other columns where they have no room or another size", () => {
    const state = moved();
    const drawn = interpolate(state, T0 + 4_000, 2_000, 15_000, 12, makeDrawn(0, 12, [0, 0]));
    expect([drawn.length, drawn.places[2]]).toEqual([1, Math.fround(-Math.PI / 2)]);
    expect(interpolate(state, T0 + 4_000, 2_000, 15_000, 12, drawn)).toBe(drawn);
    const larger = interpolate(state, T0 + 4_000, 2_000, 15_000, 24, drawn);
    expect([...larger.extents.slice(0, 3)]).toEqual([12, 12, -1]);
  });
});
