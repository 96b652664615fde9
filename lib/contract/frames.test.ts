import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame, type Section } from "./frames";
import { QUALITIES } from "./readings";

const NOW = Date.parse("2026-11-22T08:00:00.123Z");
const value = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 100),
  fc.constantFrom(0, -0, 0.1, 2 ** 53, -(2 ** 53), Number.MAX_VALUE),
);
const item = fc.record({
  at: fc.integer({ min: NOW - 2_678_400_000, max: NOW + 60_000 }),
  value,
  quality: fc.constantFrom(...QUALITIES),
});
const section: fc.Arbitrary<Section> = fc.record({
  kind: fc.constant("reading" as const),
  index: fc.nat(5_000),
  advance: fc.integer({ min: 1, max: 10_000 }),
  items: fc.array(item, { maxLength: 6 }),
});

describe("frames", () => {
  it("come back as they were sent", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e9), fc.array(section, { maxLength: 8 }), (set, seq, sections) => {
        expect(decodeFrame(encodeFrame({ set, seq, now: NOW, sections }))).toEqual({ set, seq, now: NOW, sections });
      }),
      { numRuns: 500 },
    );
  });

  it("carry events and positions", () => {
    const sections: Section[] = [
      {
        kind: "events",
        index: 3,
        advance: 2,
        items: [
          {
            id: "e",
            city: "a",
            district: "all",
            kind: "noise",
            title: "夜间噪声",
            severity: 1,
            stage: "上报",
            stages: ["上报", "办结"],
            at: NOW,
            updated: NOW,
            source: "s",
          },
        ],
        counts: [
          ["", "all", "noise", "上报", 1, 4],
          ["2026-11-22", "all", "noise", "办结", 1, 0],
        ],
      },
      {
        kind: "positions",
        index: 4,
        advance: 1,
        names: [[7, "bus-1", "公交001"]],
        columns: {
          slots: new Uint32Array([7]),
          lon: new Float64Array([119.123456]),
          lat: new Float64Array([-34.654321]),
          heading: new Float32Array([271.5]),
          speed: new Float32Array([41.5]),
          at: new Float64Array([NOW - 900]),
        },
      },
    ];
    expect(decodeFrame(encodeFrame({ set: 1, seq: 2, now: NOW, sections })).sections).toEqual(sections);
  });

  it("carry the change that comes most often, one reading, in three bytes", () => {
    const one = (item: { at: number; value: number; quality: "good" | "uncertain" }): Uint8Array =>
      encodeFrame({ set: 1, seq: 2, now: NOW, sections: [{ kind: "reading", index: 3, advance: 1, items: [item] }] });
    const beat = encodeFrame({ set: 1, seq: 2, now: NOW, sections: [] });
    const item = { at: NOW - 40, value: 5, quality: "good" as const };
    expect(one(item).length).toBe(beat.length + 3);
    expect(decodeFrame(one(item)).sections).toEqual([{ kind: "reading", index: 3, advance: 1, items: [item] }]);
    // A quality that a later gateway may know and this page does not.
    const doubted = one({ ...item, quality: "uncertain" });
    doubted[doubted.length - 9] = 250;
    expect(decodeFrame(doubted).sections).toMatchObject([{ items: [{ ...item, quality: "bad" }] }]);
  });

  it("carry more than they have room for at first, and end with what was said last", () => {
    const count = 3_000;
    const numbers = Array.from({ length: count }, (_, i) => i);
    const sections: Section[] = [
      {
        kind: "reading",
        index: 0,
        advance: count,
        items: numbers.map((i) => ({ at: NOW - i, value: Math.sqrt(i), quality: "good" })),
      },
      {
        kind: "positions",
        index: 1,
        advance: count,
        names: [],
        columns: {
          slots: Uint32Array.from(numbers),
          lon: Float64Array.from(numbers, (i) => i / 100),
          lat: Float64Array.from(numbers, (i) => i / 200),
          heading: Float32Array.from(numbers, (i) => i % 360),
          speed: Float32Array.from(numbers, (i) => i % 100),
          at: Float64Array.from(numbers, (i) => NOW - i),
        },
      },
      { kind: "events", index: 2, advance: 1, items: [], counts: [["", "all", "噪声".repeat(9_000), "上报", 1, 4]] },
    ];
    for (const each of [sections, ...sections.map((one) => [one])])
      expect(decodeFrame(encodeFrame({ set: 1, seq: 2, now: NOW, sections: each })).sections).toEqual(each);
  });

  it("spend few bytes on an ordinary reading", () => {
    const sections: Section[] = Array.from({ length: 100 }, (_, index) => ({
      kind: "reading",
      index,
      advance: 1,
      items: [{ at: NOW - 40, value: 12_345 + index / 10, quality: "good" }],
    }));
    expect(encodeFrame({ set: 9, seq: 100_000, now: NOW, sections }).length / 100).toBeLessThan(9);
  });

  it("are refused when they are cut short or garbage", () => {
    const bytes = encodeFrame({
      set: 1,
      seq: 1,
      now: NOW,
      sections: [{ kind: "events", index: 0, advance: 1, items: [], counts: [] }],
    });
    expect(() => decodeFrame(bytes.subarray(0, bytes.length - 1))).toThrow(RangeError);
    expect(() => decodeFrame(new Uint8Array([7, 7]))).toThrow(/version/);
    const head = [...encodeFrame({ set: 1, seq: 1, now: NOW, sections: [] })];
    expect(() => decodeFrame(Uint8Array.from([...head, ...Array<number>(20).fill(200), 1]))).toThrow(/varint too long/);
    // Positions of index 0, without names, more than any memory has room for.
    expect(() => decodeFrame(Uint8Array.from([...head, 3, 1, 255, 255, 255, 127, 0]))).toThrow(/too many positions/);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (garbage) => {
        try {
          decodeFrame(garbage);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});
