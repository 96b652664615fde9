import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { publish } from "./publish";
import { dueAt, parseRecorded, replay } from "./replay";

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

/** A gateway that takes everything and remembers when. */
async function listen(): Promise<{ url: string; got: { at: string; value: number }[]; times: number[] }> {
  const got: { at: string; value: number }[] = [];
  const times: number[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { readings } = JSON.parse(await text(request)) as { readings: { at: string; value: number }[] };
    got.push(...readings);
    times.push(...readings.map(() => performance.now()));
    response.end(JSON.stringify({ accepted: readings.length, rejected: [] }));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got, times };
}

/** A gateway that gives these answers in turn, the last of them for good, and keeps what it was sent. */
async function answering(
  ...answers: { status: number; body: object | string; after?: number }[]
): Promise<{ url: string; bodies: string[] }> {
  const bodies: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await text(request);
    const { status, body, after } = (answers[bodies.length] ?? answers[answers.length - 1]) as (typeof answers)[number];
    bodies.push(asked);
    response.writeHead(status, after === undefined ? {} : { "retry-after": String(after) });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

const FULL = { status: 503, body: { error: { code: "not-kept", message: "storage is full" } }, after: 7 };
const taken = (accepted: number) => ({ status: 200, body: { accepted, rejectedTotal: 0, rejected: [] } });
const REFUSED = {
  status: 200,
  body: {
    accepted: 1,
    rejectedTotal: 1,
    rejected: [{ index: 1, field: "value", reason: "wrong-type", detail: "value: must be a finite number" }],
  },
};

/** A recording of these values, a minute apart, with an empty line before each. */
async function recording(...values: unknown[]): Promise<string> {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), "citywall-replay-")), "day.ndjson");
  const line = (value: unknown, i: number): string =>
    `\n${JSON.stringify({ city: "x", metric: "m", value, at: new Date(Date.UTC(2020, 0, 1, 0, i)).toISOString() })}\n`;
  await writeFile(file, values.map(line).join(""));
  return file;
}

/** What is written to standard output and standard error, and the exit code, which is put back. */
function output(): { out: string[]; err: string[]; code: () => typeof process.exitCode } {
  const [out, err]: [string[], string[]] = [[], []];
  const before = process.exitCode;
  vi.spyOn(console, "log").mockImplementation((line: string) => void out.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void err.push(line));
  closers.push(() => {
    vi.restoreAllMocks();
    process.exitCode = before;
  });
  return { out, err, code: () => process.exitCode };
}

/** Waits that are written down and not waited for. */
function pauses(): { waited: number[]; pause: (ms: number) => Promise<void> } {
  const waited: number[] = [];
  return { waited, pause: async (ms) => void waited.push(ms) };
}

const FAST = "1000000";

describe("a batch that is not taken", () => {
  it("is sent again after the time the gateway names, and the recording goes on behind it", async () => {
    const { err, out } = output();
    const { waited, pause } = pauses();
    const { url, bodies } = await answering(FULL, { ...FULL, status: 429, after: 2 }, taken(2));
    await replay(await recording(1, 2), { speed: FAST, url, token: "t" }, pause);
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
    expect(waited).toEqual([7_000, 2_000]);
    expect(err[0]).toBe("the gateway answered 503: storage is full (not-kept); trying again in 7 s");
    expect(out).toEqual(['{"accepted":2,"rejected":0}']);
  });

  it("ends the replay after five minutes, which says why and how far it came", async () => {
    output();
    const { waited, pause } = pauses();
    const { url, bodies } = await answering(taken(1), FULL);
    // The second reading is due a minute after the first: a batch of its own.
    const told = replay(await recording(1, 2), { speed: "1", url, token: "t" }, pause);
    await expect(told).rejects.toThrow(
      "the gateway answered 503: storage is full (not-kept); tried again for 294 s\nstopped before line 4: 1 " +
        "readings were sent, 1 accepted, 0 rejected",
    );
    expect(waited.slice(1)).toEqual(Array.from({ length: 42 }, () => 7_000));
    expect(bodies).toHaveLength(44);
  });

  it("is told in words, whatever shape the refusal has", async () => {
    output();
    for (const [status, body, words] of [
      [
        401,
        { error: { code: "no-token", message: "a token is needed" } },
        "answered 401: a token is needed (no-token)",
      ],
      [502, "<html>", "answered 502"],
      [200, "[]", "answered 200"],
    ] as const) {
      const { url, bodies } = await answering({ status, body });
      await expect(replay(await recording(1), { speed: FAST, url, token: "t" })).rejects.toThrow(words);
      expect(bodies).toHaveLength(1);
    }
  });

  it("waits as well where one reading is published", async () => {
    const { out, code } = output();
    const { waited, pause } = pauses();
    const { url } = await answering(FULL, taken(1));
    await publish({ city: "x", metric: "m", value: "1", url, token: "t" }, pause);
    expect([waited, out, code()]).toEqual([[7_000], [JSON.stringify(taken(1).body)], undefined]);
  });
});

describe("a refused reading", () => {
  it("is told by its line, index, field and reason", async () => {
    const { err, out, code } = output();
    const { url } = await answering(REFUSED);
    await replay(await recording(1, "many"), { speed: FAST, url, token: "t" }, pauses().pause);
    expect(err).toEqual(["rejected line 4 (index 1 of its batch): value: must be a finite number (wrong-type)"]);
    expect([out, code()]).toEqual([['{"accepted":1,"rejected":1}'], 1]);
  });

  it("is told as well where readings are published, and how many more there are than are told", async () => {
    const { err, out, code } = output();
    const { url } = await answering({ ...REFUSED, body: { ...REFUSED.body, rejectedTotal: 5 } });
    await publish({ city: "x", metric: "m", value: "1", url, token: "t" });
    expect(err).toEqual(["rejected index 1: value: must be a finite number (wrong-type)", "and 4 more"]);
    expect([out.length, code()]).toEqual([1, 1]);
  });
});

describe("replay", () => {
  it("keeps the recording's pace, faster as asked", () => {
    expect([dueAt(5_000, 5_000, 100, 10), dueAt(65_000, 5_000, 100, 10)]).toEqual([100, 6_100]);
  });

  it("names the line and the field of what it cannot read", () => {
    expect(() => parseRecorded("{", 3)).toThrow("line 3: is not JSON");
    expect(() => parseRecorded('{"at":"noon"}', 4)).toThrow("line 4: at: must be an RFC 3339 time");
    expect(() => parseRecorded("[]", 5)).toThrow("line 5: must be an object");
  });

  it("sends every reading, later ones later, observed as they are due", async () => {
    const file = path.join(await mkdtemp(path.join(os.tmpdir(), "citywall-replay-")), "day.ndjson");
    const lines = [0, 30, 60].map((s) =>
      JSON.stringify({ city: "x", metric: "m", value: s, at: new Date(Date.UTC(2020, 0, 1, 0, 0, s)).toISOString() }),
    );
    await writeFile(file, `${lines.join("\n")}\n\n`);
    const { url, got, times } = await listen();
    await replay(file, { speed: "60", url, token: "t" });
    expect(got.map((reading) => reading.value)).toEqual([0, 30, 60]);
    const spread = got.map((reading) => Date.parse(reading.at) - Date.parse(got[0]?.at ?? ""));
    expect(spread).toEqual([0, 500, 1000]);
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(500);
  });

  it("refuses a speed that is none", async () => {
    await expect(replay("x", { speed: "fast", url: "", token: "" })).rejects.toThrow(
      '--speed: must be a number above 0, is "fast"',
    );
  });
});
