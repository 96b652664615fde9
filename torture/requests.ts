/** Requests made by chance from the contract: some right, most wrong in one place or another. */
import { ROUTES } from "../lib/contract/api";
import { LIMITS } from "../lib/contract/api/limits";
import type { RouteSchema } from "../lib/contract/api/route";
import { schemaOf, schemasFor } from "../lib/gateway/openapi";
import type { Chance } from "./chance";
import { fitting, garbled, spoilt, type Json, type Known } from "./values";

/** One request over HTTP. */
export interface HttpInput {
  method: string;
  /** as it stands on the first line, whether or not it may */
  target: string;
  headers: Record<string, string>;
  body: Buffer | null;
  /** to be written byte by byte to a socket, as no client library would send it */
  raw: boolean;
}

const routes = Object.values(ROUTES) as RouteSchema[];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "M-SEARCH"];
const TARGETS = [
  "//",
  "///etc/passwd",
  "/%ff",
  "/wall/lianyungang/%ff",
  "/api/v1/cities/%2e%2e/%2e%2e",
  "/_next/static/../../../../etc/passwd",
  "/_next/static/%2e%2e/%2e%2e/package.json",
  "/fonts/..%2f..%2fpackage.json",
  "/api/v1/history?topic",
  `/${"a".repeat(9_000)}`,
  `/?${"a=b&".repeat(3_000)}`,
  "*",
  "http://evil.example/api/v1/cities",
  "/api/v1/events/../readings",
  "/healthz?x=%00",
  "/live/?EIO=4&transport=polling",
  "/live/?EIO=3&transport=websocket",
];
/** Parts of an answer, few of which there are. */
const RANGES = [
  "bytes=0-99",
  "bytes=-1",
  "bytes=99-1",
  "bytes=0-,5-9",
  "bytes=9999999999999999-",
  "lines=0",
  "x".repeat(500),
];
const TYPES = [
  "application/json",
  "application/x-ndjson",
  "text/plain",
  "application/json; charset=utf-16",
  "",
  "multipart/form-data",
];

interface Prepared {
  route: RouteSchema;
  params: [string, Json][];
  query: [string, Json][];
  body: Json | null;
  all: Record<string, Json>;
}

function members(schema: RouteSchema["query"]): [string, Json][] {
  return schema ? Object.entries((schemaOf(schema, "input").properties ?? {}) as Record<string, Json>) : [];
}

const prepared: Prepared[] = routes.map((route) => {
  const asked = route.body ?? route.batch?.body ?? route.item;
  const body = asked ? schemaOf(asked, "input") : null;
  const parts = { params: members(route.params), query: members(route.query), body };
  return { route, ...parts, all: schemasFor(parts, {}) };
});

function encoded(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
}

function targetOf({ route, params, query, all }: Prepared, chance: Chance, known: Known, spoil: boolean): string {
  let path = route.path;
  for (const [name, schema] of params) {
    const value = fitting(schema, all, chance, known, name);
    path = path.replace(`{${name}}`, encoded(spoil && chance.often(0.3) ? spoilt(value, chance) : value));
  }
  const asked = query
    .filter(() => chance.often(0.6))
    .flatMap(([name, schema]) => {
      const value = fitting(schema, all, chance, known, name);
      const wrong = spoil && chance.often(0.4) ? spoilt(value, chance) : value;
      return (Array.isArray(wrong) ? wrong.slice(0, 200) : [wrong]).map((one) => `${name}=${encoded(one)}`);
    });
  return asked.length > 0 ? `${path}?${asked.join("&")}` : path;
}

function bodyOf({ route, body, all }: Prepared, chance: Chance, known: Known, spoil: boolean) {
  if (!body) return { type: "", bytes: null };
  const value = fitting(body, all, chance, known);
  const sent = spoil && chance.often(0.7) ? spoilt(value, chance) : value;
  const key = route.batch?.key;
  const items = key === undefined ? null : (sent as Json | null)?.[key];
  const lines = Array.isArray(items) && chance.often(0.3);
  const text = lines ? items.map((item) => JSON.stringify(item)).join("\n") : (JSON.stringify(sent) ?? "");
  const bytes = Buffer.from(text);
  return {
    type: lines ? "application/x-ndjson" : "application/json",
    bytes: spoil && chance.often(0.15) ? garbled(bytes, chance) : bytes,
  };
}

/** Where its body is said to be of another size than it is, so that the connection is left in the middle of it. */
function misframed(headers: Record<string, string>, body: Buffer | null, chance: Chance): void {
  const length = body?.length ?? 0;
  const lies: Record<string, string>[] = [
    { "content-length": String(length + chance.int(1, 1_000)) },
    { "content-length": "-1" },
    { "content-length": String(LIMITS.body * 4) },
    { "content-length": String(length), "transfer-encoding": "chunked" },
    { "transfer-encoding": "gzip, chunked" },
    { host: "" },
    { host: "evil.example" },
    { upgrade: "websocket", connection: "upgrade" },
    { upgrade: "h2c", connection: "Upgrade, HTTP2-Settings" },
    { expect: "100-continue" },
    { expect: "the unexpected" },
  ];
  Object.assign(headers, chance.of(lies));
}

/** One request by chance. @param token a publisher's, given to two of three that want one */
export function makeRequest(chance: Chance, known: Known, token: string): HttpInput {
  const one = chance.of(prepared);
  const spoil = chance.often(0.75);
  const { type, bytes } = bodyOf(one, chance, known, spoil);
  const headers: Record<string, string> = { ...(type ? { "content-type": type } : {}) };
  if (one.route.rule === "token" && chance.often(0.7)) headers.authorization = `Bearer ${token}`;
  else if (chance.often(0.05)) headers.authorization = `Bearer ${"x".repeat(chance.int(0, 4_000))}`;
  let [method, target, raw] = [one.route.method.toUpperCase(), targetOf(one, chance, known, spoil), false];
  if (spoil && chance.often(0.06)) method = chance.of(METHODS);
  if (spoil && chance.often(0.06)) target = chance.of(TARGETS);
  if (spoil && chance.often(0.06)) headers["content-type"] = chance.of(TYPES);
  if (spoil && chance.often(0.05)) headers.origin = "http://evil.example";
  if (spoil && chance.often(0.05))
    headers.accept = chance.of(["text/csv", "application/vnd.apache.arrow.stream", "*/*;q=0", "x".repeat(2_000)]);
  if (spoil && chance.often(0.05)) headers.range = chance.of(RANGES);
  if (spoil && chance.often(0.02)) {
    raw = true;
    if (chance.often(0.5)) misframed(headers, bytes, chance);
  }
  return { method, target, headers, body: method === "GET" || method === "HEAD" ? null : bytes, raw };
}
