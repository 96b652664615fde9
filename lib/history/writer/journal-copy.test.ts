import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { JournalWriter, journalFolder, segmentFile, segmentsIn } from "./journal";
import { LiveJournalCopy } from "./journal-copy";
import { readSegment } from "./reader";

/** A journal whose segments are full after a few readings. */
const LIMIT = 64 << 10;

describe("a copy of the live journal", () => {
  let folder: string;
  let journal: JournalWriter;
  let next = 0;
  const place = (name: string): string => path.join(folder, name);
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "citywall-copy-"));
    journal = new JournalWriter(journalFolder(place("data")), LIMIT);
    next = 0;
  });
  afterEach(async () => {
    await journal.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Writes readings with the values 0, 1, 2 and so on, a record each. */
  async function write(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      journal.reading("reading/x/all/y", next, next, next, "good");
      next++;
      await journal.flushed();
    }
  }

  /** The values that a journal holds, in order; @throws where a byte of it is no record */
  async function valuesIn(data: string): Promise<number[]> {
    const values: number[] = [];
    for (const segment of segmentsIn(journalFolder(data))) {
      const file = segmentFile(journalFolder(data), segment);
      const { length } = await readFile(file);
      for (let offset = 0; offset < length;) {
        const read = await readSegment(file, offset);
        if (read.offset === offset || read.damage) throw new Error(`${file}: no record at ${offset}`);
        for (const { readings } of read.batches) values.push(...readings.value);
        offset = read.offset;
      }
    }
    return values;
  }
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

  it("has all from where it began to where it ended, whatever is let go of meanwhile, and nothing beyond", async () => {
    await write(100);
    const copy = new LiveJournalCopy(journal, place("data"), place("tree"));
    await write(300);
    expect(segmentsIn(journalFolder(place("data"))).length).toBeGreaterThan(2);
    await journal.release(journal.end);
    expect(segmentsIn(journalFolder(place("data")))).toHaveLength(1);
    await write(100);
    const ended = copy.end(journal.end);
    await write(50);
    await ended;
    await write(200);
    await journal.release(journal.end);
    expect(await valuesIn(place("tree"))).toEqual(upTo(500));
  });

  it("changes nothing of the journal itself, and holds nothing of it back once it has ended", async () => {
    await write(20);
    const { end } = journal;
    await write(20);
    // What came after the place that it ends at is cut off.
    await new LiveJournalCopy(journal, place("data"), place("tree")).end(end);
    expect(await valuesIn(place("data"))).toEqual(upTo(40));
    const before = segmentsIn(journalFolder(place("tree")));
    await write(300);
    await journal.release(journal.end);
    expect(segmentsIn(journalFolder(place("tree")))).toEqual(before);
    expect(await valuesIn(place("tree"))).toEqual(upTo(20));
  });
});
