import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { asWritten, jsonPieces, sendPieces, type Pieces } from "./pieces";

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Serves pieces once; resolves with the answer, whose body nobody has read yet. */
async function serve(pieces: Pieces, sent: (outcome: Promise<void>) => void = () => {}): Promise<IncomingMessage> {
  server = createServer((_request, response: ServerResponse) => {
    sent(sendPieces(response, 200, { "content-type": "text/plain" }, pieces));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => get({ host: "127.0.0.1", port }, resolve).on("error", reject));
}

async function text(answer: IncomingMessage): Promise<string> {
  let read = "";
  for await (const chunk of answer) read += String(chunk);
  return read;
}

describe("JSON in pieces", () => {
  it("makes the items of a long list when their piece is written, and few of them for each", () => {
    let made = 0;
    function* items(): Generator<{ id: number; name: string }> {
      for (let id = 0; id < 200_000; id++, made++) yield { id, name: "a thing that has a name" };
    }
    const list = asWritten(items());
    expect(made).toBe(0);
    const texts: string[] = [];
    let most = 0;
    for (let before = 0, pieces = jsonPieces({ list, none: asWritten([]) }); ; before = made) {
      const { value, done } = pieces.next();
      most = Math.max(most, made - before);
      if (done) break;
      texts.push(value);
    }
    expect(JSON.parse(texts.join(""))).toEqual({ list: [...items()], none: [] });
    expect(most).toBeLessThan(1_000);
  });

  it("is what JSON.stringify writes", () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        ...[fc.string(), fc.double(), fc.boolean(), fc.constantFrom(null, undefined)],
        fc.array(tie("any")),
        fc.dictionary(fc.string(), tie("any")),
      ),
    })).any;
    fc.assert(
      fc.property(value, (one) => {
        const boxed = { one };
        expect([...jsonPieces(boxed)].join("")).toBe(JSON.stringify(boxed));
      }),
    );
  });

  it("is cut where a list is long", () => {
    const long = { at: Array.from({ length: 100_000 }, (_, i) => i), rows: [{ a: [1, null] }, "x"] };
    const pieces = [...jsonPieces(long)];
    expect(pieces.join("")).toBe(JSON.stringify(long));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(50_000);
  });
});

describe("pieces", () => {
  it("that are one tell their length; several come as they are taken", async () => {
    const whole = await serve(["abc"]);
    expect([whole.headers["content-length"], await text(whole)]).toEqual(["3", "abc"]);
    server?.close();
    const parts = await serve(["连云港", Buffer.from("b"), "c"]);
    expect([parts.headers["content-length"], await text(parts)]).toEqual([undefined, "连云港bc"]);
  });

  it("are not made while nobody takes them, and not at all once the asker is gone", async () => {
    let made = 0;
    let given = false;
    function* endless(): Generator<string> {
      try {
        for (;;) {
          made++;
          yield "x".repeat(65_536);
        }
      } finally {
        given = true;
      }
    }
    let outcome: Promise<void> = Promise.resolve();
    const answer = await serve(endless(), (sent) => void (outcome = sent));
    answer.pause();
    let before = -1;
    // What fits into the buffers on the way is made, and then no more.
    await expect
      .poll(
        () => {
          const same = made === before;
          before = made;
          return same;
        },
        { interval: 100 },
      )
      .toBe(true);
    expect(made).toBeLessThan(500);
    answer.destroy();
    await outcome;
    expect(given).toBe(true);
  });

  it("whose first fails leave the answer to whoever refuses it", async () => {
    server = createServer((_request, response) => {
      const failing = (function* (): Generator<string> {
        throw new Error("none");
      })();
      sendPieces(response, 200, {}, failing).catch((error: Error) => response.writeHead(422).end(error.message));
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await new Promise<IncomingMessage>((resolve) => get({ host: "127.0.0.1", port }, resolve));
    expect([answer.statusCode, await text(answer)]).toEqual([422, "none"]);
  });
});
