import { monotonic } from "../clock";
import type { Deed } from "../control/audit";
import { RateLimit } from "./rate-limit";

/** Refusals of somebody's that are alike are one line of the audit log for so long, ms. */
const FOLD = 60_000;
/**
 * Lines of their own that refusals may have, a second over time and at once: what comes beyond is counted in one line a minute, so that
 * nobody fills a disk by being refused. About 5,800 lines a day at the most.
 */
const [RATE, BURST] = [1 / 30, 200];

/** A refusal as the audit log has it. */
export type RefusedDeed = Required<Pick<Deed, "who" | "action" | "object" | "address">>;

interface Folded {
  deed: RefusedDeed;
  count: number;
  /** when the first of them was, by a clock that never jumps, ms */
  since: number;
}

const KEY = "lines";

/** What was refused, folded before it is written: who wants to be refused often is heard once a minute. */
export class Refusals {
  private readonly folded = new Map<string, Folded>();
  private readonly lines = new RateLimit(RATE, BURST);
  private writing: Promise<void> | null = null;

  /** @param write writes a line into the audit log @param clock ms that never jump */
  constructor(
    private readonly write: (deed: Deed) => Promise<void>,
    private readonly clock: () => number = monotonic,
  ) {}

  add(deed: RefusedDeed): void {
    const { who, action, object, address } = deed;
    const key = JSON.stringify([who, action, object, address]);
    const same = this.folded.get(key);
    if (same) same.count++;
    else if (this.lines.take(KEY, this.clock()) === 0) this.folded.set(key, { deed, count: 1, since: this.clock() });
    else this.others();
  }

  private others(): void {
    const others = this.folded.get(KEY);
    if (others) others.count++;
    else {
      const deed = { who: "others", action: "refuse", object: "more than are told one by one", address: "" } as const;
      this.folded.set(KEY, { deed, count: 1, since: this.clock() });
    }
  }

  /** Writes what was refused more than a minute ago; all of it where it ends. What cannot be written is tried again the next time. */
  flush(isEnd = false): Promise<void> {
    this.writing ??= this.writeDue(isEnd).finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  private async writeDue(isEnd: boolean): Promise<void> {
    for (const [key, one] of this.folded) {
      if (!isEnd && this.clock() - one.since < FOLD) continue;
      const { deed, count } = one;
      this.folded.delete(key);
      try {
        await this.write({ ...deed, detail: { count } });
      } catch (error) {
        const again = this.folded.get(key);
        this.folded.set(key, again ? { ...again, count: again.count + count } : one);
        throw error;
      }
    }
  }
}
