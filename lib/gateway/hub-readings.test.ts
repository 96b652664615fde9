import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QUALITIES, type Quality, type Reading } from "../contract/readings";
import { pointsIn, type ReadingState } from "../contract/reduce";
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

  it("holds each series once in a snapshot, however many spans of it are asked for, and no more than was reckoned", () => {
    const hub = new Hub(1);
    for (let i = 0; i < 2_000; i++) hub.takeReading(reading(T0 + i * 1_000, i));
    const now = T0 + 2_000_000;
    const once = hub.snapshot(TOPIC, "reading", [900], now);
    expect(hub.snapshot(TOPIC, "reading", [900, 1, 899, 900, 900, 450, 30, 900], now)).toEqual(once);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { maxLength: 8 }), (spans) => {
        const { series } = hub.snapshot(TOPIC, "reading", spans, now) as { series: number[] };
        expect(series.length / 2).toBeLessThanOrEqual(pointsIn(spans));
        expect(pointsIn(spans)).toBeLessThanOrEqual(900 + 1_560 + 192);
      }),
    );
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

describe("a hub whose clock was wrong", () => {
  const HOUR = 3_600_000;

  it("shows readings with right times at once, and what was ahead again when that clock was right after all", () => {
    fc.assert(
      fc.property(given, given, (before, ahead) => {
        const [right, wrong, both] = [new Hub(1), new Hub(1), new Hub(1)];
        for (const [at, value, quality] of before)
          for (const hub of [right, wrong, both]) hub.takeReading(reading(at, value, quality));
        const later = ahead.map(([at, value, quality]) => reading(at + HOUR, value, quality));
        for (const one of later) for (const hub of [wrong, both]) hub.takeReading(one);
        const now = T0 + 31_000;
        expect(wrong.dropFuture(now)).toBe(later.length > 0 ? 1 : 0);
        const shown = (hub: Hub): unknown => {
          const state = hub.state(TOPIC) as ReadingState | undefined;
          return state?.last && [state.last, state.fine.toArray(), state.fine.marks()];
        };
        expect(shown(wrong) ?? null).toEqual(shown(right) ?? null);
        for (const hub of [wrong, right]) hub.takeReading(reading(now, 7));
        expect(shown(wrong)).toEqual(shown(right));
        both.takeReading(reading(now, 7));
        wrong.takeAhead(now + HOUR);
        expect(content(wrong)).toEqual(content(both));
      }),
    );
  });

  it("does not bring back what it was told to forget", () => {
    const hub = new Hub(1);
    hub.takeReading(reading(T0 + HOUR, 1));
    expect(hub.dropFuture(T0)).toBe(1);
    expect(hub.dropFuture(T0)).toBe(0);
    hub.forgetAhead();
    hub.takeAhead(T0 + 2 * HOUR);
    expect((hub.state(TOPIC) as ReadingState).last).toBeNull();
  });

  it("has events and things follow their next right time", () => {
    const hub = new Hub(1);
    const thing = { city: "city", layer: "buses", id: "a", label: "1", lon: 1, lat: 2, heading: 0, speed: 0 };
    hub.takePosition({ ...thing, at: T0 + HOUR });
    const event = {
      id: "e",
      city: "city",
      district: "all",
      kind: "noise",
      title: "e",
      severity: 1 as const,
      stages: ["上报", "处置", "办结"],
      source: "s",
    };
    hub.takeEvent({ ...event, stage: "处置", at: T0 + HOUR - 60_000, updated: T0 + HOUR });
    expect(hub.takePosition({ ...thing, at: T0 })).toBe("duplicate");
    hub.drain();
    expect(hub.dropFuture(T0)).toBe(2);
    expect(hub.event("city", "e")).toMatchObject({ stage: "处置", at: T0, updated: T0 });
    expect(hub.takePosition({ ...thing, at: T0 + 1_000 })).toBe("taken");
    expect(hub.takeEvent({ ...event, stage: "办结", at: T0, updated: T0 + 1_000 })?.shown).toBe("live");
    expect(hub.event("city", "e")?.stage).toBe("办结");
    expect([...hub.drain().keys()].sort()).toEqual(["events/city", "positions/city/buses"]);
  });
});
