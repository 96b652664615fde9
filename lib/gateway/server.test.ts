import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import { LIMITS } from "../contract/api/limits";
import { decodeFrame } from "../contract/frames";
import type { ScreenMessage, SnapshotMessage } from "../contract/socket-messages";
import * as parser from "../contract/parser";
import { checkedFetch as fetch } from "./checked-fetch";
import { openGateway, type Gateway } from "./server";
import { makeSite, type TestSite } from "./test-site";

let site: TestSite;
let folder: string;
let gateway: Gateway;
let base: string;
let secret: string;
let trafficSecret: string;

const at = (): string => new Date().toISOString();
const reading = (more: object = {}): object => ({
  city: "lianyungang",
  metric: "cases-today",
  district: "all",
  at: at(),
  value: 7,
  ...more,
});

function open(): Promise<Gateway> {
  return site.open();
}

function post(where: string, body: unknown, token = secret, type = "application/json"): Promise<Response> {
  return fetch(`${base}${where}`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { authorization: `Bearer ${token}`, "content-type": type },
  });
}

function connect(): Promise<Socket> {
  const socket = io(base, { path: "/live", transports: ["websocket"], parser, forceNew: true });
  return new Promise((resolve) => socket.on("connect", () => resolve(socket)));
}

const subscribe = (socket: Socket, topics: string[]): Promise<SnapshotMessage> =>
  socket.emitWithAck("subscribe", {
    topics: topics.map((topic) => ({ topic, spans: [900] })),
  }) as Promise<SnapshotMessage>;

beforeAll(async () => {
  site = await makeSite(checkTile);
  ({ folder } = site);
  gateway = await open();
  base = `http://127.0.0.1:${gateway.port}`;
  secret = site.tokens.create("lianyungang", "*");
  trafficSecret = site.tokens.create("lianyungang", "traffic");
});

afterAll(async () => {
  await gateway.close();
  await site.drop();
});

describe("publishing", () => {
  it("keeps the good items of a batch and says of each other one what is wrong with it", async () => {
    const response = await post("/api/v1/readings", {
      readings: [
        reading(),
        reading({ city: "atlantis" }),
        reading({ metric: "tides" }),
        reading({ district: "999999" }),
        reading({ value: "7" }),
        reading({ at: "2099-01-01T00:00:00Z" }),
        reading({ at: "1999-01-01T00:00:00Z" }),
        reading({ metric: "events-open", value: 8 }),
      ],
    });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as { accepted: number; rejected: { index: number; reason: string }[] };
    expect(answer.accepted).toBe(2);
    expect(answer.rejected.map(({ index, reason }) => `${index} ${reason}`)).toEqual([
      "1 out-of-scope",
      "2 unknown-metric",
      "3 unknown-district",
      "4 wrong-type",
      "5 in-the-future",
      "6 too-old",
    ]);
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toContain('citywall_items_rejected_total{kind="reading",reason="unknown-metric"} 1');
    expect(metrics.trimEnd().endsWith("# EOF")).toBe(true);
  });

  it("tells the first thousand refusals one by one, and how many there are", async () => {
    const answer = (await (
      await post("/api/v1/readings", {
        readings: [
          reading({ value: 41, at: "2026-11-31T00:00:00Z" }),
          ...Array.from({ length: 1_499 }, () => reading({ metric: "tides" })),
          reading({ metric: "app-online" }),
        ],
      })
    ).json()) as { accepted: number; rejectedTotal: number; rejected: { field: string }[] };
    expect([answer.accepted, answer.rejectedTotal, answer.rejected.length, answer.rejected[0]?.field]).toEqual([
      1,
      1_500,
      1_000,
      "at",
    ]);
  });

  it("counts what it knew already", async () => {
    const known = reading({ metric: "app-downloads", value: 9 });
    expect(await (await post("/api/v1/readings", { readings: [known, known, known] })).json()).toEqual({
      accepted: 3,
      duplicates: 2,
      rejectedTotal: 0,
      rejected: [],
    });
  });

  it("takes NDJSON and loses only the unreadable line", async () => {
    const response = await post(
      "/api/v1/readings",
      `${JSON.stringify(reading({ value: 1 }))}\n{not json\n${JSON.stringify(reading({ metric: "app-online" }))}\n`,
      secret,
      "application/x-ndjson",
    );
    expect(await response.json()).toMatchObject({ accepted: 2, rejected: [{ index: 1, reason: "not-an-object" }] });
  });

  it.each([
    ["no token", () => fetch(`${base}/api/v1/readings`, { method: "POST", body: "{}" }), 401, "no-token"],
    ["a wrong token", () => post("/api/v1/readings", {}, "cw_wrong"), 401, "no-token"],
    ["an unreadable body", () => post("/api/v1/readings", "{"), 400, "unreadable"],
    ["a body without the list", () => post("/api/v1/readings", { items: [] }), 400, "unreadable"],
    ["a wrong method", () => fetch(`${base}/api/v1/readings`), 405, "wrong-method"],
    ["an unknown path", () => fetch(`${base}/api/v2/x`), 404, "unknown-path"],
    ["a body that is too large", () => post("/api/v1/readings", "x".repeat(LIMITS.body + 1)), 413, "too-large"],
  ])("refuses %s", async (_name, request, status, code) => {
    const response = await request();
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: { code: string } }).error.code).toBe(code);
  });

  it("holds a token to its feed: items outside are refused, a batch wholly outside is 403", async () => {
    const mixed = await post(
      "/api/v1/readings",
      { readings: [reading(), reading({ metric: "mean-speed" })] },
      trafficSecret,
    );
    expect([mixed.status, await mixed.json()]).toEqual([
      200,
      expect.objectContaining({ accepted: 1, rejected: [expect.objectContaining({ reason: "out-of-scope" })] }),
    ]);
    expect((await post("/api/v1/readings", { readings: [reading()] }, trafficSecret)).status).toBe(403);
  });

  it("answers 429 with Retry-After when a publisher asks too often", async () => {
    const slow = await site.open({ rate: 1 });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        fetch(`http://127.0.0.1:${slow.port}/api/v1/readings`, {
          method: "POST",
          body: '{"readings":[]}',
          headers: { authorization: `Bearer ${secret}` },
        }),
      ),
    );
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused.length).toBe(2);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    await slow.close();
  });

  it("moves an event through its stages", async () => {
    const event = {
      id: "t-1",
      city: "lianyungang",
      kind: "noise",
      title: "噪声",
      severity: 1,
      stage: "上报",
      stages: ["上报", "受理", "办结"],
      at: at(),
      source: "test",
      district: "320706",
    };
    expect(await (await post("/api/v1/events", { events: [event] })).json()).toMatchObject({ accepted: 1 });
    const moved = await post("/api/v1/events/t-1/transitions", { city: "lianyungang", stage: "办结", at: at() });
    expect([moved.status, await moved.json()]).toEqual([200, expect.objectContaining({ stage: "办结" })]);
    expect(
      (await post("/api/v1/events/t-1/transitions", { city: "lianyungang", stage: "归档", at: at() })).status,
    ).toBe(422);
    expect(
      (await post("/api/v1/events/none/transitions", { city: "lianyungang", stage: "办结", at: at() })).status,
    ).toBe(404);
    // Who may not tell of a city's events is not told which there are.
    for (const [city, token] of [
      ["lianyungang", trafficSecret],
      ["lianyungang", site.tokens.create("hangzhou", "*")],
      ["atlantis", trafficSecret],
    ] as const) {
      const answers = ["t-1", "none"].map(async (id) => {
        const answer = await post(`/api/v1/events/${id}/transitions`, { city, stage: "办结", at: at() }, token);
        return [answer.status, await answer.text()];
      });
      const [known, none] = await Promise.all(answers);
      expect(known).toEqual([403, expect.stringContaining("out-of-scope")]);
      expect(none).toEqual(known);
    }
  });

  it("tells why a transition is refused, and keeps a step that comes late", async () => {
    const began = Date.now() - 3_600_000;
    const time = (minutes: number): string => new Date(began + minutes * 60_000).toISOString();
    const event = {
      id: "t-2",
      city: "lianyungang",
      kind: "noise",
      title: "噪声",
      severity: 1,
      stage: "上报",
      stages: ["上报", "受理", "办结"],
      at: time(0),
      source: "test",
      district: "320706",
    };
    await post("/api/v1/events", { events: [event] });
    const move = async (
      stage: string,
      minutes: number,
      id = "t-2",
    ): Promise<
      [number, { stage?: string; steps?: { stage: string }[]; error?: { code: string; message: string } }]
    > => {
      const response = await post(`/api/v1/events/${id}/transitions`, {
        city: "lianyungang",
        stage,
        at: time(minutes),
      });
      return [response.status, (await response.json()) as object];
    };
    const [before, why] = await move("受理", -1);
    expect([before, why.error?.code, why.error?.message.startsWith("at: lies before")]).toEqual([
      422,
      "out-of-range",
      true,
    ]);
    expect((await move("归档", 5))[1].error?.message).toMatch(/^stage: /);
    expect((await move("办结", 20))[1]).toMatchObject({ stage: "办结" });
    const [status, late] = await move("受理", 10);
    expect([status, late.stage, late.steps?.map((step) => step.stage)]).toEqual([
      200,
      "办结",
      ["上报", "受理", "办结"],
    ]);
    // An old copy of the event does not open it again; a newer version does.
    expect(await (await post("/api/v1/events", { events: [event] })).json()).toMatchObject({ accepted: 1 });
    expect((await move("受理", 10))[1].stage).toBe("办结");
    expect((await move("受理", 30))[1].stage).toBe("受理");
  });

  it("keeps every open event, and each can be moved", async () => {
    const events = Array.from({ length: 2_828 }, (_, i) => ({
      id: `many-${i}`,
      city: "hangzhou",
      kind: "noise",
      title: "噪声",
      severity: 1,
      stage: "上报",
      stages: ["上报", "办结"],
      at: new Date(Date.now() - 10_000 + i).toISOString(),
      source: "test",
    }));
    const hangzhou = site.tokens.create("hangzhou", "*");
    for (let i = 0; i < events.length; i += 1_000)
      await post("/api/v1/events", { events: events.slice(i, i + 1_000) }, hangzhou);
    const {
      topics: [topic],
    } = (await (await fetch(`${base}/api/v1/snapshot?topic=events/hangzhou`)).json()) as {
      topics: { events: object[]; counts: { count: number }[] }[];
    };
    expect([topic?.events.length, topic?.counts[0]?.count]).toEqual([2_828, 2_828]);
    expect(
      (await post("/api/v1/events/many-0/transitions", { city: "hangzhou", stage: "办结", at: at() }, hangzhou)).status,
    ).toBe(200);
    const socket = await connect();
    const wall = (await subscribe(socket, ["events/hangzhou"])).topics["events/hangzhou"] as {
      items: object[];
      counts: [string, string, string, string, number, number][];
    };
    expect([wall.items.length, wall.counts.map((row) => row[5]).sort()]).toEqual([2_001, [1, 2_827].sort()]);
    socket.close();
  });

  it("reads back the last value with its time, freshness and source", async () => {
    await post("/api/v1/readings", { readings: [reading({ metric: "mean-speed", value: 31.5 })] });
    const answer = (await (
      await fetch(
        `${base}/api/v1/snapshot?topic=reading/lianyungang/all/mean-speed&topic=reading/lianyungang/all/cloud-cpu`,
      )
    ).json()) as { topics: object[] };
    expect(answer.topics).toMatchObject([
      { value: 31.5, freshness: "live", source: { zh: "城市交通" } },
      { value: null, freshness: "offline" },
    ]);
    expect((await fetch(`${base}/api/v1/snapshot?topic=reading/atlantis/all/x`)).status).toBe(404);
    expect((await fetch(`${base}/api/v1/snapshot?topic=reading/lianyungang/320799/mean-speed`)).status).toBe(404);
  });
});

describe("the live socket", () => {
  it("answers a subscription with a snapshot and goes on with frames in sequence", async () => {
    const socket = await connect();
    const frames: Uint8Array[] = [];
    socket.on("f", (bytes: Buffer) => frames.push(new Uint8Array(bytes)));
    await post("/api/v1/readings", { readings: [reading({ metric: "cloud-cpu", value: 41.5 })] });
    const snapshot = await subscribe(socket, ["reading/lianyungang/all/cloud-cpu"]);
    expect(snapshot.topics["reading/lianyungang/all/cloud-cpu"]).toMatchObject({ last: { value: 41.5 } });
    await post("/api/v1/readings", {
      readings: [reading({ metric: "cloud-cpu", value: 42.5 }), reading({ metric: "cloud-memory", value: 60 })],
    });
    await vi.waitFor(() => expect(frames.some((bytes) => decodeFrame(bytes).sections.length > 0)).toBe(true));
    const decoded = frames.map(decodeFrame);
    expect(decoded.map((frame) => frame.seq)).toEqual(decoded.map((_, i) => snapshot.seq + 1 + i));
    expect(decoded.flatMap((frame) => frame.sections)).toMatchObject([
      { kind: "reading", index: 0, advance: 1, items: [{ value: 42.5 }] },
    ]);
    socket.close();
  });

  it("refuses a page of another site", async () => {
    const socket = io(base, {
      path: "/live",
      transports: ["websocket"],
      parser,
      forceNew: true,
      reconnection: false,
      extraHeaders: { origin: "http://evil.example" },
    });
    await new Promise<void>((resolve) => socket.on("connect_error", () => resolve()));
    expect(socket.connected).toBe(false);
    socket.close();
  });

  it("answers an unreadable subscription instead of dying of it", async () => {
    const socket = await connect();
    expect(await socket.emitWithAck("subscribe", { topics: "all" })).toEqual({ error: "topics: unreadable" });
    socket.emit("subscribe", null);
    socket.emit("watch-screen", {}, 5, "x");
    expect((await subscribe(socket, [])).order).toEqual([]);
    socket.close();
  });

  it("tells of a changed screen unasked, and of a faulty one with its field while the last good one stays", async () => {
    const file = path.join(folder, "cities/lianyungang/screens/overview.json");
    const good = await readFile(file, "utf8");
    // Whole at once: half a file is a fault that is told as well.
    const put = async (text: string): Promise<void> => {
      await writeFile(`${file}.next`, text);
      await rename(`${file}.next`, file);
    };
    const socket = await connect();
    const messages: ScreenMessage[] = [];
    socket.on("screen", (message: ScreenMessage) => messages.push(message));
    const first = (await socket.emitWithAck("watch-screen", "lianyungang", "overview")) as ScreenMessage;
    expect(first.error).toBeNull();
    const layout = JSON.parse(good) as { title: { zh: string }; tiles: { settings: { metric?: string } }[] };
    await put(JSON.stringify({ ...layout, title: { zh: "新总览", en: "New" } }));
    await vi.waitFor(() => expect(messages.length).toBe(1), { timeout: 2_000 });
    expect(messages[0]).toMatchObject({ error: null, layout: { title: { zh: "新总览" } } });
    if (layout.tiles[0]) layout.tiles[0].settings.metric = "tides";
    await put(JSON.stringify(layout));
    await vi.waitFor(() => expect(messages.length).toBe(2), { timeout: 2_000 });
    expect(messages[1]?.error).toContain('tiles[0].settings.metric "tides" is not a metric of lianyungang');
    expect(messages[1]).toMatchObject({ layout: { title: { zh: "新总览" } } });
    await put(good);
    await vi.waitFor(() => expect(messages.length).toBe(3), { timeout: 2_000 });
    socket.close();
  });
});

describe("the server", () => {
  it("does not open to other machines where nobody would have to sign in", async () => {
    await expect(
      openGateway({
        host: "0.0.0.0",
        port: 0,
        data: folder,
        cities: path.join(folder, "cities"),
        pagesPort: null,
        checkTile,
        build: "test",
      }),
    ).rejects.toThrow(/HOST: 0\.0\.0\.0.*sign in/);
  });

  it("gives a restarted gateway the readings of the last hours, under another epoch", async () => {
    await post("/api/v1/readings", { readings: [reading({ metric: "exchange-rate", value: 333 })] });
    const epoch = gateway.hub.epoch;
    await gateway.close();
    await new Promise((resolve) => setTimeout(resolve, 2));
    gateway = await open();
    base = `http://127.0.0.1:${gateway.port}`;
    expect(gateway.hub.epoch).not.toBe(epoch);
    const socket = await connect();
    const snapshot = await subscribe(socket, ["reading/lianyungang/all/exchange-rate"]);
    expect(snapshot.topics["reading/lianyungang/all/exchange-rate"]).toMatchObject({ last: { value: 333 } });
    socket.close();
  });

  it("documents itself", async () => {
    expect(await (await fetch(`${base}/api/openapi.json`)).json()).toMatchObject({ openapi: "3.1.0" });
    expect(await (await fetch(`${base}/api/asyncapi.json`)).json()).toMatchObject({ asyncapi: "3.0.0" });
    expect(await (await fetch(`${base}/readyz`)).json()).toEqual({
      ready: true,
      parts: { cities: "ok", clock: "ok", ...(process.platform === "linux" ? { descriptors: "ok" } : {}) },
    });
  });
});
