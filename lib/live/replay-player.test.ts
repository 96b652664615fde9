import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Changes } from "../contract/history";
import type { ValuesItem } from "../contract/values";
import { readingOf } from "./read-metric";
import type { PastSource } from "./past-source";
import { PastPlayer } from "./replay-player";

const T0 = Date.parse("2026-11-20T10:00:00Z");
const TOPIC = "reading/x/all/m";
const VEHICLES = "positions/x/vehicles";
const END = T0 + 3_600_000;
let mono = 0;
let player: PastPlayer;
let fail: string | null = null;
/** up to when the store has taken in what was acknowledged, ms */
let takenIn = Infinity;
/** what the next question for changes is answered with instead */
let instead: ((range: { from: number; to: number }) => Partial<Changes>) | null = null;
const asked: { from: number; to: number; downsample: number }[] = [];
const valued: ValuesItem[] = [];
const snapshots: { at: number; knowledge: string }[] = [];

/** One reading every ten seconds, its value the seconds since T0; told a second after it was observed. */
const source: PastSource = {
  snapshot: ({ at, knowledge, topics }) => {
    if (fail) return Promise.reject(new Error(fail));
    snapshots.push({ at, knowledge });
    const observed = Math.floor((Math.min(at, takenIn) - T0) / 10_000) * 10_000 + T0;
    const last = { at: observed, value: (observed - T0) / 1000, quality: "good" as const };
    return Promise.resolve({
      epoch: 1,
      now: at,
      set: 1,
      seq: 0,
      order: topics.map((t) => t.topic),
      refused: [],
      spacing: 10_000,
      completeUntil: Math.min(END, takenIn),
      topics: {
        [TOPIC]: { kind: "reading", offset: 1, last, series: [] },
        [VEHICLES]: { kind: "positions", offset: 1, names: [[0, "bus-1", "1"]], rows: [0, 119, 34, 0, 30, at] },
      },
    });
  },
  changes: ({ from, to, downsample, topics }): Promise<Changes> => {
    asked.push({ from, to, downsample });
    const none: Changes = {
      topics,
      readings: { topic: [], when: [], at: [], value: [] },
      positions: { topic: [], when: [], thing: [], lon: [], lat: [], heading: [], speed: [] },
      things: {},
      events: [],
      cut: false,
      completeUntil: to,
    };
    if (instead) return Promise.resolve({ ...none, ...instead({ from, to }) });
    const changes: Changes = {
      topics,
      readings: { topic: [], when: [], at: [], value: [] },
      positions: { topic: [], when: [], thing: [], lon: [], lat: [], heading: [], speed: [] },
      things: { 7: ["bus-1", "1"], 8: ["bus-2", "2"] },
      events: [],
      cut: false,
      completeUntil: to,
    };
    for (let at = Math.ceil((from - T0) / 10_000) * 10_000 + T0; at <= to - 1_000; at += 10_000) {
      if (at + 1_000 <= from) continue;
      changes.readings.topic.push(0);
      changes.readings.when.push(at + 1_000);
      changes.readings.at.push(at);
      changes.readings.value.push((at - T0) / 1000);
    }
    for (const thing of [7, 8]) {
      changes.positions.topic.push(1);
      changes.positions.when.push(from + 500);
      changes.positions.thing.push(thing);
      changes.positions.lon.push(119 + thing / 100);
      changes.positions.lat.push(34);
      changes.positions.heading.push(90);
      changes.positions.speed.push(20);
    }
    return Promise.resolve(changes);
  },
  reports: () => Promise.resolve([]),
  event: (request) => {
    lookups.push(request);
    return Promise.resolve(null);
  },
  values: (items) => {
    valued.push(...items);
    return Promise.resolve(items.map(({ at }) => at.map(() => null)));
  },
};

const lookups: object[] = [];

/** Lets real time pass in ticks, with room for answers to come in. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    mono += 50;
    await vi.advanceTimersByTimeAsync(50);
  }
}
const value = (): number | undefined => readingOf(player.store, TOPIC)?.last?.value;

describe("player of the past", () => {
  beforeEach(async () => {
    vi.useFakeTimers();
    mono = 0;
    fail = null;
    takenIn = Infinity;
    instead = null;
    asked.length = 0;
    snapshots.length = 0;
    player = new PastPlayer(
      T0 + 15_000,
      source,
      () => END,
      () => mono,
    );
    player.store.watch(TOPIC, 0, () => {});
    player.store.watch(VEHICLES, 0, () => {});
    await pass(100);
  });
  afterEach(() => {
    player.close();
    vi.useRealTimers();
  });

  it("looks an event up as it was known at its moment, or as it stood then by what is known since", async () => {
    const round = player.store.eventSource?.round();
    await player.store.eventSource?.find("lianyungang", "a");
    player.setKnowledge("since");
    player.seek(T0 + 20_000);
    await player.store.eventSource?.find("lianyungang", "a");
    expect(lookups.splice(0)).toEqual([
      { city: "lianyungang", id: "a", known: T0 + 15_000 },
      { city: "lianyungang", id: "a", at: T0 + 20_000 },
    ]);
    expect(player.store.eventSource?.round()).not.toBe(round);
  });

  it("stands still at its moment until it is told to play", async () => {
    await pass(20_000);
    expect([value(), player.store.now(), player.store.connected(), player.state().loading]).toEqual([
      10,
      T0 + 15_000,
      true,
      false,
    ]);
    expect(asked).toEqual([]);
  });

  it("shows each value when it was shown, at the pace that is asked for", async () => {
    player.play(true);
    await pass(5_000);
    expect([value(), Math.round((player.state().at - T0) / 1000)]).toEqual([10, 20]);
    await pass(1_200);
    expect(value()).toBe(20);
    player.setSpeed(60);
    await pass(2_000);
    expect(player.state().at - T0).toBeGreaterThan(120_000);
    expect(Math.abs((value() ?? 0) - (player.state().at - T0) / 1000)).toBeLessThan(25);
    expect(asked[asked.length - 1]?.downsample).toBe(12_000);
  });

  it("shows a correction of the same moment in the order in which they came, and how far it can be trusted", async () => {
    const at = T0 + 20_000;
    instead = ({ from }) => ({
      readings:
        from > T0 + 15_000
          ? { topic: [], when: [], at: [], value: [] }
          : { topic: [0, 0, 0], when: [at, at, at], at: [at, at, at], value: [5, 9, 7], quality: [0, 2, 1] },
    });
    player.play(true);
    await pass(6_000);
    const state = readingOf(player.store, TOPIC);
    expect([state?.last, state?.fine.quality(state.fine.length - 1)]).toEqual([
      { at, value: 7, quality: "uncertain" },
      "uncertain",
    ]);
  });

  it("asks again from the last whole moment when an answer was cut short", async () => {
    const [first, second] = [T0 + 20_000, T0 + 25_000];
    const row = (when: number, value: number) => ({ when, value });
    const all = [row(first, 1), row(second, 2), row(second, 3), row(second, 4)];
    instead = ({ from, to }) => {
      const found = all.filter(({ when }) => when > from && when <= to);
      const told = found.slice(0, 3);
      return {
        cut: found.length > 3,
        readings: {
          topic: told.map(() => 0),
          when: told.map(({ when }) => when),
          at: told.map(({ when }) => when),
          value: told.map((one) => one.value),
        },
      };
    };
    player.play(true);
    await pass(7_000);
    expect(value()).toBe(1);
    await pass(5_000);
    expect([value(), asked[1]?.from]).toEqual([4, second - 1]);
  });

  it("keeps things in their places and finds room for new ones", async () => {
    player.play(true);
    await pass(2_000);
    const state = player.store.state(VEHICLES);
    if (state?.kind !== "positions") throw new Error("no positions");
    expect(state.ids).toEqual(["bus-1", "bus-2"]);
    expect(state.lon[0]).toBeCloseTo(119.07);
    expect(state.lon[1]).toBeCloseTo(119.08);
  });

  it("jumps back and forth with fresh snapshots, and asks again when what is known shall differ", async () => {
    player.seek(T0 + 1_000_000);
    await pass(200);
    expect([value(), player.store.now()]).toEqual([1_000, T0 + 1_000_000]);
    player.seek(T0 + 35_000);
    await pass(200);
    expect(value()).toBe(30);
    player.setKnowledge("since");
    await pass(200);
    expect(snapshots[snapshots.length - 1]).toEqual({ at: T0 + 35_000, knowledge: "since" });
  });

  it("stops at the present and does not go beyond", async () => {
    player.seek(END - 2_000);
    await pass(200);
    player.play(true);
    await pass(5_000);
    expect([player.state().at, player.state().playing]).toEqual([END, false]);
    player.seek(END + 1e9);
    expect(player.state().at).toBe(END);
  });

  it("says why it has nothing to show, and shows it once it can", async () => {
    fail = "the store is down";
    player.seek(T0 + 500_000);
    await pass(500);
    expect([player.state().error, player.state().loading]).toEqual(["the store is down", true]);
    fail = null;
    await pass(2_000);
    expect([player.state().error, value()]).toEqual([null, 500]);
  });

  it("does not ask for what comes next all the time while that fails", async () => {
    player.play(true);
    await pass(1_000);
    instead = () => {
      throw new Error("the store is down");
    };
    player.setSpeed(600);
    asked.length = 0;
    await pass(10_000);
    expect(player.state().error).toBe("the store is down");
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.length).toBeLessThan(8);
  });

  it("says up to when a snapshot is complete, and asks again until it is", async () => {
    takenIn = T0 + 400_000;
    player.seek(T0 + 500_000);
    await pass(500);
    expect([player.snapshot.completeUntil, player.snapshot.loading, value()]).toEqual([takenIn, false, 400]);
    takenIn = T0 + 460_000;
    await pass(5_000);
    expect([player.snapshot.completeUntil, value()]).toEqual([takenIn, 460]);
    takenIn = Infinity;
    await pass(5_000);
    expect([player.snapshot.completeUntil, value()]).toEqual([null, 500]);
    snapshots.length = 0;
    await pass(10_000);
    expect(snapshots).toEqual([]);
  });

  it("plays no further than the store has taken in, and goes on from there without leaving anything out", async () => {
    const end = T0 + 55_000;
    instead = ({ from, to }) => {
      const until = Math.min(to, takenIn);
      const at = Array.from({ length: 600 }, (_, i) => T0 + i * 1_000).filter((one) => one > from && one <= until);
      return {
        readings: { topic: at.map(() => 0), when: at, at, value: at.map((one) => (one - T0) / 1_000) },
        completeUntil: takenIn,
      };
    };
    takenIn = end;
    player.setSpeed(10);
    player.play(true);
    await pass(6_000);
    expect([player.state().at, value(), player.snapshot.completeUntil]).toEqual([end, 55, end]);
    takenIn = Infinity;
    await pass(4_000);
    expect(player.state().at).toBeGreaterThan(end + 10_000);
    expect([value(), player.snapshot.completeUntil]).toEqual([Math.floor((player.state().at - T0) / 1_000), null]);
  });
});
