import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SplitViewPlayer } from "./split-view";
import type { PastSource } from "./past-source";
import { PastPlayer } from "./replay-player";

const T0 = Date.parse("2026-11-20T10:00:00Z");
const DAY = 86_400_000;
let mono = 0;
let first: PastPlayer;
let split: SplitViewPlayer;
const source: PastSource = {
  snapshot: ({ at, topics }) =>
    Promise.resolve({
      epoch: 1,
      now: at,
      set: 1,
      seq: 0,
      order: topics.map(({ topic }) => topic),
      refused: [],
      spacing: 10_000,
      completeUntil: at,
      topics: {},
    }),
  changes: ({ topics, to }) =>
    Promise.resolve({
      topics,
      readings: { topic: [], when: [], at: [], value: [] },
      positions: { topic: [], when: [], thing: [], lon: [], lat: [], heading: [], speed: [] },
      things: {},
      events: [],
      cut: false,
      completeUntil: to,
    }),
  event: () => Promise.resolve(null),
  reports: () => Promise.resolve([]),
  values: (items) => Promise.resolve(items.map(({ at }) => at.map(() => null))),
};

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    mono += 50;
    await vi.advanceTimersByTimeAsync(50);
  }
}
const apart = (): number => split.player.state().at - first.state().at;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.spyOn(performance, "now").mockImplementation(() => mono);
  first = new PastPlayer(
    T0,
    source,
    () => T0 + 30 * DAY,
    () => mono,
  );
  split = new SplitViewPlayer(first, -7 * DAY, source, () => T0 + 30 * DAY);
  for (const player of [first, split.player]) player.store.watch("reading/x/all/m", 0, () => {});
  await pass(200);
});
afterEach(() => {
  split.close();
  first.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("SplitViewPlayer", () => {
  it("stays the same stretch of time away while both play", async () => {
    first.setSpeed(60);
    first.play(true);
    await pass(10_000);
    expect(first.state().at).toBeGreaterThan(T0 + 500_000);
    expect(Math.abs(apart() + 7 * DAY)).toBeLessThanOrEqual(2_000 * 60);
    first.play(false);
    await pass(500);
    expect(split.player.state().playing).toBe(false);
    expect(apart()).toBe(-7 * DAY);
  });

  it("jumps, and knows, as the first does", async () => {
    first.seek(T0 + DAY);
    await pass(300);
    expect(split.player.state().at).toBe(T0 - 6 * DAY);
    first.setKnowledge("since");
    await pass(300);
    expect(split.player.state().knowledge).toBe("since");
    split.setOffset(-DAY);
    await pass(300);
    expect([apart(), split.offset]).toEqual([-DAY, -DAY]);
  });
});
