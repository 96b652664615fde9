import { describe, expect, it } from "vitest";
import { emptyState, reduce } from "@/lib/contract/reduce";
import { interpolate, makeDrawn, TALL, type Drawn, type Frames } from "./vehicles-option";

const T0 = 1_000_000;
const FRAMES: Frames = { moving: [0, 0, 0.5, 1], standing: [0.5, 0, 1, 1] };

/** A bus seen at T0 and 2 s later, where it had come to by then. */
function moved(to: [number, number] = [101, 12]) {
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
  return reduce(state, { ...change, names: [], lon: [to[0]], lat: [to[1]], at: [T0 + 2_000] });
}

function drawn(state: ReturnType<typeof moved>, now: number, out = makeDrawn(1, 12, [0, 0]), height = 12): Drawn {
  return interpolate(state, { now, interval: 2_000, limit: 15_000, height, frames: FRAMES }, out);
}

const lonAt = (now: number): number | undefined => {
  const { columns } = drawn(moved(), now);
  // Longitude is told from Greenwich here: 512 units around the world, of which a half lies to its west.
  return columns.length === 0 ? undefined : Math.round(((columns.places[0] as number) / 512) * 360 * 1_000) / 1_000;
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
    const { places, origin } = drawn(moved(), T0 + 4_000, makeDrawn(1, 12, [98, 11])).columns;
    const metre = 512 / 40_075_017;
    const y = (Math.asinh(Math.tan((12 * Math.PI) / 180)) / (2 * Math.PI) + 0.5) * 512;
    expect(Math.abs((places[0] as number) + origin[0] - (101 / 360 + 0.5) * 512) / metre).toBeLessThan(0.1);
    expect(Math.abs((places[1] as number) + origin[1] - y) / metre).toBeLessThan(0.1);
  });

  it("has its trail where it came from, and none when it stood or the next observation is late", () => {
    const trail = (to: [number, number], now = T0 + 4_000): [number, number[]] => {
      const { places, frames } = drawn(moved(to), now).columns;
      return [Math.round(((places[2] as number) * 180) / Math.PI), [...frames.slice(0, 4)]];
    };
    const { moving, standing } = FRAMES;
    // Counterclockwise from north: what goes east has turned a quarter back, and its trail lies to the west.
    expect(trail([101, 10])).toEqual([-90, moving]);
    expect(trail([100, 11])).toEqual([-0, moving]);
    expect(trail([99, 10])).toEqual([90, moving]);
    expect(trail([100, 10])).toEqual([0, standing]);
    expect(trail([100.00001, 10])).toEqual([0, standing]);
    expect(trail([101, 10], T0 + 6_001)).toEqual([0, standing]);
  });

  it("tells when pictures have to be sent again, and makes other columns where they have no room or another size", () => {
    const one = drawn(moved(), T0 + 4_000, makeDrawn(0, 12, [0, 0]));
    const before = one.pictures;
    expect(drawn(moved(), T0 + 4_100, one)).toBe(one);
    expect(one.pictures).toBe(before);
    expect(drawn(moved([100, 10]), T0 + 4_200, one).pictures).not.toBe(before);
    const larger = drawn(moved(), T0 + 4_000, one, 24);
    expect([...larger.columns.extents.slice(0, 3)]).toEqual([12 / TALL, 12, -1]);
  });
});
