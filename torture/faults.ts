/** A schedule of faults by chance, under load. */
import { spawnSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after } from "../lib/clock";
import { kill, until, type Role, type Started } from "../server/started";
import type { Chance } from "./chance";
import type { Load } from "./load";

export const FAULTS = [
  "kill gateway",
  "kill store",
  "stop gateway",
  "stop store",
  "fill disk",
  "clock ahead",
  "clock back",
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Place {
  started: Started;
  url: string;
  data: string;
  /** the file that sets the clock */
  clock: string;
  /** the folder of the data is a file system of its own, which may be filled */
  small: boolean;
  load: Load;
}

/** What a fault led to. */
export interface Outcome {
  fault: Fault;
  /** ms from the fault's end until a reading was acknowledged and history answered */
  back: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => after(ms, resolve));

/** Makes a small file system in memory at a folder; false where that may not be done. */
export function mountSmall(folder: string, megabytes: number): boolean {
  if (process.getuid?.() !== 0) return false;
  return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]).status === 0;
}

export function unmount(folder: string): void {
  spawnSync("umount", ["-l", folder]);
}

async function fill(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, "filler");
  const { bavail, bsize } = statfsSync(folder);
  await writeFile(file, Buffer.alloc(bavail * bsize)).catch(() => {});
  // What is left of the last block.
  await writeFile(`${file}2`, Buffer.alloc(65_536)).catch(() => {});
  return async () => {
    await rm(file, { force: true });
    await rm(`${file}2`, { force: true });
  };
}

async function stopped(place: Place, role: Role, ms: number): Promise<void> {
  const pid = await place.started.process(role);
  process.kill(pid, "SIGSTOP");
  await pause(ms);
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // Its watchdog was faster.
  }
}

async function shifted(place: Place, by: number, ms: number): Promise<void> {
  await writeFile(place.clock, String(by));
  await pause(ms);
  await writeFile(place.clock, "0");
}

async function commit(place: Place, fault: Fault, chance: Chance): Promise<void> {
  switch (fault) {
    case "kill gateway":
      return kill(await place.started.process("gateway"));
    case "kill store":
      return kill(await place.started.process("store"));
    case "stop gateway":
      return stopped(place, "gateway", chance.int(500, 14_000));
    case "stop store":
      return stopped(place, "store", chance.int(500, 14_000));
    case "fill disk": {
      const empty = await fill(place.data);
      await pause(chance.int(500, 4_000));
      return empty();
    }
    case "clock ahead":
      return shifted(place, chance.int(5_000, 7_200_000), chance.int(500, 3_000));
    case "clock back":
      return shifted(place, -chance.int(5_000, 7_200_000), chance.int(500, 3_000));
  }
}

/** Whether history answers, and a reading that was just sent is what a snapshot shows. */
async function right({ url, load }: Place): Promise<boolean> {
  const [topic] = load.acknowledged.keys();
  const asked = `${url}/api/v1/history?topic=${topic}&from=now-1m&step=1s&agg=last`;
  const [history, snapshot] = await Promise.all(
    [asked, `${url}/api/v1/snapshot?topic=${topic}`].map((one) => fetch(one, { signal: AbortSignal.timeout(3_000) })),
  );
  if (!history?.ok || !snapshot?.ok) return false;
  const { topics } = (await snapshot.json()) as { topics: { at: string | null }[] };
  const at = Date.parse(topics[0]?.at ?? "");
  return Math.abs(at - Date.now()) < 3_000;
}

/** Commits one fault, and waits until everything is right again. @throws Error when it is not within a minute */
export async function suffer(place: Place, fault: Fault, chance: Chance): Promise<Outcome> {
  await commit(place, fault, chance);
  const ended = performance.now();
  await until(() => place.load.lastAt > ended && right(place), `everything to be right again after: ${fault}`);
  return { fault, back: performance.now() - ended };
}
