import { readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import os from "node:os";

/** As far as a thread can step back and still get a share of a busy machine, of nice(2)'s 19. */
const BEHIND = 10;

/**
 * Has the threads that do this process's long work (libuv's pool) give way to other processes, but not the one that answers. On Linux,
 * where threads have numbers and a niceness of their own (sched(7)); elsewhere nothing changes.
 */
export async function giveWay(): Promise<void> {
  // The pool's threads begin with the first work that it is given.
  await stat(".");
  for (const thread of threads()) {
    try {
      if (thread !== process.pid) os.setPriority(thread, BEHIND);
    } catch {
      // One that ended meanwhile, or a system that does not allow it: it works at the pace of all.
    }
  }
}

function threads(): number[] {
  try {
    return readdirSync("/proc/self/task").map(Number);
  } catch {
    return [];
  }
}
