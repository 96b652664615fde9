import { LIMITS } from "../contract/api/limits";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseReading, ValidationError } from "../contract/readings";
import { itemsOf, UNREADABLE } from "./batch";
import { addressOf, readBody } from "./bodies";
import { HttpError, sendError, sendJson } from "./http";

const NOW = Date.parse("2026-11-22T08:00:00Z");
const item = (value: string): string =>
  `{"city": "lianyungang", "metric": "cases-today", "at": "2026-11-22T08:00:00Z", "value": ${value}}`;
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
      const json = itemsOf(
        `{"readings": [${item("1")}, ${item(value)}, ${item("2")}]}`,
        "application/json",
        "readings",
      );
      const lines = itemsOf([item("1"), item(value), item("2")].join("\n"), "application/x-ndjson", "readings");
      for (const items of [json, lines])
        expect([...items].map(refusal)).toEqual(["accepted", "value wrong-type", "accepted"]);
    },
  );

  it.each(["1e101", "-1e308"])("%s is refused: sums of such values would not be numbers", (value) => {
    expect(refusal(JSON.parse(item(value)))).toBe("value out-of-range");
  });

  it("leaves texts alone that hold the same words", () => {
    const [read] = itemsOf(
      `{"events": [{"title": "NaN, \\"Infinity\\" \\\\", "severity": NaN, "unit": "-Infinity"}]}`,
      undefined,
      "events",
    ) as Record<string, unknown>[];
    expect(read).toEqual({ title: 'NaN, "Infinity" \\', severity: Infinity, unit: "-Infinity" });
  });

  it("still calls unreadable what is not JSON at all", () => {
    expect(() => itemsOf('{"readings": [NaN', undefined, "readings")).toThrow(HttpError);
    expect([...itemsOf("{Infinity}\n", "application/x-ndjson", "readings")]).toEqual([UNREADABLE]);
    expect(() => itemsOf(`"${'\\"'.repeat(1_000_000)}NaN`, undefined, "readings")).toThrow(HttpError);
  });

  it("reads every JSON text as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(itemsOf(JSON.stringify({ items: [value, "NaN"] }), undefined, "items")).toEqual(
          JSON.parse(JSON.stringify([value, "NaN"])),
        );
      }),
    );
  });
});

describe("a body", () => {
  let server: Server;
  let broken: unknown = null;

  beforeAll(async () => {
    server = createServer((incoming, response) => {
      readBody(incoming).then(
        (text) => sendJson(response, 200, { length: text.length, end: text.slice(-3) }),
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

  it("that is on its way holds no more than all of them may: the one that has been coming the longest gives way", async () => {
    const { port } = server.address() as AddressInfo;
    const piece = Buffer.alloc(LIMITS.body - 1);
    const most = Math.floor(LIMITS.bodies / piece.length);
    const statuses: number[] = [];
    const sent = Array.from({ length: most + 3 }, (_, i) => {
      const one = request({ host: "127.0.0.1", port, method: "POST", headers: { "content-length": LIMITS.body } });
      one
        .on("error", () => {})
        .on("response", (response) => {
          statuses[i] = response.statusCode ?? 0;
          response.resume();
        });
      one.write(piece);
      return one;
    });
    await expect.poll(() => statuses.filter(Boolean).length, { timeout: 20_000 }).toBe(3);
    expect(statuses.filter(Boolean)).toEqual([503, 503, 503]);
    // Who comes with a body meanwhile is read, and those that stayed go on.
    expect(await send(["abc"])).toEqual([200, JSON.stringify({ length: 3, end: "abc" })]);
    const last = sent.filter((_, i) => statuses[i] === undefined);
    for (const one of last) one.end("x");
    await expect.poll(() => statuses.filter((status) => status === 200).length, { timeout: 20_000 }).toBe(most);
    for (const one of sent) one.destroy();
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
