import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { CityEvent } from "../../contract/events";
import {
  BulkJournal,
  bulkJournals,
  ColumnsBuilder,
  hasEnded,
  journalFolder,
  JournalWriter,
  NotKept,
  segmentFile,
  segmentsIn,
  type JournalBatch,
  type KeptPosition,
} from "./journal";
import { readSegment } from "./reader";

/** Writes that wait until they are let through, are refused, or take only so many bytes at once; syncs that are counted. */
const disk = vi.hoisted(() => ({ held: null as (() => void)[] | null, refuses: false, most: Infinity, syncs: 0 }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  type Done = (error: Error | null, written: number) => void;
  const write = (file: number, bytes: Buffer, from: number, length: number, position: null, done: Done): void => {
    const go = (): void => {
      if (disk.refuses) done(new Error("EIO: i/o error, write"), 0);
      else real.write(file, bytes, from, Math.min(length, disk.most), position, done);
    };
    if (disk.held) disk.held.push(go);
    else go();
  };
  const fdatasync = (file: number, done: (error: Error | null) => void): void => {
    disk.syncs++;
    real.fdatasync(file, done);
  };
  return { ...real, write, fdatasync };
});

const TOPIC = "reading/x/all/m";
let folder = "";
beforeEach(async () => {
  disk.held = null;
  disk.refuses = false;
  disk.most = Infinity;
  disk.syncs = 0;
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-journal-"));
});

async function batchesIn(of = folder): Promise<JournalBatch[]> {
  const pieces = await Promise.all(segmentsIn(of).map((segment) => readSegment(segmentFile(of, segment), 0)));
  return pieces.flatMap(({ batches }) => batches);
}

/** A batch of readings alone. */
function columnsOf(values: number[]): JournalBatch {
  const builder = new ColumnsBuilder();
  for (const value of values) builder.add(TOPIC, value, value, value, "good");
  return { readings: builder.take(), events: [], positions: [], screens: [] };
}

const event = (id: string): CityEvent => ({
  id,
  city: "x",
  district: "all",
  kind: "fire",
  title: "t",
  severity: 1,
  stage: "reported",
  stages: ["reported", "closed"],
  at: 1_000,
  updated: 1_000,
  source: "119",
});
const position = (id: string): KeptPosition => ({
  topic: "position/x/bus",
  id,
  label: `bus ${id}`,
  at: 5,
  lon: 119.2,
  lat: 34.6,
  heading: 90,
  speed: 40,
});

/** A way to give a journal something, and what a reader finds of it in a batch. */
const KINDS = {
  readings: {
    give: (journal: JournalWriter) => journal.reading(TOPIC, 1, 2, 3, "good"),
    found: ({ readings }: JournalBatch) => [...readings.value],
    is: [3],
  },
  events: {
    give: (journal: JournalWriter) => journal.event(event("e-1"), 7),
    found: ({ events }: JournalBatch) => events.map((one) => [one.event.id, one.recorded]),
    is: [["e-1", 7]],
  },
  positions: {
    give: (journal: JournalWriter) => journal.position(position("7")),
    found: ({ positions }: JournalBatch) => positions,
    is: [position("7")],
  },
  screens: {
    give: (journal: JournalWriter) => journal.screen("x", "overview", "{}", 9),
    found: ({ screens }: JournalBatch) => screens,
    is: [{ city: "x", screen: "overview", layout: "{}", recorded: 9 }],
  },
};
type Kind = keyof typeof KINDS;
const names = Object.keys(KINDS) as Kind[];
/** Every choice of kinds but none. */
const choices = Array.from({ length: 2 ** names.length - 1 }, (_, i) => names.filter((_, k) => ((i + 1) >> k) & 1));

describe("a record", () => {
  it.each(choices.map((kinds) => [kinds.join(", "), kinds] as const))(
    "holds what was given in one turn, each once, and nothing else: %s",
    async (_, kinds) => {
      const journal = new JournalWriter(folder, 1e9);
      for (const kind of kinds) KINDS[kind].give(journal);
      await journal.flushed();
      const [batch, ...others] = await batchesIn();
      expect(others).toEqual([]);
      for (const kind of names)
        expect(KINDS[kind].found(batch as JournalBatch)).toEqual(kinds.includes(kind) ? KINDS[kind].is : []);
      await journal.close();
    },
  );

  it("is followed by one that repeats nothing of it", async () => {
    const journal = new JournalWriter(folder, 1e9);
    for (const kind of names) KINDS[kind].give(journal);
    await journal.flushed();
    journal.event(event("e-2"), 8);
    await journal.close();
    const [, second, ...others] = await batchesIn();
    expect([second?.events.map((one) => one.event.id), others]).toEqual([["e-2"], []]);
    expect([second?.readings.value.length, second?.positions, second?.screens]).toEqual([0, [], []]);
  });
});

describe("what a disk does with a record", () => {
  it("is to take it in as many pieces as it likes", async () => {
    const journal = new JournalWriter(folder, 1e9);
    disk.most = 7;
    for (const kind of names) KINDS[kind].give(journal);
    await journal.close();
    const [batch] = await batchesIn();
    for (const kind of names) expect(KINDS[kind].found(batch as JournalBatch)).toEqual(KINDS[kind].is);
  });

  it("is asked for once a second, and before a file that is full is closed", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const journal = new JournalWriter(folder, 4_000);
      const give = async (): Promise<void> => {
        journal.reading(TOPIC, 1, 1, 1, "good");
        await journal.flushed();
      };
      await give();
      expect(disk.syncs).toBe(1);
      while (journal.end.segment === 1) await give();
      expect(disk.syncs).toBe(2);
      vi.advanceTimersByTime(1_000);
      await give();
      expect(disk.syncs).toBe(3);
      await journal.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it("leaves no file open behind", async () => {
    const journal = new JournalWriter(folder, 4_000);
    const open = async (): Promise<string[]> => {
      const links = await Promise.all(
        (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
      );
      return links.filter((link) => link.startsWith(folder)).map((link) => path.basename(link));
    };
    while (journal.end.segment < 3) {
      journal.reading(TOPIC, 1, 1, 1, "good");
      await journal.flushed();
    }
    await vi.waitFor(async () => expect(await open()).toEqual([path.basename(segmentFile(folder, 3))]));
    await journal.close();
    expect(await open()).toEqual([]);
  });
});

/** What a reader finds missing where a byte in the middle of a segment's second record is another. */
async function missingIn(file: string, ends: number[]): Promise<unknown> {
  const bytes = await readFile(file);
  const at = Math.floor(((ends[0] as number) + (ends[1] as number)) / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  await writeFile(file, bytes);
  const { damage } = await readSegment(file, ends[0] as number);
  return damage && [damage.lost, damage.exact, damage.to];
}

describe("a reader of a damaged journal", () => {
  it("is told by the record that follows how much of the live one is missing", async () => {
    const journal = new JournalWriter(folder, 1e9);
    const ends: number[] = [];
    for (const count of [2, 3, 4]) {
      for (let i = 0; i < count; i++) journal.reading(TOPIC, i, i, i, "good");
      await journal.flushed();
      ends.push(journal.end.offset);
    }
    await journal.close();
    expect(await missingIn(segmentFile(folder, 1), ends)).toEqual([3, true, ends[1]]);
  });

  it("is told by the next file how much is missing at the end of the one before", async () => {
    const journal = new JournalWriter(folder, 4_000);
    const ends: number[] = [];
    for (let count = 2; journal.end.segment < 3; count++) {
      for (let i = 0; i < count; i++) journal.reading(TOPIC, i, i, i, "good");
      await journal.flushed();
      if (journal.end.segment === 2) ends.push(journal.end.offset);
    }
    const file = segmentFile(folder, 2);
    const { batches } = await readSegment(file, 0);
    const last = batches.at(-1)?.readings.value.length;
    const before = ends.at(-2) ?? 0;
    await truncate(file, before + 5);
    const { damage } = await readSegment(file, before, undefined, segmentFile(folder, 3));
    expect(damage && [damage.lost, damage.exact]).toEqual([last, true]);
    await journal.close();
  });

  it("is told the same of a seed or an import", async () => {
    const journal = new BulkJournal(folder, "seed-1");
    const ends: number[] = [];
    for (const count of [2, 3, 4]) {
      journal.write(columnsOf(Array.from({ length: count }, (_, i) => i)));
      ends.push(journal.waiting);
    }
    expect(await missingIn(segmentFile(journal.folder, 1), ends)).toEqual([3, true, ends[1]]);
  });
});

describe("who waits for a journal", () => {
  it("waits no turn where there is nothing to wait for", async () => {
    const journal = new JournalWriter(folder, 1e9);
    let turned = false;
    setImmediate(() => (turned = true));
    await journal.flushed();
    expect(turned).toBe(false);
    await journal.close();
  });

  it("is answered by the record under way, whatever becomes of what came later", async () => {
    const journal = new JournalWriter(folder, 1e9);
    disk.held = [];
    journal.reading(TOPIC, 1, 1, 1, "good");
    await vi.waitFor(() => expect(disk.held).toHaveLength(1));
    const first = journal.flushed();
    journal.reading(TOPIC, 2, 2, 2, "good");
    const second = journal.flushed();
    // One write at a time: the second record does not overtake the first.
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    expect(disk.held).toHaveLength(1);
    disk.held.shift()?.();
    await first;
    await vi.waitFor(() => expect(disk.held).toHaveLength(1));
    disk.refuses = true;
    disk.held.shift()?.();
    await expect(second).rejects.toThrow(NotKept);
    expect((await batchesIn()).map((batch) => [...batch.readings.value])).toEqual([[1]]);
    disk.held = null;
    disk.refuses = false;
    await journal.close();
    expect((await batchesIn()).map((batch) => [...batch.readings.value])).toEqual([[1], [2]]);
  });

  it("need not be anybody: what came while a record was written is written after it", async () => {
    const journal = new JournalWriter(folder, 1e9);
    disk.held = [];
    journal.reading(TOPIC, 1, 1, 1, "good");
    await vi.waitFor(() => expect(disk.held).toHaveLength(1));
    journal.reading(TOPIC, 2, 2, 2, "good");
    const [first] = disk.held;
    disk.held = null;
    first?.();
    await vi.waitFor(async () =>
      expect((await batchesIn()).map((batch) => [...batch.readings.value])).toEqual([[1], [2]]),
    );
    await journal.close();
  });

  it("is told with all others that it was not kept, and each may ask again", async () => {
    const journal = new JournalWriter(folder, 1e9);
    disk.refuses = true;
    journal.reading(TOPIC, 1, 1, 1, "good");
    const all = await Promise.allSettled([journal.flushed(), journal.flushed(), journal.flushed()]);
    expect(all.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    disk.refuses = false;
    await Promise.all([journal.flushed(), journal.flushed()]);
    await journal.close();
  });
});

describe("a journal's room", () => {
  it("counts what earlier runs left, and is used up at its limit", async () => {
    await writeFile(segmentFile(folder, 3), Buffer.alloc(300));
    await writeFile(segmentFile(folder, 4), Buffer.alloc(700));
    const full = new JournalWriter(folder, 1_000);
    expect([full.bytes, full.full, full.end]).toEqual([1_000, true, { segment: 5, offset: 0 }]);
    await full.close();
    const roomy = new JournalWriter(folder, 1_001);
    expect([roomy.bytes, roomy.full]).toEqual([1_000, false]);
    await roomy.close();
  });

  it("is given back a segment at a time: there are eight of them before it is used up, and few where it is large", async () => {
    const journal = new JournalWriter(folder, 40_000);
    while (!journal.full) {
      journal.reading(TOPIC, 1, 1, 1, "good");
      await journal.flushed();
    }
    const used = segmentsIn(folder);
    expect(used.length).toBeGreaterThanOrEqual(8);
    expect(used.length).toBeLessThanOrEqual(10);
    const sizes = await Promise.all(used.map(async (segment) => (await stat(segmentFile(folder, segment))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(journal.bytes);
    const told: number[] = [];
    const end = journal.onRelease((segment) => told.push(segment));
    await journal.release({ segment: used[2] as number, offset: 0 });
    expect([told, segmentsIn(folder)]).toEqual([used.slice(0, 2), used.slice(2)]);
    expect(journal.bytes).toBe(sizes.slice(2).reduce((sum, size) => sum + size, 0));
    end();
    // The present one stays, whatever was read of it.
    await journal.release({ segment: 1_000, offset: 0 });
    expect([told.length, segmentsIn(folder)]).toEqual([2, [journal.end.segment]]);
    await journal.close();

    await rm(folder, { recursive: true });
    const large = new JournalWriter(folder, 1e9);
    for (let i = 0; i < 200; i++) {
      large.reading(TOPIC, 1, 1, 1, "good");
      await large.flushed();
    }
    expect(segmentsIn(folder)).toEqual([1]);
    await large.close();
  });
});

describe("a journal beside the live one", () => {
  it("holds its records in order over segments of 16 MB, and says how much waits", async () => {
    const journal = new BulkJournal(folder, "seed-1");
    // 160,000 readings are about 5 MB: a segment holds three such records.
    const many = Array.from({ length: 160_000 }, (_, i) => i);
    for (let i = 0; i < 4; i++) journal.write(columnsOf(many));
    expect(segmentsIn(journal.folder)).toEqual([1, 2]);
    const sizes = await Promise.all(
      segmentsIn(journal.folder).map(async (one) => (await stat(segmentFile(journal.folder, one))).size),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(16 << 20);
    expect(journal.waiting).toBe(sizes.reduce((sum, size) => sum + size, 0));
    const next = segmentFile(journal.folder, 2);
    const read: [number, number][] = [];
    for (const segment of segmentsIn(journal.folder)) {
      let offset = 0;
      for (let more = true; more;) {
        const piece = await readSegment(segmentFile(journal.folder, segment), offset, 8 << 20, next);
        // A reader that counts what it misses finds nothing missing.
        expect(piece.damage).toBeUndefined();
        read.push(...piece.batches.map((one): [number, number] => [segment, one.readings.value.length]));
        more = piece.offset > offset;
        ({ offset } = piece);
      }
    }
    expect(read).toEqual([1, 1, 1, 2].map((segment) => [segment, 160_000]));
  });

  it("has ended once that is said or its writer is gone, and is gone with its folder", async () => {
    const journal = new BulkJournal(folder, "seed-1");
    expect([hasEnded(journal.folder), journal.gone]).toEqual([false, false]);
    journal.end();
    expect(hasEnded(journal.folder)).toBe(true);
    await rm(journal.folder, { recursive: true });
    expect(journal.gone).toBe(true);

    const killed = new BulkJournal(folder, "seed-2");
    // The number of a process that was given to another since: only its start tells them apart.
    await writeFile(path.join(killed.folder, "begun"), `${process.pid} 1`);
    expect(hasEnded(killed.folder)).toBe(true);
    await rm(path.join(killed.folder, "begun"));
    expect(hasEnded(killed.folder)).toBe(false);
  });

  it("is listed by name with others of its kind, and nothing else is", async () => {
    expect(bulkJournals(folder)).toEqual([]);
    const root = path.join(folder, "journal");
    for (const name of ["seed-2", "live", "import-1"]) new BulkJournal(root, name);
    await mkdir(path.join(root, "unfinished"));
    expect(bulkJournals(folder)).toEqual(["import-1", "seed-2"]);
    expect([journalFolder(folder), journalFolder(folder, "seed-2")]).toEqual([
      path.join(root, "live"),
      path.join(root, "seed-2"),
    ]);
  });
});
