import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QUALITIES, type Quality, type Reading } from "../contract/readings";
import type { ReadingState } from "../contract/reduce";
import { Hub } from "./hub";

const T0 = Date.parse("2026-11-22T08:00:00Z");
const TOPIC = "reading/city/all/a";
const reading = (at: number, value: number, quality: Quality = "good"): Reading => ({
  city: "city",
  district: "all",
  metric: "a",
  at,
  value,
  quality,
});
const given = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 60 }).map((n) => T0 + n * 500),
    fc.integer({ min: 0, max: 2 }),
    fc.constantFrom(...QUALITIES),
  ),
  { maxLength: 60 },
);

function content(hub: Hub): unknown {
  const state = hub.state(TOPIC) as ReadingState | undefined;
  return (
    state && [
      state.last,
      ...[state.fine, state.coarse, state.hourly].flatMap((series) => [series.toArray(), series.marks()]),
    ]
  );
}

describe("readings of the hub", () => {
  it("holds a reading only with its quality, and only while nothing later was said of its moment", () => {
    fc.assert(
      fc.property(given, (list) => {
        const hub = new Hub(1);
        const last = new Map<number, string>();
        for (const [at, value, quality] of list) {
          const exact = last.get(at) === `${value} ${quality}`;
          const newestOfSecond = Math.max(
            ...[...last.keys()].filter((other) => Math.floor(other / 1_000) === Math.floor(at / 1_000)),
          );
          // What the second has replaced by a later moment is no longer known to be a copy.
          if (!exact || newestOfSecond === at) expect(hub.holds(reading(at, value, quality))).toBe(exact);
          hub.takeReading(reading(at, value, quality));
          last.set(at, `${value} ${quality}`);
        }
      }),
    );
  });

  it("counts a copy as a duplicate, another quality as a change", () => {
    const hub = new Hub(1);
    expect([
      hub.takeReading(reading(T0, 1)),
      hub.takeReading(reading(T0, 1)),
      hub.takeReading(reading(T0, 1, "bad")),
      hub.state(TOPIC)?.offset,
    ]).toEqual(["taken", "duplicate", "taken", 2]);
  });

  it("hands out of one second the reading observed last, of one moment the one that came last", () => {
    const hub = new Hub(1);
    for (const [at, value, quality] of [
      [T0 + 100, 1, "good"],
      [T0 + 100, 1, "bad"],
      [T0 + 50, 2, "good"],
      [T0 + 2_000, 3, "good"],
      [T0 + 100, 4, "uncertain"],
    ] as const)
      hub.takeReading(reading(at, value, quality));
    expect(hub.drain().get(TOPIC)).toMatchObject({
      advance: 4,
      items: [
        { at: T0 + 100, value: 4, quality: "uncertain" },
        { at: T0 + 2_000, value: 3 },
      ],
    });
  });

  it("marks in a snapshot what is not good, over all spans asked for", () => {
    const hub = new Hub(1);
    const minutes = ["good", "bad", "good", "uncertain"] as const;
    minutes.forEach((quality, i) => hub.takeReading(reading(T0 + i * 60_000, i, quality)));
    expect(hub.snapshot(TOPIC, "reading", [100, 3_600], T0 + 180_000)).toEqual({
      kind: "reading",
      offset: 4,
      last: { at: T0 + 180_000, value: 3, quality: "uncertain" },
      series: [T0 + 120_000, 2, T0 + 180_000, 3, T0, 0, T0 + 60_000, 1, T0 + 120_000, 2, T0 + 180_000, 3],
      marks: [1, 1, 3, 2, 5, 1],
    });
    hub.takeReading(reading(T0 + 180_000, 3));
    hub.takeReading(reading(T0 + 60_000, 1));
    expect(hub.snapshot(TOPIC, "reading", [3_600], T0 + 180_000)).not.toHaveProperty("marks");
  });

  it("is after a restart what it was before, qualities and all, also from the form of an earlier version", () => {
    fc.assert(
      fc.property(given, (list) => {
        const hub = new Hub(1);
        for (const [at, value, quality] of list) hub.takeReading(reading(at, value, quality));
        const again = new Hub(2);
        again.restore(hub.dump());
        expect(content(again)).toEqual(content(hub));
        const before = new Hub(3);
        const dump = hub.dump();
        before.restore({ ...dump, readings: dump.readings.map(({ marks: _none, ...rest }) => rest) });
        expect((before.state(TOPIC) as ReadingState | undefined)?.fine.toArray()).toEqual(
          (hub.state(TOPIC) as ReadingState | undefined)?.fine.toArray(),
        );
      }),
    );
  });
});
