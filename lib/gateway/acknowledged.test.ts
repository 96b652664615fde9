import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { cp, mkdir, mkdtemp, readdir, rm, rmdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { io } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import type { StoreMessage } from "../contract/socket-messages";
import * as parser from "../contract/parser";
import { openGateway, type Gateway } from "./server";
import { acknowledgeAll, giveNotice } from "../files/notices";
import type { SpaceLimits } from "../files/space";
import { parseHistoryConfig } from "../history/config";
import { setAside } from "../history/writer/aside";
import { segmentFile, segmentsIn, type JournalBatch, type JournalPosition } from "../history/writer/journal";
import { readSegment } from "../history/writer/reader";
import { checkedFetch as fetch } from "./checked-fetch";
import { TestTokens } from "./test-tokens";

/** Bytes that still fit on the disk: what goes beyond is written in part, then refused. */
const disk = vi.hoisted(() => ({ room: Infinity }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  type Done = (error: Error | null, written: number) => void;
  const write = (file: number, bytes: Buffer, from: number, length: number, position: null, done: Done): void => {
    if (disk.room <= 0) return done(new Error("ENOSPC: no space left on device, write"), 0);
    const fits = Math.min(length, disk.room);
    disk.room -= fits;
    real.write(file, bytes, from, fits, position, done);
  };
  return { ...real, write };
});

const CITIES = path.resolve(import.meta.dirname, "../../cities");
const BEGAN = Date.now();
let data = "";
let secret = "";
let gateway: Gateway;
const publishers = new TestTokens();
/** ms that the gateway's clock is ahead */
let ahead = 0;
const store = Object.assign(new EventEmitter(), {
  connected: true,
  send: () => true,
  disconnect: () => void store.emit("exit", 0),
});
/** The store's process says how far it is. */
const stored = (place: JournalPosition): boolean =>
  store.emit("message", { kind: "state", state: { engine: "none", checkpoint: place, error: null, taken: 0 } });

async function open(folder: string, megabytes = 1, space?: SpaceLimits): Promise<Gateway> {
  store.removeAllListeners();
  const config = { ...parseHistoryConfig({}), spill: { megabytes } };
  return openGateway({
    host: "127.0.0.1",
    port: 0,
    data: folder,
    cities: CITIES,
    pagesPort: null,
    checkTile,
    build: "test",
    tick: 10,
    tokens: publishers,
    now: () => Date.now() + ahead,
    history: { config, launch: () => store as unknown as ChildProcess },
    ...(space ? { space } : {}),
  });
}

beforeEach(async () => {
  disk.room = Infinity;
  ahead = 0;
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-kept-"));
  secret = publishers.create("lianyungang", "*");
});
afterEach(async () => {
  disk.room = Infinity;
  await gateway.close();
  await rm(data, { recursive: true, force: true });
});

const url = (where: string): string => `http://127.0.0.1:${gateway.port}${where}`;
const post = (where: string, body: object): Promise<Response> =>
  fetch(url(where), {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
  });
const reading = (metric: string, value: number, more: object = {}): object => ({
  city: "lianyungang",
  metric,
  at: new Date(BEGAN).toISOString(),
  value,
  ...more,
});
const readings = (...list: object[]): Promise<Response> => post("/api/v1/readings", { readings: list });
const event = {
  id: "k-1",
  city: "lianyungang",
  kind: "noise",
  title: "噪声",
  severity: 1,
  stage: "上报",
  stages: ["上报", "办结"],
  at: new Date(BEGAN).toISOString(),
  source: "test",
};
const bus = {
  city: "lianyungang",
  layer: "vehicles",
  id: "bus-1",
  at: new Date(BEGAN).toISOString(),
  lon: 119.2,
  lat: 34.6,
};

async function valueOf(metric: string): Promise<number | null> {
  const { topics } = (await (await fetch(url(`/api/v1/snapshot?topic=reading/lianyungang/all/${metric}`))).json()) as {
    topics: { value: number | null }[];
  };
  return topics[0]?.value ?? null;
}

async function metric(name: string): Promise<number> {
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(await (await fetch(url("/metrics"))).text())?.[1]);
}

/** What the journal holds of a metric. */
async function journaled(name: string): Promise<number[]> {
  const folder = path.join(data, "journal/live");
  const read = await Promise.all(segmentsIn(folder).map((segment) => readSegment(segmentFile(folder, segment), 0)));
  return read
    .flatMap(({ batches }) => batches)
    .flatMap(({ readings: columns }) =>
      [...columns.value].filter((_, i) => columns.topics[columns.topic[i] ?? 0]?.endsWith(`/${name}`)),
    );
}

/** How the wall is told that the store stands. */
function watchStore(): { told: StoreMessage[]; close: () => void } {
  const socket = io(url(""), { path: "/live", transports: ["websocket"], parser, forceNew: true });
  const told: StoreMessage[] = [];
  socket.on("store", (message: StoreMessage) => told.push(message));
  return { told, close: () => socket.close() };
}

async function refusal(answer: Promise<Response>): Promise<unknown[]> {
  const response = await answer;
  return [
    response.status,
    response.headers.get("retry-after"),
    ((await response.json()) as { error: { code: string } }).error.code,
  ];
}

describe("when the room for what waits is used up", () => {
  it(
    "refuses whole batches and takes nothing of them, says so, and takes up again once the store is through",
    { timeout: 20_000 },
    async () => {
      gateway = await open(data, 0.25);
      stored({ segment: 0, offset: 0 });
      const wall = watchStore();
      await post("/api/v1/events", { events: [event] });
      const { journal } = gateway.history as NonNullable<Gateway["history"]>;
      for (let value = 0; !journal.full; value++) {
        const answer = await readings(...Array.from({ length: 50 }, (_, i) => reading("cases-today", value * 50 + i)));
        expect([answer.status, await answer.json()]).toMatchObject([200, { accepted: 50, rejected: [] }]);
      }
      const refused = [503, "5", "not-kept"];
      expect(await refusal(readings(reading("exchange-rate", 333)))).toEqual(refused);
      expect(await refusal(post("/api/v1/events", { events: [{ ...event, id: "k-2" }] }))).toEqual(refused);
      expect(
        await refusal(
          post("/api/v1/events/k-1/transitions", { city: "lianyungang", stage: "办结", at: new Date().toISOString() }),
        ),
      ).toEqual(refused);
      expect(await refusal(post("/api/v1/positions", { positions: [bus] }))).toEqual(refused);
      expect([
        await valueOf("exchange-rate"),
        gateway.hub.event("lianyungang", "k-2"),
        gateway.hub.event("lianyungang", "k-1")?.stage,
      ]).toEqual([null, undefined, "上报"]);
      expect(gateway.hub.sizes().positions).toBe(0);
      await vi.waitFor(() => expect(wall.told.at(-1)).toMatchObject({ state: "full", refused: 4 }), { timeout: 5_000 });
      expect([await metric("citywall_history_refusing"), await metric("citywall_history_refused")]).toEqual([1, 4]);

      stored(journal.end);
      await vi.waitFor(() => expect(wall.told.at(-1)?.state).toBe("ok"), { timeout: 5_000 });
      expect(await (await readings(reading("exchange-rate", 333))).json()).toMatchObject({ accepted: 1, rejected: [] });
      expect([
        await valueOf("exchange-rate"),
        await journaled("exchange-rate"),
        await metric("citywall_history_refusing"),
      ]).toEqual([333, [333], 0]);
      wall.close();
    },
  );
});

describe("when the disk cannot be written", () => {
  it("acknowledges nothing, and has all of it in order after it was sent again", { timeout: 20_000 }, async () => {
    gateway = await open(data);
    stored({ segment: 0, offset: 0 });
    const wall = watchStore();
    await readings(reading("cases-today", 1));
    disk.room = 40;
    const refused = [503, "5", "not-kept"];
    expect(
      await refusal(readings(reading("exchange-rate", 333), reading("exchange-rate", 333, { quality: "bad" }))),
    ).toEqual(refused);
    expect(await refusal(readings(reading("exchange-rate", 334)))).toEqual(refused);
    await vi.waitFor(() => expect(wall.told.at(-1)).toMatchObject({ state: "unwritable", refused: 2 }), {
      timeout: 5_000,
    });
    disk.room = Infinity;
    await vi.waitFor(
      async () =>
        expect(
          (await readings(reading("exchange-rate", 333), reading("exchange-rate", 333, { quality: "bad" }))).status,
        ).toBe(200),
      { timeout: 5_000, interval: 200 },
    );
    await readings(reading("exchange-rate", 334));
    // The first of the two that were sent again was no copy any more, as `bad` had come after it; nor was then the
    // second.
    expect(await journaled("exchange-rate")).toEqual([333, 333, 333, 333, 334]);
    expect([await journaled("cases-today"), await valueOf("exchange-rate")]).toEqual([[1], 334]);
    await vi.waitFor(() => expect(wall.told.at(-1)?.state).toBe("ok"), { timeout: 5_000 });
    wall.close();
  });

  it("stores what is sent again after a restart as well, and an event's move", { timeout: 20_000 }, async () => {
    gateway = await open(data);
    await post("/api/v1/events", { events: [event] });
    disk.room = 0;
    const move = { city: "lianyungang", stage: "办结", at: new Date().toISOString() };
    expect((await post("/api/v1/events/k-1/transitions", move)).status).toBe(503);
    expect((await readings(reading("exchange-rate", 333))).status).toBe(503);
    await gateway.close();
    disk.room = Infinity;
    gateway = await open(data);
    expect([await valueOf("exchange-rate"), gateway.hub.event("lianyungang", "k-1")?.stage]).toEqual([null, "上报"]);
    expect([
      (await readings(reading("exchange-rate", 333))).status,
      (await post("/api/v1/events/k-1/transitions", move)).status,
    ]).toEqual([200, 200]);
    expect([await journaled("exchange-rate"), gateway.hub.event("lianyungang", "k-1")?.stage]).toEqual([[333], "办结"]);
  });
});

describe("when what waits for the store cannot be written down", () => {
  it("starts all the same, acknowledges nothing, and does once it can be", { timeout: 20_000 }, async () => {
    const taken = path.join(data, "totals.json.draft");
    await mkdir(taken);
    gateway = await open(data);
    expect(await refusal(readings(reading("exchange-rate", 333)))).toEqual([503, "5", "not-kept"]);
    await rmdir(taken);
    expect(await (await readings(reading("exchange-rate", 333))).json()).toMatchObject({ accepted: 1 });
    expect(await journaled("exchange-rate")).toEqual([333]);
  });
});

describe("when the disk has next to no room", () => {
  it("refuses ahead, says so everywhere, and is not ready", { timeout: 20_000 }, async () => {
    gateway = await open(data, 1, { warn: 1e18, refuse: 1e18, reserve: 0 });
    stored({ segment: 0, offset: 0 });
    const wall = watchStore();
    expect(await refusal(readings(reading("exchange-rate", 333)))).toEqual([503, "5", "not-kept"]);
    await vi.waitFor(() => expect(wall.told.at(-1)).toMatchObject({ state: "unwritable", space: "full", refused: 1 }), {
      timeout: 5_000,
    });
    const ready = await fetch(url("/readyz"));
    expect([ready.status, ((await ready.json()) as { reason: string }).reason]).toEqual([
      503,
      expect.stringMatching(/^room: the disk has \d+ MB left/),
    ]);
    expect([await metric("citywall_history_refusing"), await journaled("exchange-rate")]).toEqual([1, []]);
    wall.close();
  });
});

describe("what a person has to know of", () => {
  it("is told to walls and operators until it has been acknowledged", { timeout: 20_000 }, async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    gateway = await open(data);
    stored({ segment: 0, offset: 0 });
    const wall = watchStore();
    const notice = { what: "journal" as const, id: "1", at: BEGAN, file: "/x/1.journal", fault: "broken", kept: null };
    giveNotice(data, { ...notice, lost: 7, exact: true });
    const readings = {
      topics: ["x"],
      topic: [0],
      observed: [1],
      recorded: [1],
      value: [2],
      quality: [0],
      sequence: [0],
    };
    const batch = { readings, events: [], positions: [], screens: [] } as unknown as JournalBatch;
    setAside(data, "live", { segment: 1, offset: 0 }, [{ reason: "no topic", batch }]);
    const told = { aside: 1, notices: [{ what: "journal", file: "1.journal", fault: "broken", lost: 7, exact: true }] };
    await vi.waitFor(() => expect(wall.told.at(-1)).toMatchObject(told), { timeout: 5_000 });
    const counted = ["citywall_history_aside", "citywall_history_lost", "citywall_notices"];
    expect(await Promise.all(counted.map(metric))).toEqual([1, 7, 1]);
    const ready = (await (await fetch(url("/readyz"))).json()) as { ready: boolean; parts: Record<string, string> };
    expect([ready.ready, ready.parts.notices]).toEqual([true, "1.journal: broken"]);
    expect(acknowledgeAll(data)).toBe(1);
    await vi.waitFor(() => expect(wall.told.at(-1)).toMatchObject({ aside: 1, notices: [] }), { timeout: 5_000 });
    // What is lost stays counted.
    expect(await Promise.all(counted.map(metric))).toEqual([1, 7, 0]);
    wall.close();
    log.mockRestore();
  });
});

describe("what a killed gateway leaves", () => {
  it(
    "is kept by the journal until the recent file has it, although the store is through",
    { timeout: 20_000 },
    async () => {
      gateway = await open(data);
      await readings(reading("exchange-rate", 333));
      for (let value = 0; value < 4_000; value += 500)
        await readings(...Array.from({ length: 500 }, (_, i) => reading("cases-today", value + i)));
      const { journal } = gateway.history as NonNullable<Gateway["history"]>;
      expect(journal.end.segment).toBeGreaterThan(1);
      ahead = 60_000;
      stored(journal.end);
      // Whatever is let go of now would be gone before the disk has answered this often.
      for (let i = 0; i < 20; i++) await readdir(path.join(data, "journal/live"));
      // A copy of the folder at this moment is what a process that is killed now leaves behind.
      const left = await mkdtemp(path.join(os.tmpdir(), "citywall-left-"));
      await cp(data, left, { recursive: true });
      const before = gateway;
      const old = data;
      try {
        gateway = await open(left);
        expect([await valueOf("cases-today"), await valueOf("exchange-rate")]).toEqual([3_999, 333]);
      } finally {
        await before.close();
        await rm(old, { recursive: true, force: true });
        data = left;
      }
    },
  );
});
