import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseHistoryConfig } from "../config";
import { BulkJournal, ColumnsBuilder, journalFolder, JournalWriter, segmentFile } from "../writer/journal";
import { encodeRecord } from "../writer/records";
import { noticesIn } from "../../files/notices";
import type { FromStore, ToStore } from "../client/remote";
import { answering } from "./answering";
import { Cancelled } from "./cancel";
import { openDuckdb } from "./duckdb";
import { duckdbFile, HistoryService, type HistoryState } from "./service";

const NOW = Date.parse("2026-11-24T04:00:00Z");
const TOPIC = "reading/lianyungang/all/cases-today";
const MINUTE = 60_000;
let data = "";
let service: HistoryService | null = null;
let journal: JournalWriter | null = null;
/** called whenever the store looks at the clock, and when it tells how it stands */
let looked: () => void = () => {};
let told: (state: HistoryState) => void = () => {};

async function open(): Promise<{ service: HistoryService; journal: JournalWriter }> {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-service-"));
  journal = new JournalWriter(journalFolder(data), 1e9);
  service = new HistoryService({
    data,
    databaseUrl: undefined,
    config: parseHistoryConfig({}),
    now: () => {
      looked();
      return NOW;
    },
    onState: (state) => told(state),
  });
  return { service, journal };
}

afterEach(async () => {
  vi.useRealTimers();
  looked = () => {};
  told = () => {};
  await service?.close();
  await journal?.close();
  await rm(data, { recursive: true, force: true });
});

describe("a question that fails", () => {
  const ALL = { topics: [TOPIC], from: NOW - 10 * MINUTE, to: NOW, knowledge: "since" as const };

  it("is told of in words that are ours, and in the engine's own in the log alone", async () => {
    const { service: store, journal: writer } = await open();
    const said: FromStore[] = [];
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const ask = answering(store, (message) => said.push(message));
    const answerTo = async (method: string, params: object): Promise<FromStore | undefined> => {
      said.length = 0;
      ask({ kind: "ask", id: 1, method, params, after: writer.end } as ToStore);
      await expect.poll(() => said.length, { timeout: 10_000 }).toBe(1);
      return said[0];
    };
    expect(await answerTo("extent", { city: "lianyungang" })).toEqual({ kind: "answer", id: 1, error: "not open" });
    for (let i = 1; i <= 3; i++) writer.reading(TOPIC, NOW - i * MINUTE, NOW - i * MINUTE, i, "good");
    await writer.flushed();
    store.start();
    expect(await store.reach(writer.end)).toBe(true);
    expect(logged).not.toHaveBeenCalled();
    expect(await answerTo("changes", { ...ALL, downsample: Infinity })).toEqual({
      kind: "answer",
      id: 1,
      error: "failed",
    });
    expect(String(logged.mock.calls[0]?.[1])).toMatch(/Infinity/);
    const raw = { ...ALL, step: 0, aggregates: ["last"], fill: "none", timeZone: "UTC" };
    expect(await answerTo("query", { ...raw, most: 2 })).toMatchObject({
      error: { field: "step", detail: expect.stringMatching(/^more than 2 readings; ask for/) as string },
    });
    expect(await answerTo("query", { ...raw, most: 3 })).toMatchObject({
      result: { series: [{ values: { last: [3, 2, 1] } }] },
    });
    logged.mockRestore();
  });

  it("is called off with its asker, whatever is asked", async () => {
    const { service: store, journal: writer } = await open();
    writer.reading(TOPIC, NOW - MINUTE, NOW - MINUTE, 1, "good");
    await writer.flushed();
    store.start();
    expect(await store.reach(writer.end)).toBe(true);
    const off = AbortSignal.abort();
    const city = "lianyungang";
    const query = { ...ALL, step: MINUTE, aggregates: ["avg" as const], fill: "none" as const, timeZone: "UTC" };
    const questions = [
      store.methods.query(query, off),
      store.methods.past({ at: NOW, knowledge: "then", topics: [{ topic: TOPIC, spans: [900] }] }, off),
      store.methods.changes({ ...ALL, downsample: 0 }, off),
      store.methods.values([{ topic: TOPIC, at: [NOW], tolerance: MINUTE, asOf: null }], off),
      store.methods.screen({ city, screen: "overview", at: NOW }, off),
      store.methods.extent({ city }, off),
      store.methods.quality({ topic: TOPIC, from: NOW - 1, to: NOW, interval: 1, limit: 1, timeZone: "UTC" }, off),
      store.methods.events({ city, from: 0, to: NOW }, off),
      store.methods.event({ city, id: "e1" }, off),
      store.methods.annotations({ city, from: 0, to: NOW }, off),
    ];
    const outcomes = await Promise.allSettled<unknown>(questions);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: expect.any(Cancelled) as Cancelled });
  });
});

describe("a question to the store", () => {
  const ask = {
    topics: [TOPIC],
    from: NOW - 10 * MINUTE,
    to: NOW,
    step: MINUTE,
    aggregates: ["count" as const],
    fill: "none" as const,
    timeZone: "UTC",
  };

  it("waits for what was acknowledged before it, even while the store is only opening", async () => {
    const { service: store, journal: writer } = await open();
    writer.reading(TOPIC, NOW - 5 * MINUTE, NOW - 5 * MINUTE, 1, "good");
    await writer.flushed();
    store.start();
    expect(await store.reach(writer.end)).toBe(true);
    const answer = await store.methods.query(ask, undefined, true);
    expect(answer).toEqual({
      completeUntil: NOW,
      provisionalFrom: NOW - MINUTE,
      series: [{ topic: TOPIC, at: [NOW - 5 * MINUTE], values: { count: [1] } }],
    });
    writer.reading(TOPIC, NOW - 4 * MINUTE, NOW - 1, 2, "good");
    await writer.flushed();
    expect(await store.reach(writer.end)).toBe(true);
    expect((await store.methods.query(ask)).series[0]?.at).toEqual([NOW - 5 * MINUTE, NOW - 4 * MINUTE]);
  });

  it("is answered as complete where nothing was ever published, with the aggregates that were asked for", async () => {
    const { service: store, journal: writer } = await open();
    store.start();
    expect(await store.reach(writer.end)).toBe(true);
    const answer = await store.methods.query({ ...ask, fill: "null", from: NOW - 2 * MINUTE });
    expect(answer).toEqual({
      completeUntil: NOW,
      provisionalFrom: NOW - MINUTE,
      series: [{ topic: TOPIC, at: [NOW - 2 * MINUTE, NOW - MINUTE], values: { count: [null, null] } }],
    });
  });

  it("says in every answer up to when it is complete", async () => {
    const { service: store, journal: writer } = await open();
    writer.reading(TOPIC, NOW - 5 * MINUTE, NOW - 3 * MINUTE, 1, "good");
    await writer.flushed();
    store.start();
    expect(await store.reach(writer.end)).toBe(true);
    const { methods } = store;
    const range = { from: NOW - 10 * MINUTE, to: NOW };
    const since = { knowledge: "since" as const };
    const event = { city: "lianyungang", id: "none" };
    const questions: ((caughtUp: boolean) => Promise<{ completeUntil: number }>)[] = [
      (caughtUp) => methods.past({ ...since, at: NOW, topics: [{ topic: TOPIC, spans: [] }] }, undefined, caughtUp),
      (caughtUp) => methods.changes({ ...since, ...range, topics: [TOPIC], downsample: 0 }, undefined, caughtUp),
      (caughtUp) => methods.values([{ topic: TOPIC, at: [NOW], tolerance: MINUTE, asOf: null }], undefined, caughtUp),
      (caughtUp) => methods.events({ city: event.city, ...range }, undefined, caughtUp),
      (caughtUp) => methods.event(event, undefined, caughtUp),
    ];
    for (const ask of questions) {
      expect(await ask(true)).toMatchObject({ completeUntil: NOW });
      expect(await ask(false)).toMatchObject({ completeUntil: NOW - 3 * MINUTE });
    }
  });

  it("says up to when it is complete where the store has not come so far", async () => {
    const { service: store, journal: writer } = await open();
    writer.reading(TOPIC, NOW - 5 * MINUTE, NOW - 3 * MINUTE, 1, "good");
    await writer.flushed();
    store.start();
    await store.reach(writer.end);
    // More than is there: as if the store lagged.
    expect(await store.reach({ segment: 99, offset: 0 })).toBe(false);
    expect(await store.methods.query(ask, undefined, false)).toMatchObject({
      completeUntil: NOW - 3 * MINUTE,
      provisionalFrom: NOW - 4 * MINUTE,
    });
  });
});

describe("what comes in", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });

  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  /** One reading as the journal has it. */
  function record(at: number): Buffer {
    const builder = new ColumnsBuilder();
    builder.add(TOPIC, at, at, 2, "good");
    return encodeRecord({ readings: builder.take(), events: [], positions: [], screens: [] });
  }

  /** Resolves once the store has nothing to do and lets things gather. */
  async function resting(): Promise<void> {
    while (vi.getTimerCount() === 0) await turn();
  }

  async function taken(count: number): Promise<void> {
    while ((service?.state().taken ?? 0) < count) await turn();
  }

  it("gathers for two seconds and goes into the store as one, and so does what comes meanwhile", async () => {
    const { service: store, journal: writer } = await open();
    store.start();
    await resting();
    const tells: number[] = [];
    told = (state) => {
      tells.push(state.taken);
      if (tells.length < 3)
        appendFileSync(segmentFile(journalFolder(data), writer.end.segment), record(NOW - tells.length));
    };
    for (let i = 0; i < 19; i++) {
      writer.reading(TOPIC, NOW - MINUTE + i, NOW, i, "good");
      await writer.flushed();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(store.state().taken).toBe(0);
    await vi.advanceTimersByTimeAsync(100);
    await taken(19);
    await resting();
    expect(tells).toEqual([19]);
    await vi.advanceTimersByTimeAsync(2_000);
    await taken(20);
    await resting();
    expect(tells).toEqual([19, 20]);
  });

  it("leaves no segment that has been ended to the next time", async () => {
    const { service: store, journal: writer } = await open();
    writer.reading(TOPIC, NOW - MINUTE, NOW, 1, "good");
    await writer.flushed();
    const folder = journalFolder(data);
    appendFileSync(segmentFile(folder, writer.end.segment), Buffer.alloc(20, 1));
    for (const more of [1, 2]) writeFileSync(segmentFile(folder, writer.end.segment + more), record(NOW - more));
    store.start();
    await resting();
    expect(store.state().taken).toBe(3);
  });

  it("goes into the store sooner where it is much", async () => {
    const { service: store, journal: writer } = await open();
    store.start();
    await resting();
    for (let i = 0; i < 10_000; i++) writer.reading(TOPIC, NOW - MINUTE + i, NOW, i, "good");
    await writer.flushed();
    await vi.advanceTimersByTimeAsync(250);
    await taken(10_000);
  });

  it("does not keep a question waiting that comes just after the journal was read", async () => {
    const { service: store, journal: writer } = await open();
    store.start();
    await resting();
    writer.reading(TOPIC, NOW - MINUTE, NOW, 1, "good");
    await writer.flushed();
    const later = record(NOW - 1);
    const end = { ...writer.end, offset: writer.end.offset + later.length };
    const reached = new Promise<boolean>((resolve) => {
      // Its next look at the clock is for rollups.
      looked = () => {
        if (store.state().taken === 0) return;
        looked = () => {};
        appendFileSync(segmentFile(journalFolder(data), end.segment), later);
        void store.reach(end).then(resolve);
      };
    });
    void store.reach(writer.end);
    expect(await reached).toBe(true);
  });

  it("is in the store when it has been closed in good order", async () => {
    const { service: store, journal: writer } = await open();
    store.start();
    await resting();
    writer.reading(TOPIC, NOW - MINUTE, NOW, 1, "good");
    await writer.flushed();
    await store.close();
    const engine = await openDuckdb(duckdbFile(data));
    expect(await engine.rows("SELECT value FROM readings")).toEqual([{ value: 1 }]);
    await engine.close();
  });
});

describe("a seed", () => {
  const batch = (value: number) => {
    const columns = new ColumnsBuilder();
    columns.add(TOPIC, NOW - value * MINUTE, NOW, value, "good");
    return { readings: columns.take(), events: [], positions: [], screens: [] };
  };
  const until = async (look: () => boolean): Promise<void> => {
    while (!look()) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it("whose process was killed keeps what it wrote, and does not stand in the way of the next", async () => {
    const { service: store } = await open();
    const root = path.join(data, "journal");
    const killed = new BulkJournal(root, "seed-1");
    killed.write(batch(1));
    // As a process leaves it that is there no longer.
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(path.join(killed.folder, "begun"), `${pid} 1`);
    const running = new BulkJournal(root, "seed-2");
    running.write(batch(2));
    const next = new BulkJournal(root, "seed-3");
    next.write(batch(3));
    next.end();
    store.start();
    await until(() => killed.gone && next.gone);
    expect(running.gone).toBe(false);
    running.end();
    await until(() => running.gone);
    expect(store.state()).toMatchObject({ error: null, taken: 3 });
  });
});

describe("a file of the store that cannot be read", () => {
  const ask = {
    topics: [TOPIC],
    from: NOW - 10 * MINUTE,
    to: NOW,
    step: 0,
    aggregates: ["last" as const],
    fill: "none" as const,
    timeZone: "UTC",
  };

  /** A store that was closed in good order with a reading that is in its file alone, and one in the journal. */
  async function kept(): Promise<void> {
    const { service: store, journal: writer } = await open();
    writer.reading(TOPIC, NOW - 2 * MINUTE, NOW, 1, "good");
    await writer.flushed();
    store.start();
    expect(await store.reach(writer.end)).toBe(true);
    await store.close();
  }

  it.each([
    ["is no database", () => Buffer.from("this is no database, however long one looks at it".repeat(500))],
    ["has lost its head", (bytes: Buffer) => Buffer.concat([Buffer.alloc(4_096), bytes.subarray(4_096)])],
    ["has bits turned in its head", (bytes: Buffer) => turned(bytes, 4_096 + 20)],
    ["has bits turned where it keeps its tables", (bytes: Buffer) => turned(bytes, 12_288 + 100)],
    ["is half as long", (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))],
  ])(
    "is named and kept aside, and a new one fed from the journal: one that %s",
    { timeout: 30_000 },
    async (kind, harm) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => {});
      await kept();
      const file = duckdbFile(data);
      const broken = harm(readFileSync(file));
      writeFileSync(file, broken);
      service = new HistoryService({ data, databaseUrl: undefined, config: parseHistoryConfig({}), now: () => NOW });
      service.start();
      const { end } = journal as JournalWriter;
      await vi.waitFor(async () => expect(await service?.reach(end)).toBe(true), { timeout: 20_000 });
      expect((await service.methods.query(ask)).series[0]?.values).toEqual({ last: [1] });
      // The journal has all that was ever acknowledged, so nothing is lost, wherever the bits lay; who cannot tell says so.
      const notices = noticesIn(data);
      expect(notices.map(({ lost }) => lost)).toEqual(notices.map(() => 0));
      const failed = notices.filter(({ fault }) => fault.startsWith("nothing could be taken over"));
      expect(failed.map(({ exact }) => exact)).toEqual(failed.map(() => false));
      if (kind === "is no database") expect(failed).toHaveLength(1);
      const notice = notices.find((one) => one.file === file);
      expect(notice).toMatchObject({ what: "store" });
      expect(readFileSync(notice?.kept ?? "").equals(broken)).toBe(true);
      expect(log.mock.calls.flat().join("\n")).toContain(file);
      log.mockRestore();
    },
  );

  it("loses nothing but what was written ahead of it where that alone is broken", { timeout: 30_000 }, async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    await kept();
    const open = (): HistoryService =>
      new HistoryService({ data, databaseUrl: undefined, config: parseHistoryConfig({}), now: () => NOW });
    const writer = journal as JournalWriter;
    service = open();
    service.start();
    // A fault in the last of several is taken for what a kill leaves.
    for (const value of [2, 3, 4]) {
      writer.reading(TOPIC, NOW - MINUTE + value, NOW, value, "good");
      await writer.flushed();
      expect(await service.reach(writer.end)).toBe(true);
    }
    // As a killed process leaves both.
    const [file, ahead] = [duckdbFile(data), `${duckdbFile(data)}.wal`];
    const [whole, broken] = [readFileSync(file), readFileSync(ahead)];
    await service.close();
    const early = Math.floor(broken.length / 4);
    broken[early] = (broken[early] ?? 0) ^ 1;
    writeFileSync(file, whole);
    writeFileSync(ahead, broken);
    service = open();
    service.start();
    await vi.waitFor(async () => expect(await service?.reach(writer.end)).toBe(true), { timeout: 20_000 });
    expect((await service.methods.query(ask)).series[0]?.values).toEqual({ last: [1, 2, 3, 4] });
    const notices = noticesIn(data);
    expect(notices).toMatchObject([{ what: "store", file: ahead }]);
    expect(readFileSync(notices[0]?.kept ?? "").equals(broken)).toBe(true);
    log.mockRestore();
  });

  function turned(bytes: Buffer, at: number): Buffer {
    for (let i = 0; i < 16; i++) bytes[at + i] = (bytes[at + i] ?? 0) ^ 0x55;
    return bytes;
  }
});
