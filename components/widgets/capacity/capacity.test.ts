import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { batches, HORIZON, outlook, slopeOf, type CapacityInput } from "./capacity-option";
import { adviceText, countdown, countText, ratioText, whenText } from "./capacity-words";

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

describe("words", () => {
  const ahead = outlook({ ...QUIET, waiting: 4_000, waitingSlope: 30, opensIn: 420 });

  it("count down in minutes and seconds, from an hour on in hours and minutes", () => {
    expect([countdown(59.9, "en"), countdown(3_599, "zh"), countdown(3_725, "en"), countdown(3_725, "zh")]).toEqual([
      "0 min 59 s",
      "59分59秒",
      "1 h 02 min",
      "1小时02分",
    ]);
  });

  it("tell the opening while it is ahead, else when growth meets capacity", () => {
    expect(whenText(ahead, 420, "zh")).toContain("7分00秒");
    const growing = outlook({ ...QUIET, demand: 1_000, demandSlope: 10 });
    expect(whenText(growing, null, "en")).toContain("3 min 20 s");
    expect(whenText(outlook(QUIET), null, "en")).toBe("");
  });

  it("say what is needed only where capacity will not do, and how to split an opening", () => {
    expect(adviceText(outlook(QUIET), "req/s", "en")).toBe("");
    expect(adviceText(ahead, "req/s", "en")).toMatch(/15,000 req\/s, or open in 8 batches$/);
    expect(adviceText(outlook({ ...QUIET, demand: 3_001 }), "次/秒", "zh")).toMatch(/3,100 次\/秒$/);
  });

  it("write a ratio with two decimals up to ten, and a dash for what is not known", () => {
    expect([ratioText(1.3333), ratioText(12.6), ratioText(null), countText(null, "en")]).toEqual([
      "1.33",
      "13",
      "–",
      "–",
    ]);
  });
});
