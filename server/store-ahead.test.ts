import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { FromStore } from "../lib/history/client/remote";
import { storeAhead } from "./store-ahead";
import { forkStore } from "./test-programs";

let data = "";
let children: ChildProcess[] = [];
beforeEach(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-ahead-"));
});
afterEach(async () => {
  for (const child of children) await killed(child);
  children = [];
  await rm(data, { recursive: true, force: true });
});

function fork(args: string[]): ChildProcess {
  const env = { ...process.env, CITYWALL_DATA: data, CITYWALL_HISTORY_CONFIG: "{}" };
  const child = forkStore(env, args);
  children.push(child);
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** The next state that a store tells of for which something holds. */
async function told(child: ChildProcess, holds: (error: string | null) => boolean): Promise<void> {
  for (;;) {
    const [message] = (await once(child, "message")) as [FromStore];
    if (message.kind === "state" && holds(message.state.error)) return;
  }
}

it("waits with its code loaded, and touches nothing until it is told to begin", async () => {
  const launch = storeAhead(fork);
  await told(children[0] as ChildProcess, () => true);
  expect(await readdir(data)).toEqual([]);
  const store = launch();
  expect(store).toBe(children[0]);
  await told(store, (error) => error === null);
  expect(await readdir(data)).toContain("history.duckdb");
  // The next one is needed because this one is gone.
  await killed(store);
  const next = launch();
  await told(next, (error) => error === null);
  expect(children).toHaveLength(2);
});

it("is another where the one that waits was killed, so that whoever supervises it hears of its end", async () => {
  const launch = storeAhead(fork);
  await killed(children[0] as ChildProcess);
  const store = launch();
  expect(store).not.toBe(children[0]);
  await told(store, (error) => error === null);
});
