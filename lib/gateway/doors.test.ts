import { mkdir, readdir, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import { LIMITS } from "../contract/api/limits";
import type { Problem } from "../contract/api/problem";
import * as parser from "../contract/parser";
import { SECURE_HEADERS } from "./secure-headers";
import type { Gateway } from "./server";
import { makeSite, standForPages, type TestSite } from "./test-site";

const PAGE_POLICY = "default-src 'self'; script-src 'nonce-x'";
let site: TestSite;
let gateway: Gateway;
/** stands for Next: answers with what it was asked, byte for byte as it came */
let pages: Awaited<ReturnType<typeof standForPages>>;
/** requests the pages' server has seen, by method and address */
let seen: string[];
let lastHeaders: string[];

beforeAll(async () => {
  site = await makeSite(checkTile);
  const { folder } = site;
  await mkdir(path.join(folder, "root/public/fonts"), { recursive: true });
  await writeFile(path.join(folder, "root/public/fonts/a.css"), "a {}");
  await writeFile(path.join(folder, "root/public/fonts/worker.mjs"), "");
  for (const name of [".sheets.json", ".sheets.json.gz"])
    await writeFile(path.join(folder, "root/public/fonts", name), '{"lianyungang":"core-0.css"}');
  seen = [];
  pages = await standForPages((request, response) => {
    // What is passed on says for whom; the gateway's own watch does not.
    if (request.headers["x-forwarded-for"]) {
      seen.push(`${request.method} ${request.url}`);
      lastHeaders = request.rawHeaders.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text));
    }
    if (request.url?.startsWith("/plain")) response.end("plain");
    else if (request.url === "/gone") response.destroy();
    else
      response
        .writeHead(200, {
          "content-security-policy": PAGE_POLICY,
          connection: "keep-alive, x-between",
          "x-between": "1",
          "keep-alive": "timeout=3",
          "content-type": "text/html",
        })
        .end(`page ${request.url}</html>`);
  });
  gateway = await site.open({
    pagesPort: pages.port,
    files: path.join(folder, "root"),
    hosts: ["wall.example.org"],
  });
});
afterAll(async () => {
  await gateway.close();
  pages.close();
  await site.drop();
});

interface Answer {
  status: number;
  headers: Map<string, string>;
  body: string;
}

function answerOf(text: string): Answer {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(first.split(" ")[1]), headers: new Map(headers), body: rest.join("\r\n\r\n") };
}

/** Sends bytes as they are; resolves with all that comes until the gateway closes the connection. */
function raw(bytes: string, then?: (socket: Socket) => void): Promise<string> {
  return rawTo(gateway.port, bytes, then);
}

function rawTo(port: number, bytes: string, then?: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    socket.setEncoding("latin1").on("data", (part: string) => (text += part));
    socket.on("error", () => {}).once("close", () => resolve(text));
    then?.(socket);
  });
}

/** One request with the lines given, on a connection that ends with it. */
async function ask(first: string, lines: string[] = [], body = ""): Promise<Answer> {
  const host = lines.some((line) => /^host:/i.test(line)) ? [] : [`Host: 127.0.0.1:${gateway.port}`];
  return answerOf(await raw([`${first} HTTP/1.1`, ...host, ...lines, "Connection: close", "", body].join("\r\n")));
}

const code = ({ body }: Answer): string => (JSON.parse(body) as Problem).code;
const POST = ["Content-Type: application/json", "Content-Length: 2"];

describe("what is passed on to the pages", () => {
  it.each(["GET", "HEAD"])("is no %s with a body: nothing of it begins another request", async (method) => {
    const smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const length of [`Content-Length: ${smuggled.length}`, "Transfer-Encoding: chunked"]) {
      const text = await raw(`${method} /a HTTP/1.1\r\nHost: localhost\r\n${length}\r\n\r\n${smuggled}`);
      expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 400"]);
    }
    // Whoever comes next, on whichever connection to the pages, gets his own answer.
    const own = await Promise.all([1, 2, 3].map((i) => ask(`GET /own-${i}`)));
    expect(own.map(({ body }) => /page \/own-\d/.exec(body)?.[0])).toEqual([1, 2, 3].map((i) => `page /own-${i}`));
    expect(seen.filter((line) => line.includes("smuggled") || line.endsWith("/a"))).toEqual([]);
  });

  it("is never more than one request, whatever length and coding it claims to have", async () => {
    const claims = fc.record({
      method: fc.constantFrom("GET", "HEAD", "POST", "OPTIONS", "DELETE", "get"),
      length: fc.constantFrom(null, "0", "5", "+5", "5, 5", "-1", "0x5", "44", "9999"),
      coding: fc.constantFrom(null, "chunked", "Chunked", "identity", "gzip, chunked", "chunked, chunked", "xchunked"),
      space: fc.constantFrom("", " ", "\t"),
    });
    await fc.assert(
      fc.asyncProperty(claims, async ({ method, length, coding, space }) => {
        const lines = [
          ...(length === null ? [] : [`Content-Length${space}: ${length}`]),
          ...(coding === null ? [] : [`Transfer-Encoding:${space}${coding}`]),
        ];
        const inner = `0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
        const before = seen.length;
        const outer = `${method} /outer HTTP/1.1\r\nHost: localhost\r\n${lines.join("\r\n")}${lines.length ? "\r\n" : ""}\r\n`;
        const text = await raw(outer + inner, (socket) => void socket.end());
        const answers = text.match(/HTTP\/1\.1 \d+/g) ?? [];
        // Where it was answered as a request without a body, what follows is the client's own next request.
        const served = seen.slice(before).length;
        expect(answers.filter((line) => line === "HTTP/1.1 200").length).toBe(served);
        expect(answers.filter((line) => line >= "HTTP/1.1 500")).toEqual([]);
      }),
      { numRuns: 150 },
    );
    // The pages' server was asked what it was asked by this gateway, and never held on to half a request.
    expect((await ask("GET /after")).body).toContain("page /after");
  });

  it("holds nothing that was meant for the gateway alone, nor does the answer", async () => {
    const lines = ["Connection: x-secret", "x-secret: 1", "Keep-Alive: 5", "TE: trailers", "Proxy-Authorization: x"];
    const answer = await ask("GET /hops", [...lines, "x-middleware-subrequest: a"]);
    expect(answer.status).toBe(200);
    for (const name of ["x-secret", "te", "proxy-authorization", "x-middleware-subrequest"])
      expect(lastHeaders).not.toContain(name);
    expect(lastHeaders[lastHeaders.indexOf("x-forwarded-for") + 1]).toBe("127.0.0.1");
    expect([answer.headers.get("x-between"), answer.headers.get("connection")]).toEqual([undefined, "close"]);
  });

  it("is refused where a proxy hands it on and nobody signs in: everybody would look like this machine", async () => {
    for (const line of [
      "X-Forwarded-For: 10.0.0.9",
      "X-Forwarded-Host: wall",
      "Forwarded: for=10.0.0.9",
      "Via: 1.1 proxy",
    ])
      for (const path of ["/page", "/api/v1/cities", "/api/v1/me"]) {
        const answer = await ask(`GET ${path}`, [line]);
        expect([path, answer.status, answer.body]).toEqual([
          path,
          403,
          expect.stringContaining("CITYWALL_TRUSTED_PROXIES"),
        ]);
      }
  });

  it("is only read: another method is told so", async () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const answer = await ask(`${method} /wall/lianyungang/overview`, ["Content-Length: 0"]);
      expect([method, answer.status, answer.headers.get("allow")]).toEqual([method, 405, "GET, HEAD"]);
    }
  });
});

describe("a request for another protocol", () => {
  const descriptors = async (): Promise<number> => (await readdir("/proc/self/fd")).length;
  const upgrade = (where: string, lines: string[] = []): Promise<Answer> => {
    const usual = [
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Version: 13",
    ];
    const names = lines.map((line) => line.split(":", 1)[0]);
    return ask(`GET ${where}`, [...usual.filter((line) => !names.includes(line.split(":", 1)[0])), ...lines]);
  };

  it("that is not the live socket's is answered and its connection ended", async () => {
    const before = await descriptors();
    for (let round = 0; round < 10; round++)
      await Promise.all(
        ["/", "/_next/webpack-hmr", "/_next/static/x", "/api/v1/cities", "/live", "/lives/", "//", "/live/?sid=x"].map(
          async (where) => {
            const answer = await upgrade(where);
            expect([where, answer.status >= 400 && answer.status < 500]).toEqual([where, true]);
            expect(answer.headers.get("content-type")).toBe("application/problem+json");
          },
        ),
      );
    // Also where its client never reads, or has gone already.
    const request = "GET /_next/x HTTP/1.1\r\nHost: localhost\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
    const deaf = Array.from({ length: 50 }, () => {
      const socket = connect(gateway.port, "127.0.0.1", () => socket.write(request)).on("error", () => {});
      return socket.pause();
    });
    for (let i = 0; i < 50; i++) connect(gateway.port, "127.0.0.1").end(request).destroySoon();
    // Its own ends are left of those that do not read, and a few connections to the pages.
    await expect.poll(descriptors, { timeout: 10_000 }).toBeLessThanOrEqual(before + 50 + 8);
    for (const socket of deaf) socket.destroy();
    expect((await ask("GET /readyz")).status).toBe(200);
  });

  it("to the live socket is refused under a foreign name, and from a page of another site", async () => {
    const where = "/live/?EIO=4&transport=websocket";
    expect((await upgrade(where, ["Host: evil.com"])).status).toBe(421);
    expect((await upgrade(where, ["Origin: http://evil.com"])).status).toBe(403);
    expect((await upgrade(where, ["Origin: null"])).status).toBe(403);
    const socket = io(`http://127.0.0.1:${gateway.port}`, { path: "/live", transports: ["websocket"], parser });
    await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
    socket.close();
  });

  it.each([
    ["/live/?EIO=4&transport=polling", []],
    ["/live/?EIO=3&transport=websocket", []],
    ["/live/?EIO=4&transport=websocket&sid=x", []],
    ["/live/?EIO=4&transport=websocket", ["Sec-WebSocket-Version: 12"]],
    ["/live/?EIO=4&transport=websocket", ["Upgrade: h2c"]],
    ["/live/?EIO=4&transport=websocket", ["Sec-WebSocket-Key: short"]],
  ] as [string, string[]][])("to the live socket that it does not speak is told so: %s %s", async (where, lines) => {
    const answer = await upgrade(where, lines);
    expect([answer.status, code(answer)]).toEqual([400, "no-upgrade"]);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("is no way to ask a page: the live socket's path tells what it takes", async () => {
    expect((await ask("GET /live/?EIO=4&transport=polling")).status).toBe(426);
  });
});

describe("the name a request asks for", () => {
  it.each([
    ["evil.com", 421],
    ["evil.com:3000", 421],
    ["localhost.evil.com", 421],
    ["127.0.0.1.evil.com", 421],
    ["10.9.8.7", 421],
    ["[fe80::1]", 421],
    ["a b", 400],
    ["localhost@evil.com", 400],
    ["localhost", 200],
    ["LOCALHOST:1", 200],
    ["127.0.0.1", 200],
    ["[::1]:3000", 200],
    ["wall.example.org", 200],
    [os.hostname(), 200],
    [`${os.hostname()}:3000`, 200],
  ])("%s is answered with %d", async (host, status) => {
    const answer = await ask("GET /healthz", [`Host: ${host}`]);
    expect(answer.status).toBe(status);
    if (status === 421) expect(code(answer)).toBe("unknown-host");
    if (status === 400) expect(code(answer)).toBe("unreadable");
  });

  it("keeps a page that is made to lead here from writing", async () => {
    const lines = [...POST, "Host: evil.com", "Origin: http://evil.com"];
    expect((await ask("POST /api/v1/annotations/lianyungang", lines, "{}")).status).toBe(421);
    const other = [...POST, "Origin: http://evil.com"];
    expect((await ask("POST /api/v1/annotations/lianyungang", other, "{}")).status).toBe(403);
    expect((await ask("GET /healthz", ["Host: localhost", "Host: evil.com"])).status).toBe(400);
  });
});

const ODD = [
  "GET //",
  "GET //evil.com/x",
  "GET /\\evil.com",
  "GET /wall/lianyungang/%ff",
  "GET /%",
  "GET /%00",
  "GET /_next/static/%2e%2e/%2e%2e/x",
  "GET /_next/static/",
  "GET /fonts/",
  "GET /fonts/a.css",
  "GET /fonts/none.css",
  "GET /plain",
  "GET /api/",
  "GET /api/v1/none",
  "GET /api/v1/cities",
  "GET /api/v1/cities/%ff",
  "GET http://localhost/healthz",
  "GET http://[/",
  "GET *",
  "OPTIONS *",
  "TRACE /",
  "TRACE /api/v1/cities",
  "CONNECT example.org:80",
  "PROPFIND /",
  "PURGE /",
  "M-SEARCH *",
  "BREW /pot",
  "PUT /api/v1/readings",
  "PATCH /healthz",
  "DELETE /api/v1/annotations/lianyungang/x",
  "POST /api/v1/annotations/lianyungang",
  "POST /api/v1/readings",
  "HEAD /",
  "GET /" + "a".repeat(20_000),
];

describe("a file that is the server's own", () => {
  it("is given to nobody, however it is asked for", async () => {
    for (const name of [".sheets.json", "%2esheets.json", ".sheets.json.gz", "./.sheets.json", ".SHEETS.json"]) {
      const answer = await ask(`GET /fonts/${name}`);
      expect([name, answer.body]).toEqual([name, expect.stringMatching(/^page |\r\npage /)]);
      expect(answer.body).not.toContain("lianyungang");
    }
  });
});

describe("every answer", () => {
  const cases = ODD.map((first) => [first.slice(0, 60), first] as const);
  it.each(cases)("to %s is no failure, and tells the browser what it may do with it", async (_name, first) => {
    const answer = await ask(first, first.startsWith("DELETE") ? ["Content-Length: 0"] : []);
    expect(answer.status).toBeGreaterThanOrEqual(200);
    if (answer.status >= 500) expect(code(answer)).toBe("no-history");
    for (const name of Object.keys(SECURE_HEADERS)) expect([name, answer.headers.has(name)]).toEqual([name, true]);
  });

  it("has the policy of who made it, where that is a page, and of files only what may be a worker loads anything", async () => {
    expect((await ask("GET /")).headers.get("content-security-policy")).toBe(PAGE_POLICY);
    expect((await ask("GET /fonts/worker.mjs")).headers.get("content-security-policy")).toContain("default-src 'self'");
    expect((await ask("GET /fonts/a.css")).headers.get("content-security-policy")).toContain("default-src 'none'");
    expect((await ask("GET /plain")).headers.get("content-security-policy")).toContain("default-src 'self'");
    expect((await ask("GET /healthz")).headers.get("content-security-policy")).toContain("default-src 'none'");
    // A page of few words of the gateway's own is put into no frame either.
    const waits = (await ask("GET /gone", ["Accept: text/html"])).headers.get("content-security-policy");
    for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"])
      expect(waits).toContain(part);
  });

  it("to bytes that are no request has it as well", async () => {
    for (const bytes of [
      "\r\n\r\n\r\nnonsense\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
      "\x16\x03\x01\x02",
    ]) {
      const answer = answerOf(await raw(bytes));
      expect([400, 505]).toContain(answer.status);
      for (const name of Object.keys(SECURE_HEADERS)) expect([name, answer.headers.has(name)]).toEqual([name, true]);
    }
    const long = `/${"a".repeat(20_000)}`;
    const [got, head] = [await ask(`GET ${long}`), await ask(`HEAD ${long}`)];
    expect([got.status, code(got), head.status, head.body]).toEqual([431, "too-large", 431, ""]);
    const expectation = await ask("GET /healthz", ["Expect: miracles"]);
    expect([expectation.status, expectation.headers.has("content-security-policy")]).toEqual([417, true]);
  });

  it("is no failure for any bytes in the address", async () => {
    const parts = fc.constantFrom(
      "/",
      "//",
      "..",
      "%ff",
      "%2f",
      "%",
      "\\",
      "?",
      "#",
      "a",
      "é",
      "api",
      "wall",
      "live",
      "_next",
      "static",
      "[",
      "]",
      "@",
      ":",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(parts, { maxLength: 8 }),
        fc.constantFrom("GET", "POST", "HEAD"),
        async (path, method) => {
          const answer = await ask(`${method} /${path.join("")}`, method === "POST" ? ["Content-Length: 0"] : []);
          expect(answer.status).toBeLessThan(500);
          expect(answer.headers.has("content-security-policy")).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("notes", () => {
  it("are taken from one address as often as the contract says, and then after a while", async () => {
    const statuses: number[] = [];
    let last: Answer | null = null;
    for (let i = 0; i < LIMITS.notes.burst + 10; i++) {
      last = await ask("POST /api/v1/annotations/lianyungang", POST, "{}");
      statuses.push(last.status);
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(8);
    expect([last?.status, last && code(last), Number(last?.headers.get("retry-after")) >= 1]).toEqual([
      429,
      "too-many-requests",
      true,
    ]);
    // Reading them is another matter.
    expect((await ask("GET /api/v1/cities")).status).toBe(200);
  });
});

describe("an address that asks for too much", () => {
  it("is told when to come again, whatever it asks for, and costs no work", async () => {
    const stingy = await site.open({
      data: path.join(site.folder, "stingy"),
      pagesPort: pages.port,
      files: path.join(site.folder, "root"),
      addressRate: 1,
      pagesKey: "the pages' own",
    });
    const url = `http://127.0.0.1:${stingy.port}`;
    try {
      // Forty at once: two pages. The third is a page that asks again by itself, as nobody stands before a wall.
      expect([(await fetch(`${url}/one`)).status, (await fetch(`${url}/two`)).status]).toEqual([200, 200]);
      seen = [];
      const page = await fetch(`${url}/three`, { headers: { accept: "text/html" } });
      expect([page.status, page.headers.get("content-type")]).toEqual([429, "text/html; charset=utf-8"]);
      expect(Number(page.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await page.text()).toMatch(/http-equiv="refresh" content="\d+"/);
      expect(seen).not.toContain("GET /three");
      await until429(`${url}/api/v1/cities`);
      const refused = await fetch(`${url}/api/v1/cities`);
      expect([refused.status, refused.headers.get("content-security-policy")]).toEqual([429, expect.any(String)]);
      expect(await refused.json()).toMatchObject({ code: "too-many-requests", status: 429 });
      const [socket, host] = ["/live/?EIO=4&transport=websocket", `Host: 127.0.0.1:${stingy.port}`];
      const upgrade = `GET ${socket} HTTP/1.1\r\n${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`;
      expect(await rawTo(stingy.port, upgrade)).toMatch(/^HTTP\/1\.1 429 [^]*retry-after: \d+/i);
      // Batches have a limit of their own, and who makes the pages is let through.
      expect((await fetch(`${url}/api/v1/readings`, { method: "POST", body: "{}" })).status).toBe(401);
      const ours = await fetch(`${url}/api/v1/cities`, { headers: { "x-citywall-pages": "the pages' own" } });
      expect(ours.status).toBe(200);
    } finally {
      await stingy.close();
    }
  });

  async function until429(address: string): Promise<void> {
    for (let i = 0; i < 50; i++) if ((await fetch(address)).status === 429) return;
    throw new Error("never refused");
  }
});
