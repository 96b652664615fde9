import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Catalogue } from "../cities/catalogue";
import type { Annotation } from "../contract/history";
import { heldHere, type AnswerColumns } from "../contract/columns";
import type { Principal } from "../contract/rights";
import type { Deed } from "../control/audit";
import { ControlAway } from "../control/refusal";
import { EVERYWHERE } from "../contract/rights";
import { makeApi, type ApiParts } from "./api";
import { fileHere } from "./export-files";
import { makeStats } from "./stats";
import type { HistoryAsk } from "./store-ask";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const TOPIC = "reading/lianyungang/all/cases-today";
const ADA: Principal = { kind: "account", id: "1", name: "ada", role: "analyst", scopes: EVERYWHERE, session: "s" };

/** every metric of the city */
let metrics: string[] = [];
let server: Server;
let base = "";
let isAway = false;
/** what was written into the audit log and asked of the store, in the order it was */
let happened: string[] = [];
let deeds: Deed[] = [];
let note: Annotation | null = null;
/** what changed, as the store tells it */
let changes = {};

const store = {
  hold: () => {
    happened.push("query");
    const answer = {
      series: [{ topic: TOPIC, at: [NOW - 60_000], values: { last: [1] }, quality: [0] }],
      completeUntil: NOW,
      provisionalFrom: null,
    };
    return Promise.resolve({ ...heldHere(answer as unknown as AnswerColumns), release: () => {} });
  },
  call: (method: string, params: never) => {
    happened.push(method);
    if (method === "past") return Promise.resolve({ topics: {}, refused: [], completeUntil: NOW });
    if (method === "changes") return Promise.resolve(changes);
    if (method === "annotate") note = params;
    if (method === "annotation") return Promise.resolve(note);
    return Promise.resolve(method === "unannotate");
  },
} as unknown as HistoryAsk;

beforeAll(async () => {
  const catalogue = new Catalogue(path.resolve(import.meta.dirname, "../../cities"), () => []);
  await catalogue.look();
  metrics = (catalogue.city("lianyungang")?.facts.metrics ?? []).map(({ id }) => `reading/lianyungang/all/${id}`);
  const parts = {
    history: store,
    hub: { event: () => undefined },
    catalogue,
    now: () => NOW,
    stats: makeStats(),
    makeFile: fileHere,
    identify: () => ADA,
    refusals: null,
    control: {
      call: (method: string, deed: Deed) => {
        if (isAway) return Promise.reject(new ControlAway("away"));
        happened.push(method);
        deeds.push(deed);
        return Promise.resolve();
      },
    },
  };
  const api = makeApi(parts as unknown as ApiParts);
  server = createServer(api.handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
});
afterAll(() => server.close());
beforeEach(() => {
  [happened, deeds, isAway] = [[], [], false];
});

const history = (query: string): Promise<Response> => fetch(`${base}/history?topic=${TOPIC}&${query}`);

describe("what is taken out", () => {
  it.each(["csv", "arrow", "xlsx"])(
    "as a file (%s) is audited before it is asked for: who, what and of when",
    async (format) => {
      const answer = await history(`from=2026-11-20T08:00:00Z&format=${format}`);
      await answer.arrayBuffer();
      expect([answer.status, happened]).toEqual([200, ["auditAppend", "query"]]);
      const detail = {
        format,
        topics: TOPIC,
        from: "2026-11-20T08:00:00.000Z",
        to: new Date(NOW).toISOString(),
        step: "raw",
      };
      expect(deeds).toEqual([
        { who: "account ada", address: "127.0.0.1", action: "export", object: "history lianyungang", detail },
      ]);
    },
  );

  it("as very much JSON is audited as well, and what a page asks for is not", async () => {
    await (await history("from=now-1h")).arrayBuffer();
    expect(deeds).toEqual([]);
    await (await history("from=now-90d&step=60&agg=avg")).arrayBuffer();
    expect(deeds).toMatchObject([{ action: "export", detail: { format: "json", step: "1m" } }]);
  });

  it("as very much of a past state, or of what changed, is audited as well, and what a wall asks for is not", async () => {
    const post = (where: string, body: object): Promise<Response> =>
      fetch(`${base}/history/${where}`, { method: "POST", body: JSON.stringify(body) });
    const charts = (count: number) =>
      post("snapshot", {
        at: NOW,
        topics: metrics.slice(0, count).map((topic) => ({ topic, spans: [900, 86_400, 691_200] })),
      });
    const range = { from: NOW - 60_000, to: NOW, topics: [TOPIC] };
    const changed = (rows: number) => {
      const many = Array.from({ length: rows }, () => 0);
      const positions = { topic: [], when: [], thing: [], lon: [], lat: [], heading: [], speed: [] };
      changes = {
        ...{ topics: [TOPIC], positions, things: {}, events: [], cut: false, completeUntil: NOW },
        readings: { topic: many, when: many, at: many, value: many },
      };
      return post("changes", range);
    };
    expect([(await charts(1)).status, (await changed(50_000)).status, deeds]).toEqual([200, 200, []]);
    happened = [];
    expect([(await charts(metrics.length)).status, (await changed(50_001)).status]).toEqual([200, 200]);
    expect(happened).toEqual(["auditAppend", "past", "changes", "auditAppend"]);
    const object = "history lianyungang";
    const [from, to] = [new Date(range.from).toISOString(), new Date(NOW).toISOString()];
    expect(deeds).toMatchObject([
      { who: "account ada", action: "export", object, detail: { format: "json", at: to, more: metrics.length - 20 } },
      { who: "account ada", action: "export", object, detail: { format: "json", topics: TOPIC, from, to } },
    ]);
    isAway = true;
    expect([(await charts(metrics.length)).status, (await changed(50_001)).status]).toEqual([503, 503]);
  });

  it("is not given out where it cannot be audited", async () => {
    isAway = true;
    const answer = await history("from=now-1h&format=csv");
    expect([answer.status, ((await answer.json()) as { code: string }).code, happened]).toEqual([
      503,
      "control-away",
      [],
    ]);
  });
});

describe("a note", () => {
  const write = (): Promise<Response> =>
    fetch(`${base}/annotations/lianyungang`, {
      method: "POST",
      body: JSON.stringify({ from: NOW - 1_000, text: "停电" }),
    });

  it("carries who wrote it; that it was written and deleted is in the audit log, its words are not", async () => {
    const made = (await (await write()).json()) as Annotation;
    expect(made.by).toBe("account ada");
    expect(happened).toEqual(["auditAppend", "annotate"]);
    const gone = await fetch(`${base}/annotations/lianyungang/${made.id}`, { method: "DELETE" });
    expect(gone.status).toBe(200);
    expect(happened.slice(2)).toEqual(["annotation", "auditAppend", "unannotate"]);
    const object = `note lianyungang ${made.id}`;
    expect(deeds).toMatchObject([
      { who: "account ada", action: "note.create", object, detail: { district: "all", metric: "*" } },
      { who: "account ada", action: "note.delete", object, detail: { by: "account ada" } },
    ]);
    expect(JSON.stringify(deeds)).not.toContain("停电");
  });

  it("is neither written nor deleted where that cannot be audited", async () => {
    await write();
    isAway = true;
    happened = [];
    expect((await write()).status).toBe(503);
    expect((await fetch(`${base}/annotations/lianyungang/${note?.id}`, { method: "DELETE" })).status).toBe(503);
    expect(happened).toEqual(["annotation"]);
  });
});
