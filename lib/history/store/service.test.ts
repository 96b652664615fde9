import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parseHistoryConfig } from "../config";
import { journalFolder } from "../writer/journal";
import { JournalWriter } from "../writer/journal";
import { HistoryService } from "./service";

const NOW = Date.parse("2026-11-24T04:00:00Z");
const TOPIC = "reading/lianyungang/all/cases-today";
const MINUTE = 60_000;
let data = "";
let service: HistoryService | null = null;
let journal: JournalWriter | null = null;

async function open(): Promise<{ service: HistoryService; journal: JournalWriter }> {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-service-"));
  journal = new JournalWriter(journalFolder(data), 1e9);
  service = new HistoryService({ data, databaseUrl: undefined, config: parseHistoryConfig({}), now: () => NOW });
  return { service, journal };
}

afterEach(async () => {
  await service?.close();
  await journal?.close();
  await rm(data, { recursive: true, force: true });
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
