import { monotonic } from "../clock";
import { CLOCK_TOLD } from "../contract/freshness";
import type { ClockMessage } from "../contract/socket-messages";
import type { Hub } from "./hub";

/** Between two looks the wall clock may drift by this much (ms) from one that is never set: NTP slews by far less. */
const STEP = 2_000;
/** The two clocks are not read at one moment: a step is known no better than this (ms). */
const EXACT = 100;

/** Notices that the machine's clock was set, by comparing it with one that never is. */
export class ClockWatch {
  private offset: number;
  private setAt = -Infinity;
  private message: ClockMessage | null = null;
  /** how often it was set since the start */
  steps = 0;

  /** @param wall ms since 1970 @param elapsed ms of a clock that never jumps */
  constructor(
    private readonly wall: () => number,
    private readonly elapsed: () => number = monotonic,
  ) {
    this.offset = wall() - elapsed();
  }

  /** ms by which the clock was set since the last look, below 0 if back; 0 where it was not. Call often. */
  look(): number {
    const [now, elapsed] = [this.wall(), this.elapsed()];
    const by = Math.round((now - elapsed - this.offset) / EXACT) * EXACT;
    this.offset = now - elapsed;
    if (Math.abs(by) < STEP) return 0;
    this.steps++;
    this.setAt = elapsed;
    this.message = { now, by, at: now };
    return by;
  }

  /** What walls are told of the last time it was set; null when that was not within ten minutes. */
  told(): ClockMessage | null {
    if (!this.message || this.elapsed() - this.setAt > CLOCK_TOLD) return null;
    return { ...this.message, now: this.wall() };
  }
}

/**
 * Looks whether the clock was set, and if so puts the live state right. Returns what walls have to be told, null where it was
 * not. Call before each tick: nothing may be sent by the new clock before.
 */
export function followClock(watch: ClockWatch, hub: Hub): ClockMessage | null {
  const by = watch.look();
  const message = watch.told();
  // So long what was ahead of the clock may turn out to be right.
  if (!message) hub.forgetAhead();
  if (by === 0 || !message) return null;
  if (by > 0) hub.takeAhead(message.now);
  const dropped = by < 0 ? hub.dropFuture(message.now) : 0;
  const ahead = dropped > 0 ? `; ${dropped} topics had times that have not come` : "";
  console.error(
    `citywall: the machine's clock was set ${by < 0 ? "back" : "ahead"} by ${Math.abs(by) / 1000} s${ahead}`,
  );
  return message;
}
