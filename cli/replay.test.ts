import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { dueAt, parseRecorded, replay } from "./replay";

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

/** A gateway that takes everything and remembers when. */
async function listen(): Promise<{ url: string; got: { at: string; value: number }[]; times: number[] }> {
  const got: { at: string; value: number }[] = [];
  const times: number[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const { readings } = JSON.parse(text) as { readings: { at: string; value: number }[] };
    got.push(...readings);
    times.push(...readings.map(() => performance.now()));
    response.end(JSON.stringify({ accepted: readings.length, rejected: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got, times };
}

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
