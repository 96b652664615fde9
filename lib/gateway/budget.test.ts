import { describe, expect, it, vi } from "vitest";
import { Budget } from "./budget";

const LIMITS = { atOnce: 3, perAddress: 2, waiting: 5, waitingPerAddress: 3, seconds: 30, points: 100 };
const refused = async (place: Promise<unknown>): Promise<string> =>
  place.then(
    () => "let in",
    (error: Error & { status?: number }) => `${error.status} ${error.message}`,
  );

/** A budget, and who was let in, in that order; `leave` gives the place back that was got first. */
function crowd() {
  const budget = new Budget(LIMITS);
  const inside: string[] = [];
  const places: (() => void)[] = [];
  const enter = (address: string, points = 1, signal?: AbortSignal): Promise<void> =>
    budget.enter(address, points, signal).then((leave) => {
      inside.push(address);
      places.push(leave);
    });
  const leave = async (): Promise<void> => {
    places.shift()?.();
    await new Promise(setImmediate);
  };
  return { budget, inside, enter, leave };
}

describe("a budget", () => {
  it("lets so many in at once, in all and of one address, and the addresses take turns", async () => {
    const { budget, inside, enter, leave } = crowd();
    const all = ["a", "a", "a", "a", "b", "b", "c"].map((address) => enter(address));
    await new Promise(setImmediate);
    expect(inside).toEqual(["a", "a", "b"]);
    expect(budget.load).toEqual({ running: 3, waiting: 4, points: 3 });
    for (let i = 0; i < 7; i++) await leave();
    await Promise.all(all);
    expect(inside).toEqual(["a", "a", "b", "a", "b", "c", "a"]);
    expect(budget.load).toEqual({ running: 0, waiting: 0, points: 0 });
  });

  it("refuses an address with too much waiting, and everybody when all have", async () => {
    const { enter } = crowd();
    void Promise.all(["a", "a", "a", "a", "a"].map((address) => enter(address)));
    await new Promise(setImmediate);
    expect(await refused(enter("a"))).toBe("429 3 questions of this address wait already; send fewer at once");
    void Promise.all(["b", "c", "d"].map((address) => enter(address)));
    await new Promise(setImmediate);
    expect(await refused(enter("e"))).toBe("503 5 questions wait already; come again later");
  });

  it("lets what is heavy wait for room and keep its turn, and does alone what is heavier than all may be", async () => {
    const { inside, enter, leave } = crowd();
    void Promise.all([enter("a", 60), enter("b", 60), enter("c", 1), enter("d", 500)]);
    await new Promise(setImmediate);
    expect(inside).toEqual(["a"]);
    await leave();
    expect(inside).toEqual(["a", "b", "c"]);
    await leave();
    expect(inside).toEqual(["a", "b", "c"]);
    await leave();
    expect(inside).toEqual(["a", "b", "c", "d"]);
  });

  it("forgets who leaves while he waits, and gives a place back once alone", async () => {
    const { budget, inside, enter, leave } = crowd();
    const off = new AbortController();
    void Promise.all([enter("a"), enter("a")]);
    const left = refused(enter("a", 1, off.signal));
    const stays = enter("a");
    off.abort(new Error("gone"));
    expect(await left).toBe("undefined gone");
    await leave();
    await stays;
    expect(inside).toEqual(["a", "a", "a"]);
    const place = await budget.enter("b", 1);
    place();
    place();
    expect(budget.load.running).toBe(2);
    await expect(budget.enter("b", 1, off.signal)).rejects.toThrow("gone");
  });

  it("lets nobody wait for ever", async () => {
    vi.useFakeTimers();
    try {
      const { budget, enter } = crowd();
      void Promise.all([enter("a"), enter("a")]);
      const late = refused(enter("a"));
      await vi.advanceTimersByTimeAsync(30_000);
      expect(await late).toBe("503 its turn did not come within 30 s; come again later");
      expect(budget.load).toEqual({ running: 2, waiting: 0, points: 2 });
    } finally {
      vi.useRealTimers();
    }
  });
});
