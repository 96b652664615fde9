import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ALIVE, isAlive, Watchdog } from "./watchdog";

describe("Watchdog", () => {
  let bites: number[];
  let dog: Watchdog;
  beforeEach(() => {
    vi.useFakeTimers();
    bites = [];
    dog = new Watchdog((seconds) => bites.push(seconds));
  });
  afterEach(() => vi.useRealTimers());

  it("gives a process half a minute to say something at first, and bites once", () => {
    vi.advanceTimersByTime(29_999);
    expect(bites).toEqual([]);
    vi.advanceTimersByTime(600_000);
    expect(bites).toEqual([30]);
  });

  it("bites after ten seconds without a word, however long it was well", () => {
    for (let i = 0; i < 100; i++) {
      dog.heard();
      vi.advanceTimersByTime(9_000);
    }
    dog.heard();
    vi.advanceTimersByTime(9_999);
    expect(bites).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(bites).toEqual([10]);
  });

  it("does not bite for the time that it was stopped itself", () => {
    dog.heard();
    vi.advanceTimersByTime(1_000);
    // The clock goes on, its timer does not: an interval that was held up fires once.
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(8_000);
    expect(bites).toEqual([]);
  });

  it("does not count the seconds in which the machine gave the process no turn, but bites after a minute all the same", () => {
    dog.stop();
    let starved = true;
    new Watchdog(
      (seconds) => bites.push(seconds),
      () => starved,
    ).heard();
    vi.advanceTimersByTime(30_000);
    expect(bites).toEqual([]);
    starved = false;
    vi.advanceTimersByTime(9_000);
    expect(bites).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(bites).toEqual([40]);

    new Watchdog(
      (seconds) => bites.push(seconds),
      () => true,
    ).heard();
    vi.advanceTimersByTime(300_000);
    expect(bites).toEqual([40, 60]);
  });

  it("lets go when told to", () => {
    dog.heard();
    dog.stop();
    vi.advanceTimersByTime(3_600_000);
    expect(bites).toEqual([]);
  });
});

it("tells a sign of life from other messages", () => {
  expect([ALIVE, { ready: 1 }, null, "alive", { alive: 1 }].map(isAlive)).toEqual([true, false, false, false, false]);
});
