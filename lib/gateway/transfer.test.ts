import { mkdir, stat, utimes, writeFile } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import path from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import * as parser from "../contract/parser";
import type { Gateway } from "./server";
import { makeSite, standForPages, type TestSite } from "./test-site";

const SCRIPT = "export const script = 1;\n".repeat(400);
const PAGE = `<!doctype html><p>${"连云港 ".repeat(2_000)}</p>`;
const PICTURE = Buffer.alloc(5_000, 7);
const EVERYTHING = "gzip, deflate, br";
const ROADS = "/api/v1/cities/lianyungang/roads.geojson";
const OUTLINE = "/api/v1/cities/lianyungang/districts.geojson";

let site: TestSite;
let gateway: Gateway;
let pages: Awaited<ReturnType<typeof standForPages>>;
/** what the pages' process was asked for */
const passed: string[] = [];

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Asks as a program does that unpacks nothing by itself. */
function ask(where: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: "127.0.0.1", port: gateway.port, path: where, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on("error", reject)
      .end();
  });
}

const taking = (encoding: string): Record<string, string> => ({ "accept-encoding": encoding });

async function writeFiles(root: string): Promise<void> {
  await mkdir(path.join(root, "public/fonts"), { recursive: true });
  await mkdir(path.join(root, ".next/static/chunks"), { recursive: true });
  await writeFile(path.join(root, ".next/secret.js"), "secret");
  await writeFile(path.join(root, "public/icon.svg"), `<svg>${" ".repeat(4_000)}</svg>`);
  await writeFile(path.join(root, "public/fonts/a-1f2e.woff2"), PICTURE);
  for (const name of ["a.js", "stale.js"]) {
    const file = path.join(root, ".next/static/chunks", name);
    await writeFile(file, SCRIPT);
    await writeFile(`${file}.br`, brotliCompressSync(SCRIPT));
    await writeFile(`${file}.gz`, gzipSync(SCRIPT));
    const { atime, mtime } = await stat(file);
    for (const packed of [`${file}.br`, `${file}.gz`])
      await utimes(packed, atime, name === "a.js" ? mtime : new Date(mtime.getTime() - 60_000));
  }
}

beforeAll(async () => {
  site = await makeSite(checkTile);
  await writeFiles(path.join(site.folder, "root"));
  pages = await standForPages((request, response) => {
    // What is passed on says for whom; the gateway's own watch does not.
    if (request.headers["x-forwarded-for"]) passed.push(request.url ?? "");
    if (request.url === "/picture") response.writeHead(200, { "content-type": "image/png" }).end(PICTURE);
    else if (request.url === "/part")
      response
        .writeHead(206, { "content-type": "text/html", "content-range": `bytes 0-1999/${PAGE.length}` })
        .end(PAGE.slice(0, 2_000));
    else if (request.url === "/fixed")
      response.writeHead(200, { "content-type": "text/html", "cache-control": "no-transform" }).end(PAGE);
    else {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      for (let i = 0; i < PAGE.length; i += 1_000) response.write(PAGE.slice(i, i + 1_000));
      response.end();
    }
  });
  gateway = await site.open({
    pagesPort: pages.port,
    files: path.join(site.folder, "root"),
  });
});

afterAll(async () => {
  await gateway.close();
  pages.close();
  await site.drop();
});

describe("answers made when they are asked for", () => {
  it.each([
    ["br", brotliDecompressSync],
    ["gzip", gunzipSync],
  ] as const)("travel as %s where that is taken, and unpack to what they were", async (encoding, unpack) => {
    for (const where of [OUTLINE, "/api/v1/cities", "/metrics", "/page"]) {
      const plain = await ask(where);
      const packed = await ask(where, taking(encoding));
      expect([where, plain.headers["content-encoding"], plain.headers.vary]).toEqual([
        where,
        undefined,
        "Accept-Encoding",
      ]);
      expect([where, packed.headers["content-encoding"], packed.headers.vary]).toEqual([
        where,
        encoding,
        "Accept-Encoding",
      ]);
      expect(packed.body.length).toBeLessThan(plain.body.length / 2);
      if (where !== "/metrics") expect(unpack(packed.body).equals(plain.body)).toBe(true);
    }
  });

  it.each([
    ["br", brotliDecompressSync],
    ["gzip", gunzipSync],
  ] as const)("that last are kept packed as small as it gets: %s", async (encoding, unpack) => {
    const quick = gzipSync((await ask(ROADS)).body, { level: 6 }).length;
    await expect
      .poll(async () => Number((await ask(ROADS, taking(encoding))).headers["content-length"]), { timeout: 20_000 })
      .toBeLessThanOrEqual(quick);
    const { headers, body } = await ask(ROADS, taking(encoding));
    expect([headers["content-encoding"], headers.vary]).toEqual([encoding, "Accept-Encoding"]);
    expect(unpack(body).equals((await ask(ROADS)).body)).toBe(true);
  });

  it("go as Brotli to a browser, which takes everything, and as asked to who wishes otherwise", async () => {
    const encodings = ["gzip, deflate, br, zstd", "br;q=0.5, gzip", "br;q=0, gzip;q=0", "identity", "*"];
    const used = await Promise.all(
      encodings.map(async (encoding) => (await ask("/page", taking(encoding))).headers["content-encoding"]),
    );
    expect(used).toEqual(["br", "gzip", undefined, undefined, "br"]);
  });

  it("go as they are when they are short, packed already, a part, or forbidden to be changed", async () => {
    for (const [where, size] of [
      ["/healthz", 11],
      ["/picture", PICTURE.length],
      ["/part", 2_000],
      ["/fixed", Buffer.byteLength(PAGE)],
    ] as const) {
      const { headers, body } = await ask(where, taking(EVERYTHING));
      expect([where, headers["content-encoding"]]).toEqual([where, undefined]);
      if (where !== "/part") expect(body.length).toBe(size);
    }
  });

  it("have no body when only the head was asked for", async () => {
    const { status, headers, body } = await ask(OUTLINE, taking(EVERYTHING), "HEAD");
    expect([status, body.length]).toEqual([200, 0]);
    expect(headers.etag).toBe((await ask(OUTLINE)).headers.etag);
  });
});

describe("answers that rarely change", () => {
  const lasting = [
    OUTLINE,
    "/api/v1/cities/lianyungang/roads.geojson",
    "/api/v1/cities",
    "/api/v1/cities/lianyungang",
    "/api/v1/cities/lianyungang/screens/overview",
    "/api/v1/indicators",
    "/api/openapi.json",
    "/api/asyncapi.json",
  ];

  it.each(lasting)("%s is not sent again to who has it, packed or not", async (where) => {
    const first = await ask(where, taking(EVERYTHING));
    const { etag = "" } = first.headers;
    expect(etag).toMatch(/^W\/"/);
    for (const headers of [
      { "if-none-match": etag },
      { "if-none-match": `"other", ${etag}`, ...taking(EVERYTHING) },
      { "if-none-match": "*" },
    ]) {
      const again = await ask(where, headers);
      expect([again.status, again.body.length, again.headers.etag, again.headers.vary]).toEqual([
        304,
        0,
        etag,
        "Accept-Encoding",
      ]);
      expect(again.headers["content-encoding"]).toBeUndefined();
    }
    expect((await ask(where, { "if-none-match": 'W/"other"' })).status).toBe(200);
  });

  it("has another tag once it says something else", async () => {
    const file = path.join(site.folder, "cities/lianyungang/screens/overview.json");
    const before = await ask("/api/v1/cities/lianyungang/screens/traffic");
    await writeFile(file, "{}");
    const where = "/api/v1/cities/lianyungang/screens/overview";
    const { etag = "" } = (await ask(where)).headers;
    await expect.poll(async () => (await ask(where, { "if-none-match": etag })).status, { timeout: 10_000 }).toBe(200);
    expect((await ask(where)).headers.etag).not.toBe(etag);
    expect((await ask("/api/v1/cities/lianyungang/screens/traffic")).headers.etag).toBe(before.headers.etag);
  });

  it("what lives is never kept", async () => {
    const { headers } = await ask("/api/v1/snapshot?topic=reading/lianyungang/all/cases-today");
    expect([headers["cache-control"], headers.etag]).toEqual(["no-store", undefined]);
  });
});

describe("files of the build", () => {
  const chunk = "/_next/static/chunks/a.js";

  it("come from disk as the build packed them, for good, and without the pages' process", async () => {
    passed.length = 0;
    const packed = await Promise.all([EVERYTHING, "gzip", "identity"].map((encoding) => ask(chunk, taking(encoding))));
    expect(packed.map(({ headers }) => headers["content-encoding"])).toEqual(["br", "gzip", undefined]);
    expect(packed.map(({ headers }) => Number(headers["content-length"]))).toEqual([
      brotliCompressSync(SCRIPT).length,
      gzipSync(SCRIPT).length,
      SCRIPT.length,
    ]);
    for (const { headers } of packed)
      expect([headers["content-type"], headers["cache-control"], headers.vary]).toEqual([
        "text/javascript; charset=utf-8",
        "public, max-age=31536000, immutable",
        "Accept-Encoding",
      ]);
    expect(brotliDecompressSync(packed[0]?.body ?? "").toString()).toBe(SCRIPT);
    expect(new Set(packed.map(({ headers }) => headers.etag)).size).toBe(3);
    expect(passed).toEqual([]);
  });

  it("are packed anew while what lies packed beside them is of another day", async () => {
    const { headers, body } = await ask("/_next/static/chunks/stale.js", taking("br"));
    expect([headers["content-encoding"], headers["content-length"]]).toEqual(["br", undefined]);
    expect(brotliDecompressSync(body).toString()).toBe(SCRIPT);
  });

  it("answer HEAD, Range and If-None-Match", async () => {
    const head = await ask(chunk, taking("br"), "HEAD");
    expect([head.status, head.body.length, head.headers["content-encoding"]]).toEqual([200, 0, "br"]);
    const part = await ask(chunk, { range: "bytes=10-19" });
    expect([part.status, part.headers["content-range"], part.body.toString()]).toEqual([
      206,
      `bytes 10-19/${SCRIPT.length}`,
      SCRIPT.slice(10, 20),
    ]);
    const beyond = await ask(chunk, { range: "bytes=999999-" });
    expect([beyond.status, beyond.headers["content-range"]]).toEqual([416, `bytes */${SCRIPT.length}`]);
    expect(JSON.parse(beyond.body.toString())).toHaveProperty("error.code");
    const again = await ask(chunk, { ...taking("br"), "if-none-match": head.headers.etag ?? "" });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it("are not packed when their kind is already, and last when their name tells their content", async () => {
    const { headers, body } = await ask("/fonts/a-1f2e.woff2", taking(EVERYTHING));
    expect([headers["content-encoding"], headers["content-type"], headers["cache-control"]]).toEqual([
      undefined,
      "font/woff2",
      "public, max-age=31536000, immutable",
    ]);
    expect(body.equals(PICTURE)).toBe(true);
    expect((await ask("/icon.svg", taking("br"))).headers).toMatchObject({
      "content-encoding": "br",
      "cache-control": "public, max-age=0",
    });
  });

  it("what is not one is left to the pages: no way leads out of the two folders", async () => {
    passed.length = 0;
    const odd = [
      "/_next/static/chunks/none.js",
      "/_next/static/..%2f/secret.js",
      "/_next/static/%2e%2e/secret.js",
      "/_next/static/chunks/",
      "/fonts",
    ];
    for (const where of odd) expect((await ask(where)).body.toString()).not.toContain("secret");
    expect(passed.length).toBe(odd.length);
    expect((await ask("/_next/static/%zz")).status).toBe(400);
    expect((await ask("/_next/static/a%00.js")).body.toString()).toBe(PAGE);
  });
});

it("the live socket is left alone", async () => {
  const socket = io(`http://127.0.0.1:${gateway.port}`, {
    path: "/live",
    transports: ["websocket"],
    parser,
    forceNew: true,
    extraHeaders: { "accept-encoding": EVERYTHING },
  });
  const hello = await new Promise<{ build: string }>((resolve) => socket.once("hello", resolve));
  expect(hello.build).toBe("test");
  socket.close();
});
