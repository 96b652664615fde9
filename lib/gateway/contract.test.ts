import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import os from "node:os";
import path from "node:path";
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import { LIMITS } from "../contract/api/limits";
import type { Problem } from "../contract/api/problem";
import * as parser from "../contract/parser";
import { checkedFetch } from "./checked-fetch";
import { openGateway, type Gateway } from "./server";

const CITIES = path.resolve(import.meta.dirname, "../../cities");
const TOPIC = "reading/lianyungang/all/cases-today";
let data: string;
let gateway: Gateway;
let base: string;

beforeAll(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-contract-"));
  const options = { host: "127.0.0.1", port: 0, data, cities: CITIES, pagesPort: null, checkTile, build: "test" };
  gateway = await openGateway({ ...options, tick: 10 });
  base = `http://127.0.0.1:${gateway.port}`;
});
afterAll(async () => {
  await gateway.close();
  await rm(data, { recursive: true, force: true });
});

async function problem(where: string, init?: RequestInit): Promise<Problem> {
  const response = await checkedFetch(`${base}${where}`, init);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return (await response.json()) as Problem;
}

describe("a refusal", () => {
  it("is problem details that name the field, and is readable for programs that know only the earlier form", async () => {
    expect(await problem(`/api/v1/history?topic=${TOPIC}&from=yesterday&step=7h`)).toEqual({
      type: "urn:citywall:problem:bad-parameter",
      title: "A parameter is wrong",
      status: 400,
      detail: 'from: "yesterday" is not an RFC 3339 time with a zone, nor now-6h',
      code: "bad-parameter",
      field: "from",
      errors: [
        { field: "from", detail: '"yesterday" is not an RFC 3339 time with a zone, nor now-6h' },
        { field: "step", detail: "must divide a day, or be whole days" },
      ],
      error: {
        code: "bad-parameter",
        message: 'from: "yesterday" is not an RFC 3339 time with a zone, nor now-6h',
      },
    });
  });

  it("names the member of a body, however deep", async () => {
    const topics = [{ topic: TOPIC, spans: [] }, { topic: TOPIC, spans: [900, -1] }, {}];
    const refused = await problem("/api/v1/history/snapshot", {
      method: "POST",
      body: JSON.stringify({ at: -1, topics }),
    });
    expect(refused.errors?.map(({ field }) => field)).toEqual(["topics[1].spans[1]", "topics[2].topic", "at"]);
    const many = Array.from({ length: LIMITS.values.topics + 1 }, () => TOPIC);
    const values = await problem("/api/v1/history/values", {
      method: "POST",
      body: JSON.stringify({ topics: many, at: [1] }),
    });
    expect([values.field, values.detail]).toEqual(["topics", "topics: must be a list of 1 to 2000"]);
  });

  it.each([
    ["no topic", "/api/v1/snapshot", undefined, 400, "missing", "topic"],
    ["an unknown topic", "/api/v1/snapshot?topic=x", undefined, 404, "unknown-topic", "topic"],
    ["too many topics", `/api/v1/snapshot?${"topic=x&".repeat(501)}`, undefined, 400, "too-many", "topic"],
    [
      "an address that is none",
      "/api/v1/events/%ff/transitions",
      { method: "POST", body: "{}" },
      400,
      "unreadable",
      undefined,
    ],
    ["a list for a body", "/api/v1/history/changes", { method: "POST", body: "[]" }, 400, "unreadable", undefined],
    ["a past that is not kept", `/api/v1/history?topic=${TOPIC}&from=now-1h`, undefined, 503, "no-history", undefined],
    ["another method", "/api/v1/annotations/lianyungang", { method: "PUT" }, 405, "wrong-method", undefined],
  ] as [string, string, RequestInit | undefined, number, string, string | undefined][])(
    "of %s says what it is",
    async (_name, where, init, status, code, field) => {
      const refused = await problem(where, init);
      expect([refused.status, refused.code, refused.field]).toEqual([status, code, field]);
    },
  );

  it("of another method names those that the path takes", async () => {
    const response = await checkedFetch(`${base}/api/v1/annotations/lianyungang`, { method: "PUT" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, POST"]);
  });

  it("of a host that is none is problem details as well", async () => {
    const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const options = { port: gateway.port, host: "127.0.0.1", path: "/api/v1/cities", headers: { host: "a b" } };
      const asked = httpRequest(options, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => (body += text));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      });
      asked.on("error", reject).end();
    });
    expect([answer.status, (JSON.parse(answer.body) as Problem).code]).toEqual([400, "unreadable"]);
  });
});

describe("the routes", () => {
  it("answer HEAD as GET, without a body", async () => {
    const response = await checkedFetch(`${base}/api/v1/cities/lianyungang`, { method: "HEAD" });
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      200,
      "application/json; charset=utf-8",
      "",
    ]);
  });

  it("keep outlines under the earlier path, and tell who has them that they are the same", async () => {
    const outlined = gateway.catalogue
      .cities()
      .find(({ id }) => (gateway.catalogue.city(id)?.subdivisions.size ?? 0) > 0);
    const [adcode] = gateway.catalogue.city(outlined?.id ?? "")?.subdivisions.keys() ?? [];
    const [now, before] = await Promise.all(
      ["subdivisions", "parts"].map((word) =>
        checkedFetch(`${base}/api/v1/cities/${outlined?.id}/${word}/${adcode}.geojson`),
      ),
    );
    expect([now?.status, await now?.text()]).toEqual([200, await before?.text()]);
    const headers = { "if-none-match": now?.headers.get("etag") ?? "" };
    const again = await checkedFetch(now?.url ?? "", { headers });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await checkedFetch(`${base}/api/v1/cities/${outlined?.id}/subdivisions/none.geojson`)).status).toBe(404);
  });

  it("have no pages behind them where none are served", async () => {
    const response = await fetch(`${base}/wall/lianyungang/overview`);
    expect([response.status, ((await response.json()) as Problem).code]).toEqual([404, "unknown-path"]);
  });
});

describe("the socket", () => {
  let socket: Socket;
  beforeAll(() => {
    socket = io(base, { path: "/live", transports: ["websocket"], parser, forceNew: true });
  });
  afterAll(() => socket.close());

  it("answers a screen's name that is none, instead of leaving the asker to wait", async () => {
    expect(await socket.emitWithAck("watch-screen", "lianyungang", "nowhere")).toBeNull();
    expect(await socket.emitWithAck("watch-screen", {}, 5)).toBeNull();
    expect(await socket.emitWithAck("watch-screen", "lianyungang", "overview")).toMatchObject({ screen: "overview" });
  });
});
