import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { firstFigures } from "./first-figures";

type Listener = () => void;

/** Topics whose data comes when the test says so. */
function makeLive() {
  const states = new Set<string>();
  const listeners = new Map<string, Set<Listener>>();
  return {
    listening: () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
    state: (topic: string) => ({ epoch: states.has(topic) ? 7 : 0 }) as never,
    watch(topic: string, _span: number, listener: Listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      return () => set.delete(listener);
    },
    come(topic: string) {
      states.add(topic);
      for (const listener of listeners.get(topic) ?? []) listener();
    },
  };
}

const topics = [
  { topic: "a", span: 0 },
  { topic: "b", span: 0 },
];
let frames: (() => void)[] = [];
const nextFrame = (): void => {
  for (const task of frames.splice(0)) task();
};

beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (task: () => void) => frames.push(task));
  vi.stubGlobal("cancelAnimationFrame", () => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function settled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  for (let i = 0; i < 4; i++) await Promise.resolve();
  return done;
}

describe("firstFigures", () => {
  it("waits for the first data and two frames, and listens no longer", async () => {
    const live = makeLive();
    const waited = firstFigures(live, topics);
    expect([await settled(waited), live.listening()]).toEqual([false, 2]);
    live.come("b");
    live.come("a");
    nextFrame();
    expect(await settled(waited)).toBe(false);
    nextFrame();
    expect([await settled(waited), live.listening(), vi.getTimerCount()]).toEqual([true, 0, 0]);
  });

  it("lets figures be painted whose data was there before the map's own script", async () => {
    const live = makeLive();
    live.come("a");
    const waited = firstFigures(live, topics);
    nextFrame();
    expect(await settled(waited)).toBe(false);
    nextFrame();
    expect([await settled(waited), live.listening(), vi.getTimerCount()]).toEqual([true, 0, 0]);
  });

  it("waits for nothing where a map is about no topic", async () => {
    expect(await settled(firstFigures(makeLive(), []))).toBe(true);
  });

  it("does not wait for ever, neither for data nor for frames, which a hidden page has none of", async () => {
    const live = makeLive();
    const without = firstFigures(live, topics);
    vi.advanceTimersByTime(1_500);
    expect([await settled(without), live.listening()]).toEqual([true, 0]);
    const hidden = firstFigures(live, topics);
    live.come("a");
    vi.advanceTimersByTime(1_500);
    expect([await settled(hidden), live.listening(), vi.getTimerCount()]).toEqual([true, 0, 0]);
  });
});
