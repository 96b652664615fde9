import { readdirSync, readFileSync } from "node:fs";
import { monotonic } from "../clock";
import { LIMITS } from "../contract/api/limits";

/** Descriptors (connections, files) that this process has open, and how many the system lets it open. */
export interface DescriptorCount {
  open: number;
  limit: number;
}

/** How old what is told may be, ms: to count thousands of them takes a ms or two. */
const FRESH = 1_000;

/** The soft limit as last read: when none is left, not even the file that tells it can be opened. */
let limit: number | null = null;

function readLimit(): number | null {
  const told = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return told === undefined ? null : Number(told);
}

/** What the system tells; null where it tells nothing (other systems than Linux), or there is no limit. */
function count(): DescriptorCount | null {
  try {
    limit = readLimit();
    // The listing itself is one of them while it is read.
    return limit === null ? null : { open: readdirSync("/proc/self/fd").length - 1, limit };
  } catch (error) {
    const isOut = (error as NodeJS.ErrnoException).code === "EMFILE";
    return isOut && limit !== null ? { open: limit, limit } : null;
  }
}

/** Watches how many descriptors are left: without one nobody can connect, and no file be written. */
export class Descriptors {
  private counted: DescriptorCount | null = null;
  private at = -Infinity;

  /** @param clock ms of a clock that never jumps @param look what the system tells */
  constructor(
    private readonly clock: () => number = monotonic,
    private readonly look: () => DescriptorCount | null = count,
  ) {}

  /** Within the last second; null where the system does not tell. */
  get count(): DescriptorCount | null {
    const now = this.clock();
    if (now - this.at >= FRESH) [this.counted, this.at] = [this.look(), now];
    return this.counted;
  }

  /** `low`: it is worth a warning; `out`: the next one might fail. */
  get state(): "ok" | "low" | "out" {
    const { count } = this;
    if (!count || count.open < LIMITS.descriptors.warn * count.limit) return "ok";
    return count.open < LIMITS.descriptors.refuse * count.limit ? "low" : "out";
  }

  /** How many are open where it is worth saying, or null. */
  get words(): string | null {
    return this.state === "ok" || !this.count ? null : `${this.count.open} of ${this.count.limit} are open`;
  }
}
