import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type Socket } from "socket.io";
import { Manager } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeFrame } from "../contract/frames";
import * as parser from "../contract/parser";
import type { ScreenMessage, SnapshotMessage, SubscribeRequest } from "../contract/socket-messages";
import { openLive, spreadAttempts, type LiveSocket } from "./socket";

/** ms that the page's clock is ahead of the machine's: lets seconds pass without waiting for them. */
const clock = vi.hoisted(() => ({ ahead: 0 }));
vi.mock("../clock", async (original) => ({
  ...(await original<object>()),
  monotonic: () => performance.now() + clock.ahead,
}));

const NOW = Date.parse("2026-11-22T08:00:00Z");
const TOPIC = "reading/x/all/m";

function snapshot(value: number): SnapshotMessage {
  const last = { at: NOW, value, quality: "good" as const };
  return {
    epoch: 1,
    now: NOW,
    set: 4,
    seq: 10,
    order: [TOPIC],
    topics: { [TOPIC]: { kind: "reading", offset: 1, last, series: [NOW, value] } },
    refused: [],
  };
}

/** A gateway as far as a page's connection knows one. */
class Gateway {
  readonly http = createServer();
  readonly io = new Server(this.http, { path: "/live", transports: ["websocket"], parser, serveClient: false });
  readonly connections: Socket[] = [];
  readonly subscribed: SubscribeRequest[] = [];
  readonly screens: [string, string][] = [];
  build = "one";

  async listen(): Promise<string> {
    this.io.on("connection", (socket) => {
      this.connections.push(socket);
      socket.emit("hello", { epoch: 1, now: NOW, build: this.build });
      socket.on("subscribe", (request: SubscribeRequest, answer: (message: SnapshotMessage) => void) => {
        this.subscribed.push(request);
        answer(snapshot(7));
      });
      socket.on("watch-screen", (city: string, screen: string, answer: (message: ScreenMessage | null) => void) => {
        this.screens.push([city, screen]);
        answer(screen === "none" ? null : layout(city, screen, 1));
      });
    });
    await new Promise<void>((resolve) => this.http.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get page(): Socket {
    return this.connections.at(-1) as Socket;
  }
}

describe("a thousand pages that lost their gateway", () => {
  it("come back spread over three seconds, after however many attempts", () => {
    const waits = Array.from({ length: 1_000 }, () => {
      const manager = new Manager("http://127.0.0.1:9", { autoConnect: false });
      const emit = (manager as unknown as { emitReserved: (event: string, count: number) => void }).emitReserved;
      const { backoff } = manager as unknown as { backoff: { duration: () => number } };
      spreadAttempts(manager);
      return Array.from({ length: 12 }, (_, attempt) => {
        const wait = backoff.duration();
        emit.call(manager, "reconnect_attempt", attempt + 1);
        return wait;
      });
    });
    for (let attempt = 0; attempt < 12; attempt++) {
      const most = attempt === 0 ? 1_000 : 3_000;
      const tenths = new Array<number>(10).fill(0);
      for (const wait of waits.map((all) => all[attempt] as number)) {
        expect(wait).toBeGreaterThanOrEqual(100);
        expect(wait).toBeLessThanOrEqual(most);
        const tenth = Math.min(9, Math.floor(((wait - 100) / (most - 100)) * 10));
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      }
      // 100 each on average; chance alone takes none of them beyond these in a thousand years.
      for (const count of tenths) expect(count).toSatisfy((n: number) => n > 30 && n < 200);
    }
  });
});

const layout = (city: string, screen: string, revision: number): ScreenMessage => ({
  city,
  screen,
  revision,
  layout: null,
  error: null,
});

let gateway: Gateway;
let live: LiveSocket;
const recovered = vi.fn();
beforeEach(async () => {
  clock.ahead = 0;
  recovered.mockClear();
  vi.stubGlobal("window", { citywallRecover: recovered });
  gateway = new Gateway();
  live = openLive(await gateway.listen());
});
afterEach(async () => {
  live.close();
  await gateway.io.close();
  vi.unstubAllGlobals();
});

function lastValue(): number | null {
  const state = live.store.state(TOPIC);
  return state?.kind === "reading" ? (state.last?.value ?? null) : null;
}

const connected = (times = 1) => vi.waitFor(() => expect(gateway.connections.length).toBe(times), 10_000);

describe("a page's connection", () => {
  it("asks for what is watched, takes the snapshot and the frames that follow it", async () => {
    live.store.watch(TOPIC, 900, () => {});
    await vi.waitFor(() => expect(lastValue()).toBe(7), 10_000);
    expect(gateway.subscribed.at(-1)?.topics).toMatchObject([{ topic: TOPIC }]);
    expect(Math.abs(live.store.now() - NOW)).toBeLessThan(60_000);
    const item = { at: NOW + 1_000, value: 8, quality: "good" as const };
    const sections = [{ kind: "reading" as const, index: 0, advance: 1, items: [item] }];
    gateway.page.emit("f", encodeFrame({ set: 4, seq: 11, now: NOW + 1_000, sections }));
    await vi.waitFor(() => expect(lastValue()).toBe(8), 10_000);
  });

  it("takes a snapshot that was not asked for, how far it is behind, and how the store stands", async () => {
    live.store.watch(TOPIC, 900, () => {});
    await vi.waitFor(() => expect(lastValue()).toBe(7), 10_000);
    const kept = { space: "ok" as const, aside: 0, notices: [] };
    const store = { state: "full" as const, since: NOW, waiting: 1, refused: 2, ...kept };
    gateway.page.emit("snapshot", snapshot(9));
    gateway.page.emit("lag", { skippedFrames: 3 });
    gateway.page.emit("store", store);
    await vi.waitFor(() => expect(live.store.store).toEqual(store), 10_000);
    expect([lastValue(), live.store.skippedFrames]).toEqual([9, 3]);
  });

  it("asks again for topics and screens after it was cut", async () => {
    live.store.watch(TOPIC, 900, () => {});
    const heard: number[] = [];
    live.watchScreen("x", "overview", ({ revision }) => heard.push(revision));
    await vi.waitFor(() => expect([lastValue(), heard.length]).toEqual([7, 1]), 10_000);
    gateway.subscribed.length = 0;
    gateway.page.conn.close();
    await connected(2);
    await vi.waitFor(() => expect(heard.length).toBe(2), 10_000);
    await vi.waitFor(() => expect(gateway.subscribed.at(-1)?.topics).toMatchObject([{ topic: TOPIC }]), 10_000);
    expect(live.store.connected()).toBe(true);
  });

  it("is torn down and opened anew when it stands open and nothing has come for four seconds", async () => {
    await vi.waitFor(() => expect(live.store.connected()).toBe(true), 10_000);
    clock.ahead = 3_000;
    expect(live.store.connected()).toBe(true);
    clock.ahead = 4_500;
    await connected(2);
    await vi.waitFor(() => expect(live.store.connected()).toBe(true), 10_000);
  });

  it("hears of the screens it watches and of no others", async () => {
    const heard: string[] = [];
    const stop = live.watchScreen("x", "overview", ({ screen, revision }) => heard.push(`${screen} ${revision}`));
    live.watchScreen("x", "none", () => heard.push("none"));
    await vi.waitFor(() => expect(gateway.screens.length).toBe(2), 10_000);
    await vi.waitFor(() => expect(heard).toEqual(["overview 1"]), 10_000);
    gateway.page.emit("screen", layout("x", "other", 2));
    gateway.page.emit("screen", layout("y", "overview", 2));
    gateway.page.emit("screen", layout("x", "overview", 3));
    await vi.waitFor(() => expect(heard).toEqual(["overview 1", "overview 3"]), 10_000);
    stop();
    gateway.page.emit("screen", layout("x", "overview", 4));
    gateway.page.emit("lag", { skippedFrames: 1 });
    await vi.waitFor(() => expect(live.store.skippedFrames).toBe(1), 10_000);
    expect(heard).toEqual(["overview 1", "overview 3"]);
  });

  it.each([
    ["loads the page again when the gateway that answers has other pages", "two", 1],
    ["keeps the page when the same pages answer", "one", 0],
    ["keeps the page while pages are being written", "dev", 0],
  ])("%s", async (_title, build, times) => {
    await vi.waitFor(() => expect(live.store.connected()).toBe(true), 10_000);
    gateway.build = build;
    gateway.page.conn.close();
    await connected(2);
    // Comes after the greeting, which therefore was heard as well.
    gateway.page.emit("lag", { skippedFrames: 1 });
    await vi.waitFor(() => expect(live.store.skippedFrames).toBe(1), 10_000);
    expect(recovered).toHaveBeenCalledTimes(times);
  });

  it("comes back by itself where the gateway cuts it with a reason", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    await vi.waitFor(() => expect(live.store.connected()).toBe(true), 10_000);
    gateway.page.emit("issue", { code: "too-slow", detail: "more waits than may" });
    (gateway.page.conn.transport as unknown as { socket: { close: (code: number, why: string) => void } }).socket.close(
      1008,
      "more waits than may",
    );
    await connected(2);
    expect(said).toHaveBeenCalledWith("citywall: cut by the gateway: too-slow: more waits than may");
    said.mockRestore();
  });

  it("stays closed once it is closed", async () => {
    await connected();
    live.close();
    await vi.waitFor(() => expect(gateway.page.connected).toBe(false), 10_000);
    clock.ahead = 10_000;
    expect([live.store.connected(), gateway.connections.length]).toEqual([false, 1]);
  });
});
