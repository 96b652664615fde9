import { readFileSync } from "node:fs";
import { monotonic } from "../clock";

const NS_PER_MS = 1e6;

/**
 * Nanoseconds that the main thread of a process has waited for a turn on a processor; null where the kernel does not say: proc(5),
 * Documentation/scheduler/sched-stats.rst.
 */
function waited(pid: number): number | null {
  try {
    const ns = Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[1]);
    return Number.isFinite(ns) ? ns : null;
  } catch {
    return null;
  }
}

/**
 * Tells, each time it is asked, whether a process waited for a processor for more than half of the time since it was asked before. A
 * process that sleeps, is stopped or has one to itself does not. @param read ns waited so far, null where that is not known
 */
export function starvedOf(pid: number | undefined, read = waited, now = monotonic): () => boolean {
  let [before, at] = [pid === undefined ? null : read(pid), now()];
  return () => {
    const [next, time] = [pid === undefined ? null : read(pid), now()];
    const isStarved = before !== null && next !== null && next - before > ((time - at) * NS_PER_MS) / 2;
    [before, at] = [next, time];
    return isStarved;
  };
}
