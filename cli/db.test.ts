import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseHistoryConfig } from "../lib/history/config";
import { openDuckdb } from "../lib/history/store/duckdb";
import { Historian } from "../lib/history/store/historian";
import { BulkJournal } from "../lib/history/writer/journal";
import { duckdbFile } from "../lib/history/store/service";
import { dbCompact, dbExport, dbMigrate, dbVerify } from "./db";
import { writeSeed } from "./seed";

const UNTIL = Date.parse("2026-11-20T12:00:00Z");
const DAY = 86_400_000;
const TOPIC = "reading/lianyungang/all/cases-today";
let data = "";
let written = 0;
const place = () => ({ data, databaseUrl: undefined });

async function withEngine<T>(task: (engine: Awaited<ReturnType<typeof openDuckdb>>) => Promise<T>): Promise<T> {
  const engine = await openDuckdb(duckdbFile(data));
  try {
    return await task(engine);
  } finally {
    await engine.close();
  }
}

const CITIES = path.resolve(import.meta.dirname, "../cities");

describe("seed and db", () => {
  beforeAll(async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    data = await mkdtemp(path.join(os.tmpdir(), "citywall-db-"));
    const journal = new BulkJournal(path.join(data, "journal"), "seed-1");
    written = await writeSeed({ days: 2, step: 300, seed: 1, data, cities: CITIES, until: UNTIL }, journal, () => {});
    await withEngine(async (engine) => {
      const historian = new Historian(engine, parseHistoryConfig({}));
      await historian.open(UNTIL + DAY);
      while (await historian.follow("seed-1", journal.folder, UNTIL + DAY));
      while (await historian.maintain(UNTIL + DAY));
    });
  }, 180_000);
  afterAll(async () => {
    vi.restoreAllMocks();
    await rm(data, { recursive: true, force: true });
  });

  it("fills two days of readings, events and positions, each reading once", async () => {
    const count = (table: string) =>
      withEngine(async (engine) => Number((await engine.rows(`SELECT count(*) AS n FROM ${table}`))[0]?.n));
    expect(await count("readings")).toBe(written);
    expect(written).toBeGreaterThan(254 * 2 * 288 * 0.9);
    expect(await count("event_versions")).toBeGreaterThan(500);
    expect(await count("(SELECT DISTINCT thing FROM positions)")).toBeGreaterThan(500);
    expect(await count("hours")).toBeGreaterThan(254 * 47);
  });

  it("fills the metrics that are asked for, with their totals, and nothing else of readings", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-db-some-"));
    const journal = new BulkJournal(path.join(folder, "journal"), "seed-1");
    const few = { days: 1, step: 3_600, seed: 1, data: folder, cities: CITIES, until: UNTIL, only: ["lianyungang"] };
    const count = await writeSeed({ ...few, metrics: ["cases-today"] }, journal, () => {});
    // The whole, and each of six districts; the last hour may not have come yet.
    expect(count).toBeGreaterThanOrEqual(7 * 23);
    expect(count).toBeLessThanOrEqual(7 * 25);
    await rm(folder, { recursive: true, force: true });
  });

  it("verifies rollups, and finds one that does not fit its readings", async () => {
    expect(await dbVerify(place())).toBe(0);
    await withEngine((engine) =>
      engine.run(
        "UPDATE hours SET n = n + 1 WHERE series = 1 AND bucket = (SELECT min(bucket) FROM hours WHERE series = 1)",
      ),
    );
    expect(await dbVerify(place())).toBe(1);
    await withEngine((engine) =>
      engine.run(
        "UPDATE hours SET n = n - 1 WHERE series = 1 AND bucket = (SELECT min(bucket) FROM hours WHERE series = 1)",
      ),
    );
    expect(await dbVerify(place())).toBe(0);
  });

  it("exports what it holds to CSV and to Parquet", async () => {
    const range = { from: UNTIL - 2 * DAY, to: UNTIL, topics: [TOPIC] };
    const [csv, parquet] = [path.join(data, "x.csv"), path.join(data, "x.parquet")];
    await dbExport(place(), { ...range, format: "csv", out: csv });
    await dbExport(place(), { ...range, format: "parquet", out: parquet });
    const lines = (await readFile(csv, "utf8")).trim().split("\n");
    expect([lines[0], lines.length]).toEqual(["topic,observed,recorded,value,quality", 1 + 2 * 288]);
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const [row] = (
      await connection.runAndReadAll(
        `SELECT count(*)::INTEGER, min(topic), epoch_ms(max(observed))::DOUBLE FROM '${parquet}'`,
      )
    ).getRows();
    expect(row).toEqual([576, TOPIC, UNTIL - 300_000]);
  });

  it("migrates once, compacts, and leaves a store alone that another process holds", async () => {
    await dbMigrate(place());
    await dbCompact(place());
    const lock = path.join(data, "store.lock");
    await writeFile(lock, "4711 5");
    const holder = spawn("flock", ["-x", lock, "sh", "-c", "echo held; exec sleep 60"], {
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    await once(holder.stdout, "data");
    await expect(dbVerify(place())).rejects.toThrow("the store is held by process 4711: stop Citywall first");
    const ended = once(holder, "close");
    process.kill(-(holder.pid as number), "SIGKILL");
    await ended;
    // What it wrote there holds nobody up.
    await dbCompact(place());
  });
});
