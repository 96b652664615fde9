import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { batches, HORIZON, outlook, slopeOf, type CapacityInput } from "./capacity-option";

const QUIET: CapacityInput = {
  demand: 40,
  capacity: 3_000,
  demandSlope: 0,
  waiting: null,
  waitingSlope: 0,
  opensIn: null,
  burst: 0.9,
};

describe("outlook", () => {
  it("is calm while there is enough", () =>
    expect(outlook(QUIET)).toEqual({
      state: "ample",
      expected: 40,
      ratio: 40 / 3_000,
      opensIn: null,
      reachedIn: null,
    }));

  it("warns minutes before an opening of what those who wait will ask", () => {
    const ahead = outlook({ ...QUIET, waiting: 4_000, waitingSlope: 30, opensIn: 420 });
    expect(ahead.state).toBe("short");
    expect(ahead.expected).toBeCloseTo((4_000 + 30 * 420) * 0.9);
    expect(ahead.opensIn).toBe(420);
  });

  it("does not count on people leaving the waiting page", () =>
    expect(outlook({ ...QUIET, waiting: 4_000, waitingSlope: -30, opensIn: 420 }).expected).toBeCloseTo(3_600));

  it("looks no farther than half an hour", () =>
    expect(outlook({ ...QUIET, waiting: 90_000, waitingSlope: 0, opensIn: HORIZON + 1 }).state).toBe("ample"));

  it("says when a growing demand meets capacity", () => {
    const ahead = outlook({ ...QUIET, demand: 1_000, demandSlope: 10 });
    expect(ahead.state).toBe("short");
    expect(ahead.reachedIn).toBe(200);
  });

  it("tells little to spare from too much", () => {
    expect(outlook({ ...QUIET, demand: 2_400 }).state).toBe("tight");
    expect(outlook({ ...QUIET, demand: 3_001 }).state).toBe("over");
  });

  it("says nothing without demand or capacity", () => {
    expect(outlook({ ...QUIET, demand: null }).state).toBe("unknown");
    expect(outlook({ ...QUIET, capacity: 0 }).state).toBe("unknown");
  });
});

describe("batches", () =>
  it("leaves room in each", () => expect([0.2, 1, 1.4, 6.3].map(batches)).toEqual([1, 2, 2, 9])));

describe("slopeOf", () => {
  it("is the growth a second of the newest values alone", () => {
    const series = new Series(1_000, 100);
    for (let second = 0; second < 60; second++) series.add(second * 1_000, second < 30 ? 0 : (second - 30) * 5);
    expect(slopeOf(series, 59_000, 20)).toBeCloseTo(5);
    expect(slopeOf(new Series(1_000, 10), 0, 60)).toBe(0);
  });

  it("leaves bad values out", () => {
    const series = new Series(1_000, 100);
    for (let second = 0; second < 20; second++)
      series.add(second * 1_000, second === 7 ? 9_999 : second * 3, second === 7 ? "bad" : "good");
    expect(slopeOf(series, 19_000, 20)).toBeCloseTo(3);
  });
});
