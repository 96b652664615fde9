import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noticesIn } from "../../files/notices";
import type { FromStore } from "../client/remote";
import { parseHistoryConfig } from "../config";
import { journalFolder, JournalWriter } from "../writer/journal";
import { answering } from "./answering";
import { openDuckdb } from "./duckdb";
import { Historian } from "./historian";
import { duckdbFile, HistoryService } from "./service";

const NOW = Date.parse("2026-11-24T04:00:00Z");
const DAY = 86_400_000;
const TOPIC = "reading/lianyungang/all/cases-today";
const ROWS = 400_000;
/** DuckDB's file: three heads, then blocks. */
const HEADS = 12_288;
const BLOCK = 262_144;

let data = "";
let file = "";
let journal: JournalWriter;
let service: HistoryService | null = null;
beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-rescue-"));
  file = duckdbFile(data);
  journal = new JournalWriter(journalFolder(data), 1e9);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await service?.close();
  service = null;
  await journal.close();
  await rm(data, { recursive: true, force: true });
});

/** A store with readings of ten days ago, each with a value of its own, that nobody but a question reads; closed in good order. */
async function kept(): Promise<void> {
  const engine = await openDuckdb(file);
  await new Historian(engine, parseHistoryConfig({})).open(NOW);
  await engine.run(
    "INSERT INTO series (id, topic, city, district, metric, flawed) VALUES (1, $1, 'x', 'all', 'm', 0)",
    [TOPIC],
  );
  await engine.run(
    `INSERT INTO readings (series, observed, recorded, value, quality, late, sequence)
      SELECT 1, ${NOW - 10 * DAY} + i, ${NOW - 10 * DAY} + i, i + hash(i) % 1000000 / 1000000.0, 0, 0, 0
      FROM range(${ROWS}) AS t(i)`,
  );
  await engine.run(
    `INSERT INTO minutes (series, bucket, n, sum, last_at) SELECT i % 100 + 2, ${NOW - 20 * DAY} + i * 60000, 1, hash(i), i
      FROM range(100000) AS t(i)`,
  );
  await engine.close();
}

function turned(bytes: Buffer, block: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = HEADS + block * BLOCK + 100_000, i = 0; i < 8; i++) copy[at + i] = (copy[at + i] ?? 0) ^ 0x55;
  return copy;
}

/** Turns bits in the first block that one statement meets and none of the others. Returns the file as it is then. */
function harm(meets: string, others: string[]): Promise<Buffer> {
  return harmBlocks(meets, others, 1);
}

/** The same for so many blocks at the most. */
async function harmBlocks(meets: string, others: string[], most: number): Promise<Buffer> {
  const whole = readFileSync(file);
  const trial = path.join(data, "trial.duckdb");
  const met: number[] = [];
  for (let block = 0; HEADS + (block + 1) * BLOCK <= whole.length; block++) {
    const broken = turned(whole, block);
    writeFileSync(trial, broken);
    const engine = await openDuckdb(trial).catch(() => null);
    if (!engine) continue;
    const fails = (sql: string): Promise<boolean> =>
      engine.query(sql).then(
        () => false,
        () => true,
      );
    const isIt = (await fails(meets)) && !(await Promise.all(others.map(fails))).includes(true);
    await engine.abandon();
    if (isIt) met.push(block);
    if (met.length === most) break;
  }
  if (met.length === 0) throw new Error(`no block is met by ${meets} alone`);
  await rm(trial);
  const broken = met.reduce(turned, whole);
  writeFileSync(file, broken);
  return broken;
}
const VALUES = "SELECT sum(value) AS s FROM readings";
const MINUTES = "SELECT sum(sum) AS s FROM minutes";
const OTHERS = [
  "SELECT sum(observed) + sum(recorded) + sum(late) AS s FROM readings",
  "SELECT max(topic) AS t FROM series",
];

function started(): HistoryService {
  service = new HistoryService({ data, databaseUrl: undefined, config: parseHistoryConfig({}), now: () => NOW });
  service.start();
  return service;
}
const isUpToDate = (store: HistoryService): Promise<void> =>
  vi.waitFor(async () => expect(await store.reach(journal.end)).toBe(true), { timeout: 30_000 });
async function give(value: number): Promise<void> {
  journal.reading(TOPIC, NOW - 60_000 + value, NOW, value, "good");
  await journal.flushed();
}
const asked = (store: HistoryService, from: number, to: number): Promise<(number | null)[] | undefined> =>
  store.methods
    .query({ topics: [TOPIC], from, to, step: 0, aggregates: ["last"], fill: "none", timeZone: "UTC", most: 2 * ROWS })
    .then(({ series }) => series[0]?.values.last);

describe("a block of the store's file that is broken", { timeout: 90_000 }, () => {
  it("is named by the question that meets it, and all that can be read goes on in a new store", async () => {
    await kept();
    const broken = await harm(VALUES, [...OTHERS, MINUTES]);
    const store = started();
    await give(1);
    await isUpToDate(store);
    await vi.waitFor(() => expect(store.state().error).toBeNull(), { timeout: 30_000 });
    expect(noticesIn(data)).toEqual([]);
    const said: FromStore[] = [];
    const params = { topics: [TOPIC], from: NOW - 11 * DAY, to: NOW, knowledge: "since", downsample: 0 };
    const ask = answering(store, (message) => said.push(message));
    ask({ kind: "ask", id: 1, method: "changes", params, after: journal.end });
    await give(2);
    await vi.waitFor(() => expect(said).toEqual([{ kind: "answer", id: 1, error: "failed" }]), {
      timeout: 30_000,
    });
    await vi.waitFor(() => expect(noticesIn(data)).toHaveLength(2), { timeout: 30_000 });
    await isUpToDate(store);
    await vi.waitFor(() => expect(store.state().error).toBeNull(), { timeout: 30_000 });
    const [missing, found] = noticesIn(data);
    expect(found).toMatchObject({
      what: "store",
      file,
      fault: expect.stringMatching(/does not match stored checksum/) as string,
    });
    expect(readFileSync(found?.kept ?? "").equals(broken)).toBe(true);
    expect(missing).toMatchObject({
      what: "store",
      exact: true,
      fault: expect.stringMatching(/^\d+ rows of readings could/) as string,
    });
    const lost = missing?.lost ?? 0;
    const values = (await asked(store, NOW - 11 * DAY, NOW - 9 * DAY)) ?? [];
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(ROWS / 2);
    expect([values.length, new Set(values).size]).toEqual([ROWS - lost, ROWS - lost]);
    expect(await asked(store, NOW - DAY, NOW)).toEqual([1, 2]);
    // Once, and not again.
    await give(3);
    await isUpToDate(store);
    expect(noticesIn(data)).toHaveLength(2);
    expect(readdirSync(data).filter((name) => /broken-[^.]*$/.test(name))).toHaveLength(1);
  });

  it("costs nothing where it holds what is made of readings: that is made again", async () => {
    await kept();
    await harm(MINUTES, [...OTHERS, VALUES]);
    const store = started();
    await isUpToDate(store);
    // As a question does that looks at minutes.
    const { engine } = (store as unknown as { historian: Historian }).historian;
    await expect(engine.query(MINUTES)).rejects.toThrow(/checksum/);
    await vi.waitFor(() => expect(noticesIn(data)).toHaveLength(2), { timeout: 30_000 });
    await isUpToDate(store);
    expect(noticesIn(data)[0]).toMatchObject({
      lost: 0,
      fault: expect.stringMatching(/rows of minutes could/) as string,
    });
    expect((await asked(store, NOW - 11 * DAY, NOW - 9 * DAY))?.length).toBe(ROWS);
    const again = (store as unknown as { historian: Historian }).historian.engine;
    const made = "SELECT count(*) AS n FROM minutes WHERE series = 1";
    await vi.waitFor(async () => expect(await again.query(made)).toEqual([{ n: Math.ceil(ROWS / 60_000) }]), {
      timeout: 30_000,
    });
  });

  it("takes the positions of things with it that nobody can name any more, and no other gets their numbers", async () => {
    await kept();
    const engine = await openDuckdb(file);
    const layer = "positions/lianyungang/patrols";
    await engine.run(
      "INSERT INTO things SELECT i + 1, $1, 'thing ' || hash(i) || hash(i + 1), 'x' FROM range(60000) AS t(i)",
      [layer],
    );
    await engine.run(
      `INSERT INTO positions SELECT id, ${NOW - DAY} + id * 10, 0, 0, 0, 0 FROM things
        UNION ALL SELECT id, ${NOW - DAY} + id * 10 + 5, 0, 0, 0, 0 FROM things WHERE id > 59990`,
    );
    const named = await engine.rows("SELECT id, name FROM things");
    await engine.close();
    await harmBlocks(
      "SELECT max(name) AS n FROM things",
      [...OTHERS, VALUES, MINUTES, "SELECT sum(id) AS i FROM things"],
      1,
    );
    const store = started();
    await vi.waitFor(() => expect(noticesIn(data)).toHaveLength(2), { timeout: 30_000 });
    journal.position({ topic: layer, id: "new", label: "n", at: NOW - 1_000, lon: 1, lat: 2, heading: 3, speed: 4 });
    await journal.flushed();
    await isUpToDate(store);
    const again = (store as unknown as { historian: Historian }).historian.engine;
    const left = await again.query("SELECT id, name FROM things");
    const names = new Map(named.map(({ id, name }) => [id, name]));
    const lost = new Set(named.map(({ id }) => Number(id)));
    for (const { id, name } of left) {
      lost.delete(Number(id));
      expect(name === "new" || name === names.get(id ?? 0)).toBe(true);
    }
    expect(lost.size).toBeGreaterThan(0);
    expect(noticesIn(data)[0]).toMatchObject({
      lost: [...lost].reduce((sum, id) => sum + (id > 59_990 ? 2 : 1), 0),
      fault: expect.stringMatching(/rows of things, .*rows of positions|rows of positions.*rows of things/) as string,
    });
    expect(
      await again.query("SELECT t.name FROM positions AS p LEFT JOIN things AS t ON t.id = p.thing WHERE p.lat > 0"),
    ).toEqual([{ name: "new" }]);
    expect(await again.query("SELECT count(*) AS n FROM positions WHERE thing NOT IN (SELECT id FROM things)")).toEqual(
      [{ n: 0 }],
    );
  });

  it("is taken over again from the beginning where that was killed, and once only", async () => {
    await kept();
    await harm(VALUES, OTHERS);
    const broken = `${file}.broken-then`;
    renameSync(file, broken);
    writeFileSync(`${file}.rescue`, path.basename(broken));
    writeFileSync(`${file}.draft`, "half of it");
    writeFileSync(`${file}.draft.wal`, "half of it");
    const store = started();
    await isUpToDate(store);
    const lost = noticesIn(data)[0]?.lost ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect((await asked(store, NOW - 11 * DAY, NOW - 9 * DAY))?.length).toBe(ROWS - lost);
    expect(readdirSync(data).filter((name) => /rescue|draft/.test(name))).toEqual([]);
  });

  it("is read again from the journal as far as that has it, once, and what neither has is counted", async () => {
    await kept();
    const JOURNALED = 3_000;
    const event = { id: "e1", city: "lianyungang", district: "320706", kind: "noise", severity: 2, source: "s" };
    const stages = ["上报", "办结"];
    for (let i = 0; i < JOURNALED; i++) {
      journal.reading(TOPIC, NOW - DAY / 2 + i, NOW - DAY / 2 + i, i, i % 7 === 0 ? "bad" : "good", i % 3);
      // A transaction each, so that the place has been noted over and over.
      if (i % 500 === 0) await journal.flushed();
    }
    for (let i = 0; i < 3; i++)
      journal.event({ ...event, stages, title: "t", at: NOW, updated: NOW + i, stage: "上报" } as never, NOW + i);
    await journal.flushed();
    const first = started();
    await isUpToDate(first);
    for (let i = 0; i < 3; i++) {
      await give(i);
      await isUpToDate(first);
    }
    await first.close();
    await harmBlocks(VALUES, OTHERS, Infinity);
    const before = noticesIn(data).length;
    const store = started();
    await isUpToDate(store);
    // As a question does that looks at values.
    const { engine } = (store as unknown as { historian: Historian }).historian;
    await expect(engine.query(VALUES)).rejects.toThrow(/checksum/);
    await vi.waitFor(() => expect(noticesIn(data)).toHaveLength(before + 2), { timeout: 30_000 });
    await isUpToDate(store);
    const again = (store as unknown as { historian: Historian }).historian.engine;
    const rows = await again.query(
      "SELECT value, quality, sequence, count(*) AS n FROM readings WHERE observed >= $1 GROUP BY ALL ORDER BY value",
      [NOW - DAY],
    );
    expect(rows.reduce((sum, { n }) => sum + Number(n), 0)).toBe(JOURNALED + 3);
    expect(await again.query("SELECT count(*) AS n FROM event_versions")).toEqual([{ n: 3 }]);
    const [{ n: left } = { n: 0 }] = await again.query("SELECT count(*) AS n FROM readings WHERE observed < $1", [
      NOW - DAY,
    ]);
    expect(noticesIn(data)[0]).toMatchObject({ lost: ROWS - Number(left), exact: true });
    expect((await asked(store, NOW - DAY, NOW))?.length).toBe(JOURNALED + 3);
    // What comes is taken in as ever, and nothing twice.
    await give(3);
    await isUpToDate(store);
    expect((await asked(store, NOW - DAY, NOW))?.length).toBe(JOURNALED + 4);
    const [{ n: all } = { n: 0 }] = await again.query("SELECT count(*) AS n FROM readings WHERE observed >= $1", [
      NOW - DAY,
    ]);
    expect(all).toBe(JOURNALED + 4);
  });

  it.each([
    ["is empty", () => writeFileSync(`${file}.rescue`, "")],
    ["is broken", () => writeFileSync(`${file}.rescue`, "\0\0../../etc")],
    ["cannot be read", () => mkdirSync(`${file}.rescue`)],
  ])("leaves a store to be begun from the journal where the plan of what to take over %s", async (_how, plan) => {
    plan();
    await give(1);
    const store = started();
    await isUpToDate(store);
    expect(await asked(store, NOW - DAY, NOW)).toEqual([1]);
    expect(existsSync(`${file}.rescue`)).toBe(false);
  });
});
