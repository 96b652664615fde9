import { describe, expect, it } from "vitest";
import { bytesOf } from "./socket-storm";
import { breachIn, deedOf, marksOf, placesIn, type Visitor } from "./visitors";

const MARKS = marksOf(["1", "2"]);
const [WHOLE, ONE, TWO] = MARKS as [(typeof MARKS)[0], (typeof MARKS)[0], (typeof MARKS)[0]];
const viewer: Visitor = {
  name: "a viewer",
  cookie: undefined,
  sees: ["1"],
  mayNote: false,
  mayExport: false,
  mayOperate: false,
  mayGovern: false,
};

describe("what the trial of rights goes by", () => {
  it("finds a place's marks in text, in frames and in columns, wherever they begin", () => {
    expect(placesIn(Buffer.from(`{"value":${ONE.value}}`), MARKS)).toEqual(["1"]);
    expect(placesIn(Buffer.from(`x,${TWO.text},y`), MARKS)).toEqual(["2"]);
    const frame = Buffer.alloc(21);
    frame.writeDoubleLE(TWO.value, 5);
    expect(placesIn(bytesOf(["f", new Uint8Array(frame)]), MARKS)).toEqual(["2"]);
    expect(placesIn(bytesOf({ columns: [Float64Array.of(1, WHOLE.value)] }), MARKS)).toEqual(["all"]);
    expect(placesIn(Buffer.from("918273600 marked"), MARKS)).toEqual([]);
  });

  it("tells of what somebody must not be told, and of nothing else", () => {
    expect(breachIn(viewer, Buffer.from(ONE.text), MARKS)).toBeNull();
    expect(breachIn(viewer, Buffer.from(`${TWO.value}`), MARKS)).toBe("a viewer is told of 2");
    expect(breachIn(viewer, Buffer.from(`${WHOLE.value}`), MARKS)).toBe("a viewer is told of all");
    expect(breachIn({ ...viewer, sees: null }, Buffer.from(`${WHOLE.value} ${TWO.text}`), MARKS)).toBeNull();
  });

  it("tells of what somebody did that he may not, where it was done", () => {
    const note = ["POST", "/api/v1/annotations/x"] as const;
    expect(deedOf(viewer, ...note, 201, "application/json")).toMatch(/wrote a note/);
    expect(deedOf(viewer, ...note, 403, "application/json")).toBeNull();
    expect(deedOf({ ...viewer, mayNote: true }, ...note, 201, "application/json")).toBeNull();
    expect(deedOf(viewer, "GET", "/api/v1/history?x", 200, "text/csv; charset=utf-8")).toMatch(/took a file/);
    expect(deedOf(viewer, "GET", "/metrics", 200, "text/plain")).toMatch(/how the gateway works/);
    expect(deedOf(viewer, "GET", "/api/v1/people", 200, "application/json")).toMatch(/governed/);
  });
});
