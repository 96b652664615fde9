import { mkdir, mkdtemp, readFile, rm, rmdir, symlink, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  bytesBeyond,
  ColumnsBuilder,
  JournalWriter,
  NotKept,
  segmentFile,
  segmentsIn,
  type JournalBatch,
} from "./journal";
import { readSegment } from "./reader";
import { encodeRecord } from "./records";

/** Bytes that still fit on the disk: what goes beyond is written in part, then refused. */
const disk = vi.hoisted(() => ({ room: Infinity, syncs: true }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  type Done = (error: Error | null, written: number) => void;
  const write = (file: number, bytes: Buffer, from: number, length: number, position: null, done: Done): void => {
    if (disk.room <= 0) return done(new Error("ENOSPC: no space left on device, write"), 0);
    const fits = Math.min(length, disk.room);
    disk.room -= fits;
    real.write(file, bytes, from, fits, position, done);
  };
  const fdatasync = (file: number, done: (error: Error | null) => void): void => {
    if (disk.syncs) real.fdatasync(file, done);
    else setImmediate(() => done(new Error("ENOSPC: no space left on device, fdatasync")));
  };
  return { ...real, write, fdatasync };
});

const TOPIC = "reading/x/all/m";
let folder = "";
beforeEach(async () => {
  disk.room = Infinity;
  disk.syncs = true;
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-journal-"));
});

async function valuesIn(segment = 1): Promise<number[]> {
  const { batches } = await readSegment(segmentFile(folder, segment), 0);
  return batches.flatMap((batch) => [...batch.readings.value]);
}

/** All values that a reader finds, over segments. */
async function everything(): Promise<number[]> {
  return (await Promise.all(segmentsIn(folder).map((segment) => valuesIn(segment)))).flat();
}

describe("journal", () => {
  it("reads what an earlier version wrote: readings without a sequence have zeros", async () => {
    const { sequence: _none, ...before } = {
      topics: [TOPIC],
      topic: Uint32Array.of(0, 0),
      observed: Float64Array.of(1, 1),
      recorded: Float64Array.of(2, 2),
      value: Float64Array.of(3, 4),
      quality: Uint8Array.of(0, 2),
      sequence: null,
    };
    await writeFile(
      segmentFile(folder, 1),
      encodeRecord({ readings: before as unknown as JournalBatch["readings"], events: [], positions: [], screens: [] }),
    );
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
    const all = batches.flatMap(({ readings }) =>
      [...readings.value].map((value, k) => [
        readings.topics[readings.topic[k] ?? 0],
        readings.observed[k],
        readings.recorded[k],
        value,
      ]),
    );
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

  it("is read to its end in pieces of any size, whatever the size of its records", async () => {
    const sizes = fc.array(fc.nat(60), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 3_000 }), async (counts, limit) => {
        const builder = new ColumnsBuilder();
        const records = counts.map((count, record) => {
          for (let i = 0; i < count; i++) builder.add(TOPIC, record, i, i, "good");
          return encodeRecord({ readings: builder.take(), events: [], positions: [], screens: [] });
        });
        await writeFile(segmentFile(folder, 1), Buffer.concat(records));
        const read: number[] = [];
        let offset = 0;
        for (let more = true; more;) {
          const piece = await readSegment(segmentFile(folder, 1), offset, limit);
          read.push(...piece.batches.map((batch) => batch.readings.value.length));
          more = piece.offset > offset;
          ({ offset } = piece);
        }
        expect(read).toEqual(counts);
      }),
      { numRuns: 50 },
    );
  });

  it("ends where only zeros follow, as a power cut leaves them", async () => {
    const builder = new ColumnsBuilder();
    builder.add(TOPIC, 1, 1, 1, "good");
    const record = encodeRecord({ readings: builder.take(), events: [], positions: [], screens: [] });
    await writeFile(segmentFile(folder, 1), Buffer.concat([record, Buffer.alloc(4_096)]));
    const { batches, offset } = await readSegment(segmentFile(folder, 1), 0);
    expect([batches.length, offset]).toEqual([1, record.length]);
  });

  it("keeps every whole record wherever the file was cut, and invents none", async () => {
    const batch = (value: number): JournalBatch => ({
      readings: {
        topics: [TOPIC],
        topic: Uint32Array.of(0),
        observed: Float64Array.of(value),
        recorded: Float64Array.of(value),
        value: Float64Array.of(value),
        quality: Uint8Array.of(0),
        sequence: Uint16Array.of(0),
      },
      events: [],
      positions: [],
      screens: [],
    });
    const records = [1, 2, 3].map((value) => encodeRecord(batch(value)));
    const ends = records.map((_, i) => records.slice(0, i + 1).reduce((sum, record) => sum + record.length, 0));
    const file = segmentFile(folder, 1);
    const whole = Buffer.concat(records);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (cut) => {
        await writeFile(file, whole);
        await truncate(file, cut);
        expect(await valuesIn()).toEqual([1, 2, 3].filter((_, i) => (ends[i] as number) <= cut));
      }),
      { numRuns: 60 },
    );
  });

  it("stops at a last record whose bytes were changed, as more of it may still come", async () => {
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

  it("says when its room is used up, keeps what was under way, and has room again once the store has taken it in", async () => {
    const journal = new JournalWriter(folder, 2_000);
    let given = 0;
    for (; !journal.full; given++) {
      journal.reading(TOPIC, given, given, given, "good");
      await journal.flushed();
    }
    journal.reading(TOPIC, given, given, given, "good");
    await journal.flushed();
    expect(await everything()).toEqual(Array.from({ length: given + 1 }, (_, i) => i));
    // The store is not through yet: what it needs stays.
    await journal.release({ segment: 1, offset: 10 });
    expect([journal.full, segmentsIn(folder)[0]]).toEqual([true, 1]);
    const { end } = journal;
    await journal.release(end);
    expect([journal.full, segmentsIn(folder)]).toEqual([false, [end.segment]]);
    journal.reading(TOPIC, 0, 0, 1_000, "good");
    await journal.close();
    expect((await everything()).at(-1)).toBe(1_000);
  });

  it("numbers its segments after those that are known to have been, although their files are gone", async () => {
    const journal = new JournalWriter(folder, 1e9, 57);
    await journal.close();
    expect(segmentsIn(folder)).toEqual([58]);
  });
});

describe("a journal's folder", () => {
  it("holds its segments in the order of their numbers, whatever else lies there", async () => {
    for (const segment of [12, 2, 7]) await writeFile(segmentFile(folder, segment), "");
    for (const other of [
      "x0000000003.journal",
      "0000000004.journal.broken",
      "12.journal",
      "0000000005-journal",
      "notes",
    ])
      await writeFile(path.join(folder, other), "");
    expect(segmentsIn(folder)).toEqual([2, 7, 12]);
    expect(segmentsIn(path.join(folder, "nowhere"))).toEqual([]);
  });

  it("knows how many bytes it holds beyond a place: the rest of that segment, and all of those after it", async () => {
    for (const [segment, bytes] of [
      [1, 1_000],
      [2, 50],
      [3, 7],
    ] as const)
      await writeFile(segmentFile(folder, segment), Buffer.alloc(bytes));
    expect(bytesBeyond(folder, { segment: 2, offset: 20 })).toBe(37);
    expect(bytesBeyond(folder, { segment: 2, offset: 0 })).toBe(57);
    expect(bytesBeyond(folder, { segment: 1, offset: 1_000 })).toBe(57);
    // What is said to have been read may lie beyond what was written before the power went.
    expect(bytesBeyond(folder, { segment: 3, offset: 90 })).toBe(0);
    expect(bytesBeyond(folder, { segment: 4, offset: 0 })).toBe(0);
  });
});

describe("a disk that cannot be written", () => {
  it("makes no one believe that something was kept, and loses and doubles nothing once it can", async () => {
    const step = fc.record({ give: fc.integer({ min: 0, max: 3 }), room: fc.option(fc.nat(900), { nil: null }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        folder = await mkdtemp(path.join(os.tmpdir(), "citywall-journal-"));
        const journal = new JournalWriter(folder, 20_000);
        const given: number[] = [];
        for (const { give, room } of steps) {
          disk.room = room ?? Infinity;
          for (let i = 0; i < give; i++) {
            given.push(given.length);
            journal.reading(TOPIC, 0, 0, given.length - 1, "good");
          }
          const kept = await journal.flushed().then(
            () => true,
            (error: unknown) => {
              expect(error).toBeInstanceOf(NotKept);
              return false;
            },
          );
          // The file never ends in half a record for long: what is told to be kept can be read, in order, each once.
          const read = await everything();
          expect(read).toEqual(given.slice(0, read.length));
          if (kept) expect(read).toEqual(given);
          else expect(journal.error).toContain("ENOSPC");
        }
        disk.room = Infinity;
        await journal.flushed();
        expect([journal.error, await everything()]).toEqual([null, given]);
        await journal.close();
      }),
      { numRuns: 60 },
    );
  });

  it("that takes bytes and then cannot sync them acknowledges nothing more until it can", async () => {
    const journal = new JournalWriter(folder, 1e9);
    disk.syncs = false;
    journal.reading(TOPIC, 0, 0, 1, "good");
    await journal.flushed().catch(() => {});
    await vi.waitFor(() => expect(journal.error).toContain("fdatasync"));
    journal.reading(TOPIC, 0, 0, 2, "good");
    await expect(journal.flushed()).rejects.toThrow(/fdatasync/);
    expect(journal.error).toContain("fdatasync");
    disk.syncs = true;
    await vi.waitFor(() => expect(journal.error).toBeNull(), { timeout: 5_000 });
    journal.reading(TOPIC, 0, 0, 3, "good");
    await journal.flushed();
    await journal.close();
    expect(await everything()).toEqual([1, 2, 3]);
    // What came since is in another file than what the disk may not have, and no file was begun in vain.
    expect([2, 3]).toContain(segmentsIn(folder).length);
  });

  it("is tried again without anybody sending", async () => {
    const journal = new JournalWriter(folder, 1e9);
    disk.room = 5;
    journal.reading(TOPIC, 0, 0, 1, "good");
    await expect(journal.flushed()).rejects.toThrow(/ENOSPC/);
    disk.room = Infinity;
    await vi.waitFor(() => expect(journal.error).toBeNull(), { timeout: 5_000 });
    expect(await everything()).toEqual([1]);
    await journal.close();
  });

  it("begins another file where half a record cannot be cut off, and waits where that cannot be begun", async () => {
    const journal = new JournalWriter(folder, 8);
    journal.reading(TOPIC, 0, 0, 1, "good");
    await journal.flushed();
    // Every byte for this one is refused, and it cannot be cut either; where the next should be stands a folder.
    const { segment } = journal.end;
    await symlink("/dev/full", segmentFile(folder, segment + 1));
    await mkdir(segmentFile(folder, segment + 2));
    journal.reading(TOPIC, 0, 0, 2, "good");
    await journal.flushed();
    for (const value of [3, 4]) {
      journal.reading(TOPIC, 0, 0, value, "good");
      await expect(journal.flushed()).rejects.toThrow();
    }
    await expect(journal.flushed()).rejects.toThrow(/EISDIR/);
    await rmdir(segmentFile(folder, segment + 2));
    await journal.flushed();
    await journal.close();
    expect(await everything()).toEqual([1, 2, 3, 4]);
  });

  it("does not keep the gateway from starting", async () => {
    const file = path.join(folder, "live");
    await writeFile(file, "");
    const journal = new JournalWriter(file, 1e9);
    expect(journal.error).toMatch(/ENOTDIR|EEXIST/);
    await rm(file);
    await vi.waitFor(() => expect(journal.error).toBeNull(), { timeout: 5_000 });
    folder = file;
    journal.reading(TOPIC, 0, 0, 1, "good");
    await journal.close();
    expect(await everything()).toEqual([1]);
  });
});
