import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cancelled } from "./cancel";
import { openDuckdb } from "./duckdb";
import type { Engine } from "./engine";
import { openPostgres } from "./postgres";

const server = process.env.CITYWALL_TEST_POSTGRES;
/** Questions at a time; an engine has fewer connections. */
const CROWD = 12;
/** A question that would take minutes, and one that takes no time. */
const LONG = {
  duckdb: "SELECT count(*) AS n FROM range(200000) a, range(2000000) b WHERE (a.range * b.range) % 7 = 1",
  postgres:
    "SELECT count(*) AS n FROM generate_series(1, 20000) a, generate_series(1, 2000000) b WHERE (a * b::bigint) % 7 = 1",
};
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-cancel-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each<["duckdb" | "postgres", () => Promise<Engine>]>([
  ["duckdb", () => openDuckdb(path.join(folder, "h.duckdb"))],
  ...(server ? [["postgres", () => openPostgres(server)] as ["postgres", () => Promise<Engine>]] : []),
])("a question on %s that is called off", (name, open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  /** Asks, and calls it off after so many turns of the event loop. */
  async function calledOffAfter(turns: number): Promise<unknown> {
    const off = new AbortController();
    const outcome = engine.query(LONG[name], [], off.signal).catch((error: unknown) => error);
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    off.abort();
    return outcome;
  }

  it("ends whenever that is, before its statement has begun as well", async () => {
    for (let turns = 0; turns < 40; turns++) expect(await calledOffAfter(turns)).toBeInstanceOf(Cancelled);
  });

  it("ends when every connection is busy with others, and while it waits for one", async () => {
    const outcomes = await Promise.all(Array.from({ length: CROWD }, (_, i) => calledOffAfter(100 + i)));
    expect(outcomes.every((outcome) => outcome instanceof Cancelled)).toBe(true);
  });

  it("takes no other with it that comes after it on the same connection", async () => {
    for (let round = 0; round < 10; round++) {
      const crowd = Array.from({ length: CROWD }, (_, i) => calledOffAfter(i));
      const rest = Array.from({ length: CROWD }, () => engine.query("SELECT 1 AS n"));
      await Promise.all(crowd);
      expect(await Promise.all(rest)).toEqual(rest.map(() => [{ n: 1 }]));
      expect(await engine.query("SELECT 2 AS n")).toEqual([{ n: 2 }]);
    }
  });
});
