import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "../cities/load";
import { emptyState, reduce, type ReadingItem, type State } from "../contract/reduce";
import { eventsTopic, positionsTopic, readingTopic } from "../contract/topics";
import { aliveSince, isPulseWithheld, readMetric, readSign, type Live } from "./read-metric";

const { facts: city } = await loadCity(path.resolve(import.meta.dirname, "../../cities"), "lianyungang");
const NOW = 1_000_000_000;

/** A page that sees these readings; a replay by the minute where `tolerance` is more than 0. */
function seeing(readings: Record<string, ReadingItem>, { tolerance = 0, connected = true } = {}): Live {
  const states = new Map<string, State>(
    Object.entries(readings).map(([topic, item]) => [
      topic,
      reduce(emptyState("reading"), { kind: "reading", epoch: 1, offset: 1, snapshot: true, items: [item] }),
    ]),
  );
  return {
    now: () => NOW,
    tolerance,
    past: tolerance > 0,
    skippedFrames: 0,
    store: null,
    connected: () => connected,
    watch: () => () => {},
    onBeat: () => () => {},
    state: (topic) => states.get(topic),
  };
}

const topic = readingTopic(city.id, "320706", "cases-today");
const metric = city.metrics.find(({ id }) => id === "cases-today");
const limit = (metric?.limit ?? 0) * 1000;

describe("readMetric", () => {
  it("has one answer for a district as for the whole, live and in a past that is kept by the minute", () => {
    const old = { at: NOW - limit - 30_000, value: 7, quality: "good" as const };
    const whole = readingTopic(city.id, "all", "cases-today");
    for (const [tolerance, freshness, counted] of [
      [0, "stale", null],
      [65_000, "live", 7],
    ] as const) {
      const live = seeing({ [topic]: old, [whole]: old }, { tolerance });
      for (const own of [topic, whole])
        expect(readMetric(live, city, own)).toMatchObject({
          value: 7,
          at: old.at,
          freshness,
          counted,
          evaluatedAt: NOW,
        });
      expect(readSign(live, city, whole)).toEqual({ at: old.at, freshness, evaluatedAt: NOW });
    }
  });

  it("knows whose reading it is, and nothing of a topic nobody asked for", () => {
    expect(readMetric(seeing({}), city, topic)).toMatchObject({
      value: null,
      at: null,
      quality: null,
      freshness: "offline",
      counted: null,
      district: "320706",
      metric: { id: "cases-today" },
    });
    expect(readMetric(seeing({ [topic]: { at: NOW, value: 3, quality: "bad" } }), city, topic)).toMatchObject({
      value: 3,
      quality: "bad",
      freshness: "live",
      counted: null,
    });
  });
});

describe("what there is no right to", () => {
  it("is no reading that is missing or dead, and is told apart from one", () => {
    const live = { ...seeing({}), isWithheld: (name: string) => name === topic };
    expect(readMetric(live, city, topic)).toMatchObject({ withheld: true, value: null, counted: null });
    expect(readMetric(live, city, readingTopic(city.id, "all", "cases-today")).withheld).toBe(false);
    expect(readMetric(seeing({}), city, topic).withheld).toBe(false);
  });

  it("leaves it open how fresh events are where it is their feed's heartbeat", () => {
    const heartbeat = readingTopic(city.id, "all", city.events?.heartbeat ?? "");
    const live = { ...seeing({}), isWithheld: (name: string) => name === heartbeat };
    expect([eventsTopic(city.id), topic].map((name) => isPulseWithheld(live, city, name))).toEqual([true, false]);
    expect(isPulseWithheld(seeing({}), city, eventsTopic(city.id))).toBe(false);
  });
});

describe("readSign", () => {
  it("takes a feed's heartbeat for its events, and things for as long as their layer is not stale", () => {
    const heartbeat = readingTopic(city.id, "all", city.events?.heartbeat ?? "");
    expect(
      readSign(seeing({ [heartbeat]: { at: NOW - 1, value: 1, quality: "good" } }), city, eventsTopic(city.id)),
    ).toMatchObject({ at: NOW - 1, freshness: "live" });
    const layer = city.layers[0];
    const vehicles = positionsTopic(city.id, layer?.id ?? "");
    expect(aliveSince(seeing({}, { tolerance: 65_000 }), city, vehicles)).toBe(
      NOW - 65_000 - (layer?.limit ?? 0) * 1000,
    );
  });
});
