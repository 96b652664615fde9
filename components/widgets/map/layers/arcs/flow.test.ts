import { describe, expect, it } from "vitest";
import type { Arc } from "./arcs-option";
import { flowColumns, PERIOD, sameArcs, travel } from "./flow-option";

const arc = (id: string, value: number, weight: number): Arc => ({
  id,
  from: [119, 34],
  to: [120, 35],
  value,
  weight,
});

describe("what a flow is drawn from", () => {
  it("is where it begins and ends, in this order, to a metre", () => {
    const { ends, origin } = flowColumns([arc("a>b", 1, 1)], 1, [], []);
    const x = (lon: number): number => (lon / 360 + 0.5) * 512;
    const y = (lat: number): number => (Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI) + 0.5) * 512;
    const metre = 512 / 40_075_017;
    const placed = [...ends.slice(0, 4)].map((end, i) => end + (origin[i % 2] as number));
    for (const [i, place] of [x(119), y(34), x(120), y(35)].entries())
      expect(Math.abs((placed[i] as number) - place)).toBeLessThan(metre);
  });

  it("is wider and less transparent the more there flows", () => {
    const { looks, colors } = flowColumns([arc("a>b", 1, 0.25), arc("b>a", 4, 1)], 4, [10, 20, 30], [40, 50, 60]);
    expect(looks[2] as number).toBeGreaterThan(2 * (looks[0] as number));
    expect([...colors.slice(0, 3), ...colors.slice(4, 7)]).toEqual([10, 20, 30, 40, 50, 60]);
    for (const opacity of [3, 7]) expect(colors[8 + opacity] as number).toBeGreaterThan(colors[opacity] as number);
    // Where it ends it is brighter than where it begins.
    expect(colors[7] as number).toBeGreaterThan(colors[3] as number);
  });

  it("begins its pulses at a moment of its own, whatever else is drawn", () => {
    const [both, one] = [
      flowColumns([arc("a>b", 1, 0.5), arc("b>a", 2, 1)], 4, [], []),
      flowColumns([arc("b>a", 2, 1)], 4, [], []),
    ];
    expect(both.looks[3]).toBe(one.looks[1]);
    expect(both.looks[1]).not.toBe(both.looks[3]);
  });

  it("is the same while each flow is", () => {
    const arcs = [arc("a>b", 1, 0.5), arc("b>a", 2, 1)];
    expect(sameArcs(arcs, [arc("a>b", 1, 0.5), arc("b>a", 2, 1)])).toBe(true);
    expect(sameArcs(arcs, [arc("a>b", 1.5, 0.75), arc("b>a", 2, 1)])).toBe(false);
    expect(sameArcs(arcs, arcs.slice(1))).toBe(false);
    expect(sameArcs(arcs, [...arcs].reverse())).toBe(false);
  });
});

describe("travel", () => {
  it("comes round, is never far in one step, and never back", () => {
    let way = 0;
    for (let i = 0; i < 200; i++) {
      const next = travel(way, 100);
      expect(next).toBeGreaterThanOrEqual(0);
      expect(next).toBeLessThan(PERIOD);
      way = next;
    }
    expect(travel(0, 3_600_000)).toBeLessThan(PERIOD / 8);
    expect([travel(1, 0), travel(1, -500)]).toEqual([1, 1]);
  });
});
