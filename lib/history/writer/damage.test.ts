import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { serialize } from "node:v8";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ColumnsBuilder, segmentFile, type JournalBatch } from "./journal";
import { readSegment } from "./reader";
import { encodeRecord, stampRecord } from "./records";

const TOPIC = "reading/x/all/m";
let folder = "";
beforeEach(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), "citywall-damage-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A batch of readings with the values [from, from + count). */
function batchOf(from: number, count: number): JournalBatch {
  const builder = new ColumnsBuilder();
  for (let i = 0; i < count; i++) builder.add(TOPIC, from + i, from + i, from + i, "good");
  return { readings: builder.take(), events: [], positions: [], screens: [] };
}

/** A record as earlier versions wrote it. */
function earlier(batch: JournalBatch): Buffer {
  const payload = serialize(batch);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([head, payload]);
}

interface Record {
  values: number[];
  bytes: Buffer;
}

/** Records of one segment that hold the values 0, 1, 2 and so on, so many each. */
function segmentOf(counts: number[], encode: (batch: JournalBatch, first: number) => Buffer): Record[] {
  let first = 0;
  return counts.map((count) => {
    const bytes = encode(batchOf(first, count), first);
    const values = Array.from({ length: count }, (_, i) => first + i);
    first += count;
    return { values, bytes };
  });
}

function stamped(batch: JournalBatch, first: number, previous: number | null = null): Buffer {
  const record = encodeRecord(batch);
  stampRecord(record, { first, previous });
  return record;
}

/** All that a reader finds of a segment that another follows, whatever it is given at a time. */
async function readAll(
  limit?: number,
): Promise<{ values: number[]; lost: number; exact: boolean; end: number; bad: Buffer }> {
  const found = { values: [] as number[], lost: 0, exact: true, end: 0, bad: Buffer.alloc(0) };
  for (let more = true; more;) {
    const piece = await readSegment(segmentFile(folder, 1), found.end, limit, segmentFile(folder, 2));
    found.values.push(...piece.batches.flatMap(({ readings }) => [...readings.value]));
    if (piece.damage) {
      found.lost += piece.damage.lost;
      found.exact &&= piece.damage.exact;
      found.bad = Buffer.concat([found.bad, piece.damage.bytes]);
    }
    more = piece.offset > found.end;
    found.end = piece.offset;
  }
  return found;
}

const counts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
/** Where (a share of the file) and what: a bit turned, bytes dropped, bytes that come from nowhere. */
const injury = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  kind: fc.constantFrom("flip" as const, "drop" as const, "insert" as const),
  size: fc.integer({ min: 1, max: 50 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 50 }),
});
type Injury = typeof injury extends fc.Arbitrary<infer T> ? T : never;

/** The records' bytes with an injury, and which of the records are hurt by it: are whole neither where they were nor moved by it. */
function hurt(records: Record[], { at, kind, size, bytes }: Injury): { file: Buffer; broken: Set<number> } {
  const whole = Buffer.concat(records.map((record) => record.bytes));
  const place = Math.floor(at * whole.length);
  const [before, after] = [whole.subarray(0, place), whole.subarray(place)];
  const flipped = Buffer.from(after);
  flipped[0] = (after[0] ?? 0) ^ (1 << (size % 8));
  const rest = { flip: [flipped], drop: [after.subarray(size)], insert: [bytes, after] }[kind];
  const file = Buffer.concat([before, ...rest]);
  const broken = new Set<number>();
  let [begin, taken] = [0, 0];
  records.forEach((record, i) => {
    const { length } = record.bytes;
    // What is put in or dropped may be just what stood there.
    const found = [begin, begin + file.length - whole.length].find(
      (from) => from >= taken && file.subarray(from, from + length).equals(record.bytes),
    );
    if (found === undefined) broken.add(i);
    else taken = found + length;
    begin += length;
  });
  return { file, broken };
}

describe("a segment with bytes that were flipped, dropped or put in", () => {
  it("gives back every record that is whole, and says exactly how many items are lost", async () => {
    await fc.assert(
      fc.asyncProperty(counts, injury, fc.constantFrom(undefined, 100), async (sizes, wound, limit) => {
        const records = segmentOf(sizes, stamped);
        const total = sizes.reduce((sum, count) => sum + count, 0);
        const { file, broken } = hurt(records, wound);
        await writeFile(segmentFile(folder, 1), file);
        await writeFile(segmentFile(folder, 2), stamped(batchOf(total, 1), 0, total));
        const whole = records.filter((_, i) => !broken.has(i)).flatMap(({ values }) => values);
        const found = await readAll(limit);
        expect(found.values).toEqual(whole);
        expect([found.lost, found.exact]).toEqual([total - whole.length, true]);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps the bytes that are no record, and nothing else", async () => {
    const records = segmentOf([3, 4, 5], stamped);
    const bytes = Buffer.concat(records.map((record) => record.bytes));
    const middle = (records[0]?.bytes.length ?? 0) + 50;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await writeFile(segmentFile(folder, 1), bytes);
    await writeFile(segmentFile(folder, 2), stamped(batchOf(12, 1), 0, 12));
    const found = await readAll();
    expect(found).toMatchObject({ lost: 4, exact: true, end: bytes.length });
    const from = records[0]?.bytes.length ?? 0;
    expect(found.bad.equals(bytes.subarray(from, from + (records[1]?.bytes.length ?? 0)))).toBe(true);
  });

  it("that an earlier version wrote gives back its whole records too, and says what it can of the rest", async () => {
    await fc.assert(
      fc.asyncProperty(counts, injury, async (sizes, wound) => {
        const records = segmentOf(sizes, earlier);
        const { file, broken } = hurt(records, wound);
        await writeFile(segmentFile(folder, 1), file);
        await writeFile(segmentFile(folder, 2), earlier(batchOf(0, 1)));
        const { values, lost } = await readAll();
        expect(values).toEqual(records.filter((_, i) => !broken.has(i)).flatMap((record) => record.values));
        // What was cut at the end cannot be told from what a kill left half written.
        const isAtEnd = broken.has(records.length - 1);
        if (broken.size > 0 && !isAtEnd) expect(lost).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });

  it("may hold records of both versions", async () => {
    const records = [earlier(batchOf(0, 2)), stamped(batchOf(2, 3), 2), earlier(batchOf(5, 1))];
    await writeFile(segmentFile(folder, 1), Buffer.concat(records));
    await writeFile(segmentFile(folder, 2), Buffer.alloc(0));
    expect(await readAll()).toMatchObject({ values: [0, 1, 2, 3, 4, 5], lost: 0 });
  });

  it("is not passed over while nothing whole follows in it and it may still be written", async () => {
    const [first, second] = segmentOf([3, 4], stamped) as [Record, Record];
    const half = second.bytes.subarray(0, 60);
    await writeFile(segmentFile(folder, 1), Buffer.concat([first.bytes, half]));
    const piece = await readSegment(segmentFile(folder, 1), first.bytes.length);
    expect(piece).toEqual({ batches: [], offset: first.bytes.length });
    // Half a record at the end of a file that is done with was never acknowledged: nothing is lost.
    await writeFile(segmentFile(folder, 2), stamped(batchOf(3, 1), 0, 3));
    expect(await readAll()).toMatchObject({ values: [0, 1, 2], lost: 0 });
    expect(await readdir(folder)).toHaveLength(2);
  });
});
