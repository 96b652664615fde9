import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { compile, type JSONSchema } from "json-schema-to-typescript";
import openapiTypescript, { astToString, type OpenAPI3 } from "openapi-typescript";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkTile } from "../components/widgets/check-tile";
import { makeAsyncapi } from "../lib/gateway/asyncapi";
import { openGateway, type Gateway } from "../lib/gateway/server";
import { TestTokens } from "../lib/gateway/test-tokens";
import { parseHistoryConfig } from "../lib/history/config";
import { forkStore } from "./test-programs";

const publishers = new TestTokens();

/**
 * Clients that public generators make of the two documents are type-checked and used against a gateway with its store. What they import
 * of generated types is there only once this test has made it.
 */

const ROOT = path.resolve(import.meta.dirname, "..");
const CLIENTS = path.join(import.meta.dirname, "clients");
const GENERATED = path.join(CLIENTS, "generated");
const NAMES = { openapi: path.join(CLIENTS, "openapi.ts"), asyncapi: path.join(CLIENTS, "asyncapi.ts") };

let folder: string;
/** ms by which the gateway's clock is set */
let ahead = 0;
let gateway: Gateway;
let url: string;
let token: string;
let documents: { openapi: object; asyncapi: { components: { schemas: object } } };

async function open(): Promise<Gateway> {
  const data = path.join(folder, "data");
  const cities = path.join(folder, "cities");
  await cp(path.join(ROOT, "cities"), cities, { recursive: true });
  const env: NodeJS.ProcessEnv = { ...process.env, CITYWALL_CITIES: cities, CITYWALL_DATA: data };
  delete env.DATABASE_URL;
  const history = { config: parseHistoryConfig({}), launch: () => forkStore(env) };
  const where = { host: "127.0.0.1", port: 0, data, cities, pagesPort: null };
  return openGateway({
    tokens: publishers,
    ...where,
    checkTile,
    build: "test",
    tick: 10,
    history,
    now: () => Date.now() + ahead,
  });
}

async function generate(): Promise<void> {
  await mkdir(GENERATED, { recursive: true });
  const openapi = await openapiTypescript(documents.openapi as OpenAPI3);
  await writeFile(path.join(GENERATED, "openapi.ts"), astToString(openapi));
  const text = JSON.stringify(documents.asyncapi.components.schemas).replaceAll(
    "#/components/schemas/",
    "#/definitions/",
  );
  const root = { type: "object", definitions: JSON.parse(text) as object } as unknown as JSONSchema;
  const models = await compile(root, "Messages", { unreachableDefinitions: true, additionalProperties: false });
  await writeFile(path.join(GENERATED, "messages.ts"), models);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-clients-"));
  gateway = await open();
  url = `http://127.0.0.1:${gateway.port}`;
  token = publishers.create("lianyungang", "*");
  const get = async (name: string): Promise<unknown> => (await fetch(`${url}/api/${name}.json`)).json();
  documents = { openapi: await get("openapi"), asyncapi: await get("asyncapi") } as typeof documents;
  await generate();
}, 120_000);

afterAll(async () => {
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
});

it("have types that their programs fit", { timeout: 120_000 }, () => {
  const tsc = spawnSync(process.execPath, [
    path.join(ROOT, "node_modules/typescript/bin/tsc"),
    "--noEmit",
    "-p",
    CLIENTS,
  ]);
  expect(`${tsc.stdout.toString()}${tsc.stderr.toString()}`).toBe("");
  expect(tsc.status).toBe(0);
});

describe("a client of /api/openapi.json", () => {
  it("publishes, reads what is and what was, and is told what it did wrong", async () => {
    const { exercise } = (await import(NAMES.openapi)) as { exercise: (...args: string[]) => Promise<unknown> };
    const at = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
    expect(await exercise(url, token, at)).toEqual({
      accepted: 1,
      rejected: [[1, "unknown-metric", "metric"]],
      value: 41.5,
      freshness: "live",
      openEvents: ["c-1"],
      history: { at: [Date.parse(at)], last: [41.5], asOf: expect.stringMatching(/Z$/) as string },
      values: [41.5, null],
      metrics: expect.arrayContaining(["cases-today"]) as string[],
      refusals: [
        [400, "bad-parameter", "from"],
        [404, "unknown-topic", "topic"],
        [400, "bad-parameter", "at"],
        [422, "out-of-range", "stage"],
      ],
    });
  });
});

interface Client {
  messages: { key: string; payload: unknown }[];
  subscribe(request: object): Promise<{ seq: number; set: number; order: string[]; error?: string }>;
  watch(city: string, screen: string): Promise<unknown>;
  got(key: string): unknown[];
  shout(times: number): void;
  close(): void;
}
interface Frame {
  set: number;
  seq: number;
  readings: { topic: number; at: number; value: number }[];
  events: unknown[];
  positions: { names: unknown; rows: number[][] }[];
}
interface Module {
  LiveClient: new (url: string) => Client;
  readFrame: (bytes: Uint8Array) => Frame;
}

/** A check of each message by its key: the payload of the document, in which nothing undeclared may stand; of a frame its parts. */
function validators(): Map<string, ValidateFunction> {
  const document = makeAsyncapi(true) as { channels: { live: { messages: Record<string, { payload: object }> } } };
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat("binary", true);
  ajv.addSchema(document, "asyncapi");
  const keys = Object.keys(document.channels.live.messages);
  const refs = keys.map((key) => [key, `asyncapi#/channels/live/messages/${key}/payload`] as const);
  const named = ["CityEvent", "EventCellRow"].map((name) => [name, `asyncapi#/components/schemas/${name}`] as const);
  return new Map([...refs, ...named].map(([key, $ref]) => [key, ajv.compile({ $ref })]));
}

describe("a client of /api/asyncapi.json", () => {
  let module: Module;
  let client: Client;
  const READING = "reading/lianyungang/all/cloud-cpu";
  const TOPICS = [READING, "events/lianyungang", "positions/lianyungang/vehicles"];
  const frames = (): Frame[] => client.got("f").map((bytes) => module.readFrame(new Uint8Array(bytes as ArrayBuffer)));
  const post = (kind: string, items: object[]): Promise<Response> =>
    fetch(`${url}/api/v1/${kind}`, {
      method: "POST",
      body: JSON.stringify({ [kind]: items }),
      headers: { authorization: `Bearer ${token}` },
    });

  beforeAll(async () => {
    module = (await import(NAMES.asyncapi)) as Module;
    client = new module.LiveClient(url);
    await vi.waitFor(() => expect(client.got("hello").length).toBe(1), { timeout: 10_000 });
  }, 30_000);
  afterAll(() => client.close());

  it("subscribes and reads frames by the layout that the document tells", async () => {
    const snapshot = await client.subscribe({ topics: TOPICS.map((topic) => ({ topic, spans: [900] })) });
    const at = new Date().toISOString();
    await post("readings", [
      { city: "lianyungang", metric: "cloud-cpu", at, value: 41.5 },
      { city: "lianyungang", metric: "cloud-cpu", at, value: 42.125, quality: "uncertain" },
    ]);
    const event = { id: "s-1", city: "lianyungang", kind: "noise", title: "噪声", severity: 3, source: "test", at };
    await post("events", [{ ...event, stage: "上报", stages: ["上报", "办结"] }]);
    await post("positions", [{ city: "lianyungang", layer: "vehicles", id: "bus-1", at, lon: 119.25, lat: 34.5 }]);
    await vi.waitFor(() => {
      const seen = frames();
      expect(seen.flatMap(({ readings }) => readings).at(-1)).toEqual({
        topic: snapshot.order.indexOf(READING),
        at: Date.parse(at),
        value: 42.125,
      });
      expect(seen.flatMap(({ events }) => events)).toEqual([
        [[expect.objectContaining({ id: "s-1", at: Date.parse(at) })], [["", "all", "noise", "上报", 3, 1]]],
      ]);
      expect(seen.flatMap(({ positions }) => positions)).toEqual([
        { names: [[0, "bus-1", ""]], rows: [[0, 119.25, 34.5]] },
      ]);
    });
    const own = frames().filter(({ set }) => set === snapshot.set);
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_, i) => snapshot.seq + 1 + i));
  });

  it("is refused what it may not ask, and hears of a screen that changes", async () => {
    const spans = Array.from({ length: 9 }, () => 1);
    expect(await client.subscribe({ topics: [{ topic: READING, spans }] })).toEqual({ error: "topics: unreadable" });
    expect(await client.watch("lianyungang", "nowhere")).toBeNull();
    const file = path.join(folder, "cities/lianyungang/screens/overview.json");
    const layout = JSON.parse(await readFile(file, "utf8")) as object;
    expect(await client.watch("lianyungang", "overview")).toMatchObject({ error: null });
    await writeFile(file, JSON.stringify({ ...layout, title: { zh: "新", en: "New" } }));
    await vi.waitFor(() => expect(client.got("screen").length).toBe(1), { timeout: 10_000 });
  });

  it("gets a snapshot and what it missed once its connection takes data again", async () => {
    await client.subscribe({ topics: TOPICS.map((topic) => ({ topic, spans: [] })) });
    const { members } = gateway.outbox as unknown as { members: Map<{ congested: () => boolean }, object> };
    const [sink] = members.keys();
    if (!sink) throw new Error("nobody is connected");
    const free = sink.congested;
    let held = 0;
    sink.congested = () => ++held > 0;
    await vi.waitFor(() => expect(held).toBeGreaterThan(0), { timeout: 5_000 });
    sink.congested = free;
    await vi.waitFor(() => expect(client.got("lag")).toEqual([{ skippedFrames: held }]), { timeout: 5_000 });
    expect(client.got("snapshot").length).toBe(1);
  });

  it("is told why it is cut when it sends too much, and may come back", async () => {
    client.shout(300);
    await vi.waitFor(() => expect(client.got("issue").length).toBe(1), { timeout: 10_000 });
    await vi.waitFor(() => expect(client.got("hello").length).toBe(2), { timeout: 10_000 });
  });

  it("is told when the clock of the gateway was set, and by how much", async () => {
    ahead = 60_000;
    await vi.waitFor(() => expect(client.got("clock")).toMatchObject([{ by: expect.closeTo(60_000, -3) as number }]), {
      timeout: 10_000,
    });
  });

  it("got and sent nothing but what the document says", async () => {
    await vi.waitFor(() => expect(client.got("store").length).toBeGreaterThan(0), { timeout: 10_000 });
    const checks = validators();
    expect([...new Set(client.messages.map(({ key }) => key))].sort()).toEqual(
      // What only a display is told is heard by one, in lib/gateway/displays.test.ts.
      [...checks.keys()].filter((key) => /^[a-z]/.test(key) && key !== "display").sort(),
    );
    const refused = client.messages
      // The one that was meant to be refused.
      .filter(({ key, payload }) => key !== "f" && !JSON.stringify(payload).includes('"spans":[1,1,1,1,1,1,1,1,1]'))
      .flatMap(({ key, payload }) => {
        const validate = checks.get(key);
        return validate?.(payload) ? [] : [{ key, errors: validate?.errors }];
      });
    expect(refused).toEqual([]);
    const told = frames().flatMap(({ events }) => events as [object[], object[]][]);
    expect(told.length).toBeGreaterThan(0);
    for (const [events, cells] of told) {
      for (const event of events) expect(checks.get("CityEvent")?.(event)).toBe(true);
      for (const cell of cells) expect(checks.get("EventCellRow")?.(cell)).toBe(true);
    }
  });
});
