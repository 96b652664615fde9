import type { ChildProcess } from "node:child_process";

/** A store that is called with this loads its code and then waits to be told `BEGIN`: it holds, reads and writes nothing before. */
export const WAIT = "--wait";
export const BEGIN = { kind: "begin" } as const;

/**
 * What launches the store's process where one is started ahead, beside the gateway that loads its own code meanwhile: the first time
 * the one that waits is told to begin, if it is still there, and from then on each is started as it is needed.
 * @param fork starts one, which waits where it is told so
 */
export function storeAhead(fork: (args: string[]) => ChildProcess): () => ChildProcess {
  let ahead: ChildProcess | null = fork([WAIT]);
  // One that could not be started says so once more where it is needed.
  ahead.on("error", () => {});
  return () => {
    const waiting = ahead;
    ahead = null;
    // Who supervises it would not hear any more that it is gone.
    const isThere = waiting?.connected && waiting.exitCode === null && waiting.signalCode === null;
    if (!isThere) return fork([]);
    waiting.send(BEGIN, () => {});
    return waiting;
  };
}
