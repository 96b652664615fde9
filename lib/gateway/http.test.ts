import { LIMITS } from "../contract/api/limits";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseReading, ValidationError } from "../contract/readings";
import { itemsOf, UNREADABLE } from "./batch";
import { addressOf } from "./visitor";
import { readBody } from "./bodies/read";
import { HttpError, sendError, sendJson } from "./http";

const NOW = Date.parse("2026-11-22T08:00:00Z");
const item = (value: string): string =>
  `{"city": "lianyungang", "metric": "cases-today", "at": "2026-11-22T08:00:00Z", "value": ${value}}`;
const items = (body: string, type: string | undefined, key: string): Iterable<unknown> =>
  itemsOf(Buffer.from(body), type, key);
const refusal = (raw: unknown): string => {
  try {
    parseReading(raw, NOW);
    return "accepted";
  } catch (error) {
    return error instanceof ValidationError ? `${error.field} ${error.reason}` : String(error);
  }
};

describe("numbers that are none", () => {
  it.each(["Infinity", "-Infinity", "NaN", "1e999", "-1e999"])(
    "%s is refused by the name of its field, in JSON and in NDJSON, and costs no other item",
    (value) => {
      const json = items(`{"readings": [${item("1")}, ${item(value)}, ${item("2")}]}`, "application/json", "readings");
      const lines = items([item("1"), item(value), item("2")].join("\n"), "application/x-ndjson", "readings");
      for (const read of [json, lines])
        expect([...read].map(refusal)).toEqual(["accepted", "value wrong-type", "accepted"]);
    },
  );

  it.each(["1e101", "-1e308"])("%s is refused: sums of such values would not be numbers", (value) => {
    expect(refusal(JSON.parse(item(value)))).toBe("value out-of-range");
  });

  it("leaves texts alone that hold the same words", () => {
    const [read] = items(
      `{"events": [{"title": "NaN, \\"Infinity\\" \\\\", "severity": NaN, "unit": "-Infinity"}]}`,
      undefined,
      "events",
    ) as Record<string, unknown>[];
    expect(read).toEqual({ title: 'NaN, "Infinity" \\', severity: Infinity, unit: "-Infinity" });
  });

  it("still calls unreadable what is not JSON at all", () => {
    expect(() => items('{"readings": [NaN', undefined, "readings")).toThrow(HttpError);
    expect([...items("{Infinity}\n", "application/x-ndjson", "readings")]).toEqual([UNREADABLE]);
    expect(() => items(`"${'\\"'.repeat(1_000_000)}NaN`, undefined, "readings")).toThrow(HttpError);
  });

  it("reads every JSON text as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(items(JSON.stringify({ items: [value, "NaN"] }), undefined, "items")).toEqual(
          JSON.parse(JSON.stringify([value, "NaN"])),
        );
      }),
    );
  });
});

describe("a body", () => {
  let server: Server;
  let broken: unknown = null;
  let begun = 0;

  beforeAll(async () => {
    server = createServer((incoming, response) => {
      begun++;
      readBody(incoming).then(
        ({ bytes, leave }) => {
          leave();
          const text = bytes.toString("utf8");
          sendJson(response, 200, { length: text.length, end: text.slice(-3) });
        },
        (error: unknown) => {
          broken = error;
          if (error instanceof HttpError) sendError(response, error);
        },
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => server.close());

  /** Sends pieces without telling how long they are together; resolves with the answer's status and text. */
  function send(pieces: Iterable<string | Buffer>): Promise<[number | undefined, string]> {
    return new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const sent = request({ host: "127.0.0.1", port, method: "POST" }, (response) => {
        let text = "";
        response.on("data", (part: Buffer) => (text += part.toString()));
        response.on("end", () => resolve([response.statusCode, text]));
      });
      sent.on("error", reject);
      for (const piece of pieces) sent.write(piece);
      sent.end();
    });
  }

  it("is put together from its pieces, which may end within a character", async () => {
    const bytes = Buffer.from("连云港".repeat(1_000));
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(i * 7, i * 7 + 7));
    expect(await send(pieces)).toEqual([200, JSON.stringify({ length: 3_000, end: "连云港" })]);
  });

  it("that turns out too large is refused", async () => {
    const [status, text] = await send([Buffer.alloc(LIMITS.body), "x"]);
    expect([status, (JSON.parse(text) as { error: { code: string } }).error.code]).toEqual([413, "too-large"]);
  });

  /** A body of so many bytes that is told, of which the last is still to come; `status` once it is answered. */
  function half(bytes: number) {
    const { port } = server.address() as AddressInfo;
    const one = {
      status: 0,
      call: request({ host: "127.0.0.1", port, method: "POST", headers: { "content-length": bytes } }),
    };
    one.call
      .on("error", () => {})
      .on("response", (response) => {
        one.status = response.statusCode ?? 0;
        response.resume();
      });
    one.call.write(Buffer.alloc(bytes - 1));
    return one;
  }

  it("that is small and does not come gives way to others, the one that has been coming the longest first", async () => {
    const { small, smallInAll } = LIMITS.bodies;
    const most = Math.floor(smallInAll / (small - 1));
    const sent = Array.from({ length: most + 3 }, () => half(small));
    await expect.poll(() => sent.filter(({ status }) => status === 503).length, { timeout: 20_000 }).toBe(3);
    // Who comes with a body meanwhile is read, and those that stayed go on.
    expect(await send(["abc"])).toEqual([200, JSON.stringify({ length: 3, end: "abc" })]);
    for (const { call, status } of sent) if (status === 0) call.end("x");
    await expect.poll(() => sent.filter(({ status }) => status === 200).length, { timeout: 20_000 }).toBe(most);
  });

  it("that is large waits for its turn, and is not refused for that", async () => {
    const sent = Array.from({ length: 5 }, () => half(LIMITS.body));
    for (const { call } of sent) call.end("x");
    await expect.poll(() => sent.map(({ status }) => status), { timeout: 20_000 }).toEqual([200, 200, 200, 200, 200]);
  });

  it("that is large and stops coming gives way as soon as another one waits", { timeout: 20_000 }, async () => {
    const before = begun;
    const stuck = [half(LIMITS.body), half(LIMITS.body)];
    await expect.poll(() => begun - before, { timeout: 5_000 }).toBe(2);
    // Nobody waits, so it has its time; small ones pass by.
    expect(await send(["abc"])).toEqual([200, JSON.stringify({ length: 3, end: "abc" })]);
    expect(stuck.map(({ status }) => status)).toEqual([0, 0]);
    const [status] = await send([Buffer.alloc(LIMITS.body)]);
    expect(status).toBe(200);
    expect(stuck.map(({ status }) => status)).toContain(503);
    for (const { call } of stuck) call.destroy();
  });

  it("counts for the network that an address of IPv6 is in", () => {
    const of = (remoteAddress: string): string => addressOf({ socket: { remoteAddress } as Socket });
    expect(of("::ffff:10.1.2.3")).toBe("10.1.2.3");
    expect(of("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect([of("2001:db8::5"), of("::1")]).toEqual(["2001:db8:0:0::/64", "0:0:0:0::/64"]);
  });

  it("that ends in the middle is none", async () => {
    const { port } = server.address() as AddressInfo;
    const sent = request({ host: "127.0.0.1", port, method: "POST", headers: { "content-length": 100 } });
    sent.on("error", () => {});
    broken = null;
    server.once("request", () => sent.destroy());
    sent.write("abc");
    await expect.poll(() => broken).toBeInstanceOf(Error);
    expect(broken).toMatchObject({ status: 400, code: "unreadable" });
  });
});
