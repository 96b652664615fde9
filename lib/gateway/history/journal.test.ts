import { mkdtemp, readFile, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { encodeRecord, JournalWriter, readSegment, segmentFile, segmentsIn, type JournalBatch } from "./journal";

const TOPIC = "reading/x/all/m";
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-journal-"));
});

async function valuesIn(segment = 1): Promise<number[]> {
  const { batches } = await readSegment(segmentFile(folder, segment), 0);
  return batches.flatMap((batch) => [...batch.readings.value]);
}

describe("journal", () => {
  it("reads what an earlier version wrote: readings without a sequence have zeros", async () => {
    const { sequence: _none, ...before } = { topics: [TOPIC], topic: Uint32Array.of(0, 0), observed: Float64Array.of(1, 1), recorded: Float64Array.of(2, 2), value: Float64Array.of(3, 4), quality: Uint8Array.of(0, 2), sequence: null };
    await writeFile(segmentFile(folder, 1), encodeRecord({ readings: before as unknown as JournalBatch["readings"], events: [], positions: [], screens: [] }));
    const { batches } = await readSegment(segmentFile(folder, 1), 0);
    expect([...(batches[0]?.readings.sequence ?? [])]).toEqual([0, 0]);
  });

  it("has on disk what was flushed, in order, with its topics and times", async () => {
    const journal = new JournalWriter(folder, 1e9);
    for (let i = 0; i < 1_000; i++) {
      journal.reading(i % 2 ? TOPIC : "reading/x/all/n", i, i + 5, i / 3, "good");
      if (i % 100 === 0) await journal.flushed();
    }
    await journal.flushed();
    const { batches } = await readSegment(segmentFile(folder, 1), 0);
    const all = batches.flatMap(({ readings }) => [...readings.value].map((value, k) => [readings.topics[readings.topic[k] ?? 0], readings.observed[k], readings.recorded[k], value]));
    expect(all).toEqual(Array.from({ length: 1_000 }, (_, i) => [i % 2 ? TOPIC : "reading/x/all/n", i, i + 5, i / 3]));
    expect(batches.length).toBeLessThan(50);
    await journal.close();
  });

  it("begins a new segment after each start and goes on reading where it stopped", async () => {
    for (const value of [1, 2]) {
      const journal = new JournalWriter(folder, 1e9);
      journal.reading(TOPIC, 0, 0, value, "good");
      await journal.close();
    }
    expect(segmentsIn(folder)).toEqual([1, 2]);
    const first = await readSegment(segmentFile(folder, 1), 0);
    expect((await readSegment(segmentFile(folder, 1), first.offset)).batches).toEqual([]);
    expect(await valuesIn(2)).toEqual([2]);
  });

  it("keeps every whole record wherever the file was cut, and invents none", async () => {
    const batch = (value: number): JournalBatch => ({ readings: { topics: [TOPIC], topic: Uint32Array.of(0), observed: Float64Array.of(value), recorded: Float64Array.of(value), value: Float64Array.of(value), quality: Uint8Array.of(0), sequence: Uint16Array.of(0) }, events: [], positions: [], screens: [] });
    const records = [1, 2, 3].map((value) => encodeRecord(batch(value)));
    const ends = records.map((_, i) => records.slice(0, i + 1).reduce((sum, record) => sum + record.length, 0));
    const file = segmentFile(folder, 1);
    const whole = Buffer.concat(records);
    await fc.assert(fc.asyncProperty(fc.nat(whole.length), async (cut) => {
      await writeFile(file, whole);
      await truncate(file, cut);
      expect(await valuesIn()).toEqual([1, 2, 3].filter((_, i) => (ends[i] as number) <= cut));
    }), { numRuns: 60 });
  });

  it("stops at a record whose bytes were changed", async () => {
    const journal = new JournalWriter(folder, 1e9);
    for (const value of [1, 2]) {
      journal.reading(TOPIC, 0, 0, value, "good");
      await journal.flushed();
    }
    const file = segmentFile(folder, 1);
    const bytes = await readFile(file);
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 0xff;
    await writeFile(file, bytes);
    expect(await valuesIn()).toEqual([1]);
  });

  it("counts what does not fit the spill and takes more once there is room", async () => {
    const journal = new JournalWriter(folder, 2_000);
    for (let i = 0; i < 200; i++) {
      journal.reading(TOPIC, i, i, i, "good");
      await journal.flushed();
    }
    expect(journal.full).toBe(true);
    const kept = await valuesIn();
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => i));
    expect(journal.lost).toBe(200 - kept.length);
    await journal.close();
    const next = new JournalWriter(folder, 4_000);
    await next.release({ segment: 2, offset: 0 });
    next.reading(TOPIC, 0, 0, 1_000, "good");
    await next.flushed();
    expect([next.lost, await valuesIn(2), segmentsIn(folder)]).toEqual([0, [1_000], [2]]);
    await next.close();
  });
});
