import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { madeToken } from "../lib/control/test-tokens";
import { startPostgres } from "../scripts/postgres.mjs";
import { freePort } from "./free-port";
import { nodeArgs } from "./test-programs";

const ROOT = path.resolve(import.meta.dirname, "..");
const TOPIC = "reading/lianyungang/all/cases-today";
const ROUNDS = 6;
const server = process.env.CITYWALL_TEST_POSTGRES;

async function until(task: () => Promise<boolean>, what: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await task().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

/** A gateway and its store that can be killed as a whole, without a word. */
class Victim {
  private group: ChildProcess | null = null;
  url = "";

  constructor(
    readonly data: string,
    private readonly databaseUrl: string | null,
  ) {}

  async start(): Promise<void> {
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      PORT: String(port),
      HOST: "127.0.0.1",
      CITYWALL_DATA: this.data,
      CITYWALL_CITIES: path.join(ROOT, "cities"),
      CITYWALL_RATE: "1000",
      NODE_ENV: "production",
    };
    if (this.databaseUrl) env.DATABASE_URL = this.databaseUrl;
    else delete env.DATABASE_URL;
    delete env.CITYWALL_PAGES_PORT;
    this.group = spawn(process.execPath, nodeArgs("gateway"), {
      cwd: ROOT,
      env,
      stdio: "ignore",
      detached: true,
    });
    await until(async () => (await fetch(`${this.url}/healthz`)).ok, "the gateway");
  }

  async kill(): Promise<void> {
    const { group } = this;
    if (!group?.pid) return;
    const gone = new Promise((resolve) => group.once("exit", resolve));
    // The whole process group: gateway and store die in the same moment.
    process.kill(-group.pid, "SIGKILL");
    await gone;
  }

  /** Ends it as an operator does, with time to write what it keeps. */
  async stop(): Promise<void> {
    const { group } = this;
    if (!group?.pid) return;
    const gone = new Promise((resolve) => group.once("exit", resolve));
    process.kill(group.pid, "SIGTERM");
    await gone;
  }

  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  }

  /** Every kept value of the topic. */
  async values(from: number, to: number): Promise<number[]> {
    const response = await fetch(
      `${this.url}/api/v1/history?topic=${encodeURIComponent(TOPIC)}&step=raw` +
        `&from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`,
    );
    const { series } = (await response.json()) as { series: { last: number[] }[] };
    return series[0]?.last ?? [];
  }
}

/** Publishes batches of readings one after the other, each value once, until told to stop; notes what was acknowledged. */
class Publisher {
  readonly acknowledged: number[] = [];
  private next = 0;
  private running = false;

  constructor(
    private readonly token: string,
    readonly t0: number,
  ) {}

  async run(url: string): Promise<void> {
    this.running = true;
    while (this.running) {
      const values = Array.from({ length: 40 }, () => this.next++);
      const readings = values.map((value) => ({
        city: "lianyungang",
        metric: "cases-today",
        value,
        at: new Date(this.t0 + value).toISOString(),
      }));
      try {
        const response = await fetch(`${url}/api/v1/readings`, {
          method: "POST",
          headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
          body: JSON.stringify({ readings }),
        });
        const answer = (await response.json()) as { accepted: number };
        if (response.status === 200 && answer.accepted === values.length) this.acknowledged.push(...values);
      } catch {
        return;
      }
    }
  }

  stop(): void {
    this.running = false;
  }
}

async function setUp(engine: string): Promise<{ victim: Victim; publisher: Publisher; drop: () => Promise<void> }> {
  const data = await mkdtemp(path.join(os.tmpdir(), "citywall-crash-"));
  const publisherOf = async (databaseUrl?: string): Promise<Publisher> =>
    new Publisher(await madeToken({ data, databaseUrl }, { city: "lianyungang" }), Date.now() - 600_000);
  if (engine === "duckdb")
    return {
      victim: new Victim(data, null),
      publisher: await publisherOf(),
      drop: () => rm(data, { recursive: true, force: true }),
    };
  const schema = `crash_${process.pid}_${Math.round(performance.now())}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE SCHEMA ${schema}`);
  const url = `${server}?options=-c%20search_path%3D${schema}`;
  return {
    victim: new Victim(data, url),
    publisher: await publisherOf(url),
    async drop() {
      await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      await admin.end();
      await rm(data, { recursive: true, force: true });
    },
  };
}

describe.each(server ? ["duckdb", "postgres"] : ["duckdb"])("kill -9 with %s", (engine) => {
  it("loses no acknowledged reading, whenever it comes", { timeout: 120_000 }, async () => {
    const { victim, publisher, drop } = await setUp(engine);
    for (let round = 0; round < ROUNDS; round++) {
      await victim.start();
      const publishing = publisher.run(victim.url);
      // A moment of its own in each round: while the store opens, takes in, and has taken in.
      const target = publisher.acknowledged.length + 40 * (1 + round * 7);
      await until(() => Promise.resolve(publisher.acknowledged.length >= target), "acknowledgements");
      await victim.kill();
      await publishing;
    }
    await victim.start();
    const range = [publisher.t0, publisher.t0 + 599_000] as const;
    await until(
      async () => (await victim.values(...range)).length >= publisher.acknowledged.length,
      "the store to take everything in",
    );
    const kept = new Set(await victim.values(...range));
    expect(publisher.acknowledged.length).toBeGreaterThan(ROUNDS * 40);
    expect(publisher.acknowledged.filter((value) => !kept.has(value))).toEqual([]);
    await victim.kill();
    await drop();
  });
});

describe("a wall after kill -9", () => {
  it(
    "shows all that was acknowledged as soon as the gateway answers, with or without its recent file",
    { timeout: 120_000 },
    async () => {
      const data = await mkdtemp(path.join(os.tmpdir(), "citywall-crash-"));
      const token = await madeToken({ data }, { city: "lianyungang" });
      const victim = new Victim(data, null);
      const began = Date.now();
      const iso = (back: number): string => new Date(began - back).toISOString();
      const post = async (where: string, body: object): Promise<void> => {
        const response = await fetch(`${victim.url}/api/v1/${where}`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify(body),
        });
        expect([response.status, ((await response.json()) as { rejected?: object[] }).rejected ?? []]).toEqual([
          200,
          [],
        ]);
      };
      const daily = (back: number, value: number, quality = "good"): Promise<void> =>
        post("readings", {
          readings: [{ city: "lianyungang", metric: "exchange-rate", at: iso(back), value, quality }],
        });
      const event = (id: string): object => ({
        id,
        city: "lianyungang",
        kind: "noise",
        title: id,
        severity: 1,
        stage: "上报",
        stages: ["上报", "办结"],
        at: iso(60_000),
        source: "test",
      });
      const bus = (id: string, lon: number): Promise<void> =>
        post("positions", { positions: [{ city: "lianyungang", layer: "vehicles", id, at: iso(0), lon, lat: 34.6 }] });
      const shown = async (): Promise<unknown> => {
        const topics = [
          "reading/lianyungang/all/exchange-rate",
          "events/lianyungang",
          "positions/lianyungang/vehicles",
        ];
        const answer = (await (
          await fetch(`${victim.url}/api/v1/snapshot?${topics.map((topic) => `topic=${topic}`).join("&")}`)
        ).json()) as {
          epoch: number;
          topics: [
            { value: number; quality: string; at: string },
            { events: { id: string; stage: string }[] },
            { positions: { id: string; lon: number }[] },
          ];
        };
        const [reading, events, positions] = answer.topics;
        epochs.add(answer.epoch);
        return [
          [reading.at, reading.value, reading.quality],
          events.events.map(({ id, stage }) => `${id} ${stage}`).sort(),
          positions.positions.map(({ id, lon }) => `${id} ${lon}`).sort(),
        ];
      };
      const epochs = new Set<number>();
      await victim.start();
      await daily(86_400_000, 100);
      await post("events", { events: [event("old")] });
      await bus("bus-1", 119.1);
      await victim.stop();
      await victim.start();
      await daily(0, 200);
      await daily(0, 200, "uncertain");
      await post("events", { events: [event("new")] });
      await post("events/old/transitions", { city: "lianyungang", stage: "办结", at: iso(0) });
      await bus("bus-2", 119.2);
      const all = [
        [iso(0), 200, "uncertain"],
        ["new 上报", "old 办结"],
        ["bus-1 119.1", "bus-2 119.2"],
      ];
      expect(await shown()).toEqual(all);
      await victim.kill();
      await victim.start();
      expect(await shown()).toEqual(all);
      await victim.kill();
      await rm(path.join(data, "recent.bin"));
      await victim.start();
      expect(await shown()).toEqual(all);
      expect(epochs.size).toBe(3);
      // What the gateway takes in again is not recorded again: three readings were sent in all.
      const topic = encodeURIComponent("reading/lianyungang/all/exchange-rate");
      await until(async () => {
        const { series } = (await (
          await fetch(`${victim.url}/api/v1/history?topic=${topic}&from=now-2d&to=now&step=raw`)
        ).json()) as { series: { at: number[] }[] };
        return series[0]?.at.length === 2;
      }, "the store to take everything in");
      expect(await victim.metric("citywall_history_stored")).toBeLessThanOrEqual(3);
      await victim.kill();
      await rm(data, { recursive: true, force: true });
    },
  );
});

describe.runIf(server)("a PostgreSQL server that dies", () => {
  it(
    "takes nothing with it: the gateway says so, goes on, and brings what came meanwhile",
    { timeout: 120_000 },
    async () => {
      const own = await startPostgres();
      if (!own) throw new Error("no server");
      const data = await mkdtemp(path.join(os.tmpdir(), "citywall-crash-"));
      const publisher = new Publisher(
        await madeToken({ data, databaseUrl: own.url }, { city: "lianyungang" }),
        Date.now() - 600_000,
      );
      const victim = new Victim(data, own.url);
      await victim.start();
      const publishing = publisher.run(victim.url);
      const range = [publisher.t0, publisher.t0 + 599_000] as const;
      for (let round = 0; round < 3; round++) {
        const before = publisher.acknowledged.length;
        await until(async () => (await victim.values(...range)).length > before, "the store to take something in");
        await own.kill();
        await until(async () => (await victim.metric("citywall_store_up")) === 0, "the gateway to see it");
        const meanwhile = publisher.acknowledged.length + 200;
        await until(
          () => Promise.resolve(publisher.acknowledged.length >= meanwhile),
          "acknowledgements without a store",
        );
        await own.start();
      }
      publisher.stop();
      await publishing;
      await until(
        async () => (await victim.values(...range)).length >= publisher.acknowledged.length,
        "the store to take everything in",
      );
      const kept = await victim.values(...range);
      const present = new Set(kept);
      expect(publisher.acknowledged.filter((value) => !present.has(value))).toEqual([]);
      expect(present.size).toBe(kept.length);
      expect(await victim.metric("citywall_history_refused")).toBe(0);
      await victim.kill();
      await own.stop();
      await rm(data, { recursive: true, force: true });
    },
  );
});

describe("a store that cannot be reached", () => {
  it("leaves the gateway alive, says so, and gets all of it when it is back", { timeout: 60_000 }, async () => {
    const { victim, publisher, drop } = await setUp("duckdb");
    // A folder stands where the file should be: the engine cannot open it.
    const { mkdir, rmdir } = await import("node:fs/promises");
    const obstacle = path.join(victim.data, "history.duckdb");
    await mkdir(obstacle, { recursive: true });
    await victim.start();
    const publishing = publisher.run(victim.url);
    await until(() => Promise.resolve(publisher.acknowledged.length >= 400), "acknowledgements");
    publisher.stop();
    await publishing;
    expect(await victim.metric("citywall_store_up")).toBe(0);
    expect((await fetch(`${victim.url}/api/v1/history?topic=${TOPIC}&from=now-1h`)).status).toBe(503);
    await rmdir(obstacle);
    const range = [publisher.t0, publisher.t0 + 599_000] as const;
    await until(
      async () => (await victim.values(...range)).length === publisher.acknowledged.length,
      "the store to catch up",
    );
    await until(async () => (await victim.metric("citywall_store_up")) === 1, "the gateway to say so");
    expect(await victim.metric("citywall_history_refused")).toBe(0);
    await victim.kill();
    await drop();
  });
});
