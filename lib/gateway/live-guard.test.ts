import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { checkTile } from "../../components/widgets/check-tile";
import { LIMITS } from "../contract/api/limits";
import { readingTopic } from "../contract/topics";
import { LiveGuard, type Wire } from "./live-guard";
import { openGateway, type Gateway } from "./server";

const CITIES = path.resolve(import.meta.dirname, "../../cities");
const MB = 1 << 20;
let data: string;
let gateway: Gateway;
let topics: string[];

beforeAll(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-guard-"));
  const options = { host: "127.0.0.1", port: 0, data, cities: CITIES, pagesPort: null, checkTile, build: "test" };
  gateway = await openGateway({ ...options, tick: 10 });
  const city = gateway.catalogue.city("lianyungang");
  topics = (city?.facts.metrics ?? []).map(({ id }) => readingTopic("lianyungang", "all", id));
  const now = Date.now();
  for (const topic of topics)
    for (let i = 0; i < 900; i++)
      gateway.hub.takeReading({
        city: "lianyungang",
        district: "all",
        metric: topic.split("/")[3] as string,
        at: now - (900 - i) * 1_000,
        value: 1_000_000.25 + i,
        quality: "good",
      });
});
afterAll(async () => {
  await gateway.close();
  await rm(data, { recursive: true, force: true });
});

interface Client {
  ws: WebSocket;
  heard: string[];
  closed: Promise<[number, string]>;
}

/** A client of the live socket that knows no better: engine.io's and socket.io's packets by hand. */
async function connect(): Promise<Client> {
  const ws = new WebSocket(`ws://127.0.0.1:${gateway.port}/live/?EIO=4&transport=websocket`);
  const heard: string[] = [];
  const closed = new Promise<[number, string]>((resolve) =>
    ws.once("close", (code, why) => resolve([code, why.toString()])),
  );
  ws.on("error", () => {});
  ws.on("message", (message: Buffer, binary) => {
    if (!binary) heard.push(message.toString());
  });
  await new Promise<void>((resolve) => ws.once("open", () => resolve()));
  ws.send("40");
  await vi.waitFor(() => expect(heard.some((text) => text.startsWith('42["hello"'))).toBe(true), 10_000);
  return { ws, heard, closed };
}

const issues = ({ heard }: Client): string[] =>
  heard
    .filter((text) => text.startsWith('42["issue"'))
    .map((text) => (JSON.parse(text.slice(2)) as [string, { code: string }])[1].code);
const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${gateway.port}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
};

describe("a live connection that takes its leave of all that is told", () => {
  it("is closed: nothing would ever be said in it again, and who asked in it would wait for good", async () => {
    const client = await connect();
    // Its pings are answered, so that it lives for as long as it is let.
    client.ws.on("message", (message: Buffer) => message.toString() === "2" && client.ws.send("3"));
    client.ws.send("41");
    await client.closed;
    await expect.poll(() => gateway.outbox.clients).toBe(0);
  });
});

describe("a live connection that sends more than it may", () => {
  it("is cut with a reason that it can read: messages", async () => {
    const client = await connect();
    for (let i = 0; i < LIMITS.live.messages.burst + 100; i++) client.ws.send('42["nothing"]');
    expect(await client.closed).toEqual([1008, expect.stringMatching(/^more than 50 messages a second/)]);
    expect(issues(client)).toEqual(["too-many-messages"]);
    await expect.poll(() => gateway.outbox.clients).toBe(0);
  });

  it("is cut with a reason that it can read: bytes, here names of screens of 900 KB", async () => {
    const client = await connect();
    const name = "a".repeat(900_000);
    for (let i = 0; i < 20; i++) client.ws.send(`42${i}["watch-screen","${name}","overview"]`);
    expect(await client.closed).toEqual([1008, expect.stringMatching(/^more than 1048576 bytes a second/)]);
    expect(issues(client)).toEqual(["too-many-bytes"]);
    expect(client.heard.filter((text) => text.startsWith("43"))).toEqual(
      client.heard.filter((text) => /^43\d+\[null\]$/.test(text)),
    );
  });

  it("is closed by a message larger than any may be", async () => {
    const client = await connect();
    client.ws.send(`42["watch-screen","${"a".repeat(LIMITS.message)}"]`);
    expect((await client.closed)[0]).toBe(1009);
  });

  it("loses no other connection", async () => {
    const [bad, good] = [await connect(), await connect()];
    for (let i = 0; i < LIMITS.live.messages.burst + 100; i++) bad.ws.send("42[]");
    await bad.closed;
    good.ws.send('420["watch-screen","lianyungang","overview"]');
    await vi.waitFor(() => expect(good.heard.some((text) => text.startsWith("430["))).toBe(true), 10_000);
    good.ws.close();
  });
});

describe("a live connection that does not read", () => {
  it("is answered once, however often it asks", async () => {
    const client = await connect();
    const spans = [900, 899, 898, 897, 896, 895, 894, 893];
    const request = JSON.stringify(["subscribe", { topics: topics.map((topic) => ({ topic, spans })) }]);
    const cutBefore = await metric("citywall_live_cut");
    client.ws.pause();
    for (let i = 0; i < 60; i++) client.ws.send(`42${i}${request}`);
    // Until it has been heard: refusals are answered at once, and so is the first one.
    await expect.poll(() => metric("citywall_live_waiting_bytes"), { timeout: 10_000 }).toBeGreaterThan(0);
    for (let looks = 0; looks < 20; looks++) {
      expect(await metric("citywall_live_waiting_bytes")).toBeLessThan(8 * MB);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect((await metric("citywall_live_cut")) - cutBefore).toBe(0);
    client.ws.resume();
    // Reading again, it is told each of its questions' answer, and is alive.
    await vi.waitFor(() => expect(client.heard.filter((text) => /^43\d+\[/.test(text)).length).toBe(60), 10_000);
    client.ws.close();
  });

  it("is one of many, and those who read are answered all the same, with less held than all may hold", async () => {
    const spans = [900, 899, 898, 897, 896, 895, 894, 893];
    const request = JSON.stringify(["subscribe", { topics: topics.map((topic) => ({ topic, spans })) }]);
    const silent = await Promise.all(Array.from({ length: 20 }, () => connect()));
    let most = 0;
    for (const { ws } of silent) {
      ws.pause();
      for (let i = 0; i < 3; i++) ws.send(`42${i}${request}`);
    }
    await expect.poll(() => gateway.outbox.clients).toBe(20);
    // Their answers take all the room that there is for such, and most of them still wait.
    await expect.poll(() => metric("citywall_live_waiting_bytes"), { timeout: 10_000 }).toBeGreaterThan(8 * MB);
    const cutBefore = await metric("citywall_live_cut");
    const wall = await connect();
    const screen = topics.slice(0, 20).map((topic) => ({ topic, spans: [120] }));
    wall.ws.send(`420${JSON.stringify(["subscribe", { topics: screen }])}`);
    await expect
      .poll(
        async () => {
          most = Math.max(most, await metric("citywall_live_waiting_bytes"));
          return wall.heard.some((text) => text.startsWith("430[{"));
        },
        { timeout: 10_000, interval: 10 },
      )
      .toBe(true);
    // It did not wait until one of them was cut.
    expect((await metric("citywall_live_cut")) - cutBefore).toBeLessThan(2);
    await expect
      .poll(
        async () => {
          most = Math.max(most, await metric("citywall_live_waiting_bytes"));
          return (await metric("citywall_live_cut")) - cutBefore;
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);
    expect(most).toBeLessThan(LIMITS.live.waitingInAll);
    for (const { ws } of [...silent, wall]) ws.terminate();
  }, 60_000);

  it("is told what a subscription may ask for", async () => {
    const client = await connect();
    const many = Array.from({ length: 200 }, (_, i) => ({
      topic: `reading/x/all/m${i}`,
      spans: [900, 86_400, 691_200],
    }));
    client.ws.send(`420${JSON.stringify(["subscribe", { topics: many }])}`);
    await vi.waitFor(() => expect(client.heard.some((text) => text.startsWith("430"))).toBe(true), 10_000);
    expect(client.heard.find((text) => text.startsWith("430"))).toContain("topics: ask for 506600 points of the past");
    client.ws.close();
  });
});

describe("LiveGuard", () => {
  function wire(bytes = 0) {
    const closes: [number, string][] = [];
    const written: unknown[] = [];
    const hear: Record<string, (...args: never[]) => void> = {};
    const made = {
      request: null,
      writeBuffer: [] as Wire["writeBuffer"],
      write: (message: unknown) => written.push(message),
      on: (event: string, listener: (...args: never[]) => void) => (hear[event] = listener),
      once: (event: string, listener: () => void) => (hear[event] = listener),
      transport: {
        writable: true,
        socket: {
          bufferedAmount: bytes,
          close: (code: number, why: string) => closes.push([code, why]),
          pause: () => {},
          terminate: () => {},
        },
      },
    };
    return { wire: made as Wire & typeof made, closes, written, hear: hear as Record<string, () => void> };
  }

  it("cuts who leaves more waiting than one may, counting what is queued before the system has it", () => {
    const guard = new LiveGuard(() => 0);
    const [one, other] = [wire(LIMITS.live.waiting), wire(LIMITS.live.waiting)];
    other.wire.writeBuffer.push({ type: "message", data: "x" });
    for (const each of [one, other]) guard.join(each.wire);
    guard.look();
    expect([one.closes, other.closes.length, other.written.length, guard.cut]).toEqual([[], 1, 1, 1]);
    expect(other.written[0]).toMatch(/^2\["issue",\{"code":"too-slow"/);
  });

  it("tells why before it ends a connection, also where something is on its way", () => {
    const guard = new LiveGuard(() => 0);
    const [free, busy] = [wire(), wire()];
    busy.wire.transport.writable = false;
    for (const one of [free, busy]) {
      guard.join(one.wire);
      expect(guard.dismiss(one.wire, { code: "rights-changed", detail: "come again" }, 1_000)).toBe(true);
    }
    expect([free, busy].map(({ written, closes }) => [written.length, closes])).toEqual([
      [1, [[1008, "come again"]]],
      [1, []],
    ]);
    busy.hear.drain?.();
    expect(busy.closes).toEqual([[1008, "come again"]]);
  });

  it("cuts those who hold the most, while all hold more than they may together", () => {
    const guard = new LiveGuard(() => 0);
    const each = Math.floor(LIMITS.live.waitingInAll / 8);
    const wires = Array.from({ length: 10 }, (_, i) => wire(each + i));
    for (const one of wires) guard.join(one.wire);
    guard.look();
    expect(wires.map(({ closes }) => closes.length)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    expect(guard.waiting).toBeLessThanOrEqual(LIMITS.live.waitingInAll);
    expect(wires.at(-1)?.closes).toEqual([
      [1008, `${each + 9} bytes wait to be read by this connection, the most of all, which together may hold 33554432`],
    ]);
    expect(String(wires.at(-1)?.written[0])).toContain('"code":"too-slow"');
  });

  it("makes room for who waits for a snapshot: who holds the most, and has read nothing for a while, gives way", () => {
    let now = 1_000;
    const guard = new LiveGuard(() => now);
    const wires = [5, 6, 8].map((megabytes) => wire(megabytes * MB));
    const wall = wire(200_000);
    for (const one of [...wires, wall]) guard.join(one.wire);
    guard.look();
    expect([guard.hasRoom(false), guard.hasRoom(true)]).toEqual([false, true]);
    now += LIMITS.live.givesWay - 1;
    guard.look();
    expect(guard.cut).toBe(0);
    now += 1;
    // One that has caught up meanwhile is not among those.
    (wires[1] as (typeof wires)[number]).wire.transport.socket.bufferedAmount = 0;
    guard.look();
    (wires[1] as (typeof wires)[number]).wire.transport.socket.bufferedAmount = 9 * MB;
    guard.look();
    expect(guard.cut).toBe(0);
    expect(guard.hasRoom(false)).toBe(false);
    guard.look();
    expect([...wires, wall].map(({ closes }) => closes.length)).toEqual([0, 0, 1, 0]);
    expect(wires[2]?.closes[0]?.[1]).toMatch(/^others wait for a snapshot, and 8388608 bytes wait to be read by this/);
    // What a connection that is cut still holds is counted until it is gone.
    expect(guard.hasRoom(false)).toBe(false);
    wires[2]?.hear.close?.();
    expect(guard.hasRoom(false)).toBe(true);
  });

  it("skips frames sooner for who reads nothing while all hold much", () => {
    const guard = new LiveGuard(() => 0);
    const [held, slow, reading] = [wire(17 * MB), wire(900_000), wire(0)];
    for (let i = 0; i < 100; i++) guard.join(wire(0).wire);
    for (const one of [held, slow, reading]) guard.join(one.wire);
    expect(guard.isCongested(slow.wire)).toBe(false);
    guard.look();
    expect([guard.isCongested(slow.wire), guard.isCongested(reading.wire)]).toEqual([true, false]);
    held.wire.transport.socket.bufferedAmount = 0;
    guard.look();
    expect(guard.isCongested(slow.wire)).toBe(false);
  });

  it("cuts who reads nothing of what waits, and not who catches up in between", () => {
    let now = 1_000;
    const guard = new LiveGuard(() => now);
    const [stalled, slow] = [wire(2 * MB), wire(2 * MB)];
    for (const one of [stalled, slow]) guard.join(one.wire);
    guard.look();
    now += LIMITS.live.stalled - 1;
    slow.wire.transport.socket.bufferedAmount = 0;
    guard.look();
    slow.wire.transport.socket.bufferedAmount = 2 * MB;
    now += 2;
    guard.look();
    expect([stalled.closes.length, slow.closes.length, guard.cut]).toEqual([1, 0, 1]);
  });
});
