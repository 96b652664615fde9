import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Catalogue } from "../cities/catalogue";
import { heldHere, type AnswerColumns } from "../contract/columns";
import { EVERYWHERE, type Principal } from "../contract/rights";
import { makeApi, type ApiParts } from "./api";
import { fileHere } from "./export-files";
import { HttpError } from "./http";
import { OpenAnswers } from "./open-answers";
import { NOBODY } from "./principals";
import { makeStats } from "./stats";
import type { HistoryAsk } from "./store-ask";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const CITY = "lianyungang";
const TOPIC = `reading/${CITY}/all/cases-today`;
const ADA: Principal = { kind: "account", id: "1", name: "ada", role: "analyst", scopes: EVERYWHERE, session: "s" };

let server: Server;
let base = "";
let who: Principal | Error = ADA;
/** says that who may do what has changed */
let change = (): void => {};
/** lets the store answer */
let answer = (): void => {};
/** told when the store was asked */
let asked = (): void => {};
let called: string[] = [];

const AT = Array.from({ length: 200_000 }, (_, i) => NOW - (200_000 - i) * 1_000);
const store = {
  hold: () => {
    const found = {
      series: [{ topic: TOPIC, at: AT, values: { last: AT }, quality: AT.map(() => 0) }],
      completeUntil: NOW,
      provisionalFrom: null,
    };
    return Promise.resolve({ ...heldHere(found as unknown as AnswerColumns), release: () => {} });
  },
  call: (method: string) => {
    called.push(method);
    asked();
    return new Promise((resolve) => {
      answer = () =>
        resolve(method === "annotate" ? undefined : { events: [], total: 0, cut: false, completeUntil: NOW });
    });
  },
} as unknown as HistoryAsk;

beforeAll(async () => {
  const catalogue = new Catalogue(path.resolve(import.meta.dirname, "../../cities"), () => []);
  await catalogue.look();
  const identify = () => (who instanceof Error ? Promise.reject(who) : Promise.resolve(who));
  const principals = { of: identify, onChange: (listener: () => void) => (change = listener) };
  const answers = new OpenAnswers(principals);
  const parts = {
    ...{ history: store, hub: { event: () => undefined }, catalogue, now: () => NOW, stats: makeStats() },
    ...{ makeFile: fileHere, identify, refusals: null, held: answers.hold.bind(answers) },
    control: { call: () => Promise.resolve() },
  };
  const api = makeApi(parts as unknown as ApiParts);
  server = createServer(api.handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  [who, called] = [ADA, []];
});

/** Asks something of which the store gives no answer before it is let; resolves once it was asked. */
async function waiting(where: string, init?: RequestInit): Promise<{ told: Promise<number | "cut"> }> {
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const told = fetch(`${base}${where}`, init).then(
    ({ status }) => status,
    () => "cut" as const,
  );
  await isAsked;
  return { told };
}
const events = () => waiting(`/history/events/${CITY}?from=now-1h`);

describe("an answer that is still to come", () => {
  it.each([
    ["is signed out", NOBODY],
    ["has another role", { ...ADA, role: "viewer" }],
    ["has another place", { ...ADA, scopes: [{ city: CITY, districts: ["320706"] }] }],
    ["cannot be looked at", new HttpError(503, "control-away", "away")],
  ] as [string, Principal | Error][])("is not given to who %s meanwhile", async (_what, becomes) => {
    const { told } = await events();
    who = becomes;
    change();
    expect(await told).toBe("cut");
  });

  it("is given to who is the same though something changed", async () => {
    const { told } = await events();
    who = { ...ADA };
    change();
    await new Promise((resolve) => setImmediate(resolve));
    answer();
    expect(await told).toBe(200);
  });

  it("of what was changed is given: it is done", async () => {
    const body = JSON.stringify({ from: NOW - 1_000, text: "停电" });
    const { told } = await waiting(`/annotations/${CITY}`, { method: "POST", body });
    who = NOBODY;
    change();
    await new Promise((resolve) => setImmediate(resolve));
    answer();
    expect(await told).toBe(201);
    expect(called).toEqual(["annotate"]);
  });
});

describe("a file that is being sent", () => {
  it("ends where it is when its reader may not have it any more", async () => {
    const from = new Date(NOW - 3 * 86_400_000).toISOString();
    const file = await fetch(`${base}/history?topic=${TOPIC}&from=${from}&format=csv`);
    expect(file.status).toBe(200);
    const reader = (file.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    who = NOBODY;
    change();
    const rest = async (): Promise<void> => {
      while (!(await reader.read()).done);
    };
    await expect(rest()).rejects.toThrow();
  });

  it("is whole where nothing of his changed", async () => {
    const from = new Date(NOW - 3 * 86_400_000).toISOString();
    const file = await fetch(`${base}/history?topic=${TOPIC}&from=${from}&format=csv`);
    change();
    expect((await file.text()).trimEnd().split("\n")).toHaveLength(AT.length + 1);
  });
});
