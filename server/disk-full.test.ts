import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { madeToken } from "../lib/control/test-tokens";
import { SmallDisk } from "../lib/files/test-disk";
import { kill, Started, until } from "./started";

const TOPIC = "reading/lianyungang/all/cases-today";
/** MB of the disk that the data is on. */
const DISK = 64;
const BATCH = 40;
let folder = "";
let data = "";
let disk: SmallDisk;
let running: Started[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-full-"));
  data = path.join(folder, "disk");
  disk = new SmallDisk(data);
  if (!disk.mount(DISK)) throw new Error("the disk could not be made");
});
afterEach(async () => {
  for (const started of running) await started.clear();
  running = [];
  disk.unmount();
  await rm(folder, { recursive: true, force: true });
});

function start(env: Record<string, string>): Started {
  const started = new Started({ env: { CITYWALL_DATA: data, CITYWALL_RATE: "1000", ...env } });
  running.push(started);
  return started;
}

/** A publisher who sends again what was not acknowledged, as it is told to. */
class Publisher {
  readonly acknowledged: number[] = [];
  private next = 0;
  /** the batch that was sent and not acknowledged */
  private open: number[] | null = null;
  readonly t0 = Date.now() - 3_600_000;

  constructor(private readonly token: string) {}

  /** Sends a batch, the last one again where it was refused. Returns the status; 0 where nobody answers. */
  async send(url: string): Promise<number> {
    this.open ??= Array.from({ length: BATCH }, () => this.next++);
    const readings = this.open.map((value) => ({
      city: "lianyungang",
      metric: "cases-today",
      value,
      at: new Date(this.t0 + value).toISOString(),
    }));
    try {
      const answer = await fetch(`${url}/api/v1/readings`, {
        method: "POST",
        headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
        body: JSON.stringify({ readings }),
        signal: AbortSignal.timeout(10_000),
      });
      const { accepted } = (await answer.json()) as { accepted?: number };
      if (answer.status === 200 && accepted === BATCH) {
        this.acknowledged.push(...this.open);
        this.open = null;
      }
      return answer.status;
    } catch {
      return 0;
    }
  }

  async sends(url: string, times: number): Promise<number[]> {
    const statuses: number[] = [];
    for (let i = 0; i < times; i++) statuses.push(await this.send(url));
    return statuses;
  }

  /** Resolves once all that was acknowledged is in the store, each once and nothing else. */
  async allKept(url: string): Promise<void> {
    const range = `from=${new Date(this.t0).toISOString()}&to=${new Date(this.t0 + this.next).toISOString()}`;
    const question = `${url}/api/v1/history?topic=${TOPIC}&step=raw&${range}`;
    const kept = async (): Promise<number[]> => {
      const answer = await fetch(question);
      const { series } = (await answer.json()) as { series: { last: number[] }[] };
      return series[0]?.last ?? [];
    };
    await until(async () => (await kept()).length >= this.acknowledged.length, "the store");
    expect(await kept()).toEqual(this.acknowledged);
  }
}

const ready = async (url: string): Promise<number> => (await fetch(`${url}/readyz`)).status;

describe.runIf(SmallDisk.isAllowed())("a disk that runs full", () => {
  it(
    "is watched: nothing is acknowledged before it is full, and all goes on when there is room",
    { timeout: 120_000 },
    async () => {
      const token = await madeToken({ data }, { city: "lianyungang" });
      const started = start({ CITYWALL_DISK_WARN: "40", CITYWALL_DISK_REFUSE: "16", CITYWALL_DISK_RESERVE: "4" });
      const url = await started.url();
      const publisher = new Publisher(token);
      expect(new Set(await publisher.sends(url, 10))).toEqual(new Set([200]));
      const store = await started.process("store");
      disk.fill(10e6);
      await until(async () => (await publisher.send(url)) === 503, "a refusal");
      expect(new Set(await publisher.sends(url, 20))).toEqual(new Set([503]));
      expect(await ready(url)).toBe(503);
      await publisher.allKept(url);
      disk.empty();
      await until(async () => (await publisher.send(url)) === 200, "room");
      await publisher.sends(url, 10);
      await until(async () => (await ready(url)) === 200, "readiness");
      await publisher.allKept(url);
      // Nobody had to be started again for it.
      expect(started.running("store")).toEqual([store]);
    },
  );

  it("to its last byte costs nothing that was acknowledged, whoever is killed then", { timeout: 180_000 }, async () => {
    const token = await madeToken({ data }, { city: "lianyungang" });
    const unwatched = { CITYWALL_DISK_WARN: "0", CITYWALL_DISK_REFUSE: "0", CITYWALL_DISK_RESERVE: "0" };
    const started = start(unwatched);
    const url = await started.url();
    const publisher = new Publisher(token);
    for (const victim of ["none", "store", "gateway"] as const) {
      await publisher.sends(url, 10);
      disk.fill();
      await until(async () => (await publisher.send(url)) === 503, "a refusal");
      await publisher.sends(url, 30);
      if (victim !== "none") {
        const killed = await started.process(victim);
        kill(killed);
        await started.process(victim, [killed]);
        await publisher.sends(url, 10);
      }
      disk.empty();
      await until(async () => (await publisher.send(url)) === 200, "room");
      await publisher.sends(url, 10);
      await until(() => publisher.allKept(url).then(() => true), "all that was acknowledged");
      expect(started.said).not.toMatch(/FatalException|ended by SIGABRT/);
      expect(await ready(url)).toBe(200);
    }
    // A start on a full disk waits for room; it neither ends nor forgets.
    disk.fill();
    started.signal("SIGKILL");
    await started.gone();
    // What it had open and removed gives its room back when it ends.
    disk.fill();
    const again = start(unwatched);
    await until(
      // The last page of a segment may have room for the line by which it sees whether it can write.
      () => /not ready yet: |cannot be made, as the disk is full|is running/.test(again.said),
      "it to say what it waits for, or that it waits for nothing",
    );
    expect(again.child.exitCode).toBeNull();
    expect(again.said).not.toMatch(/FatalException|ended by SIGABRT/);
    disk.empty();
    const here = await again.url();
    await until(async () => (await publisher.send(here)) === 200, "room");
    await publisher.allKept(here);
  });
});
