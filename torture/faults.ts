/** A schedule of faults by chance, under load. */
import { writeFile } from "node:fs/promises";
import { after } from "../lib/clock";
import type { SmallDisk } from "../lib/files/test-disk";
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
  /** the file that sets the clock */
  clock: string;
  /** what the data is on, where it may be filled */
  disk: SmallDisk | null;
  load: Load;
}

/** What a fault led to. */
export interface Outcome {
  fault: Fault;
  /** ms from the fault's end until a reading was acknowledged and history answered */
  back: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => after(ms, resolve));

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
    case "fill disk":
      place.disk?.fill();
      await pause(chance.int(500, 4_000));
      return place.disk?.empty();
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
