import {
  appendFileSync,
  close,
  closeSync,
  existsSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  write,
  writeFileSync,
} from "node:fs";
import { unlink } from "node:fs/promises";
import path from "node:path";
import { after, monotonic } from "../../clock";
import type { CityEvent, EventReporter } from "../../contract/events";
import type { Quality } from "../../contract/readings";
import { QUALITIES } from "../../contract/readings";
import { identity } from "./identity";
import { encodeRecord, itemsIn, stampRecord } from "./records";

/**
 * Readings as columns; `topic` indexes `topics`, `quality` the contract's QUALITIES. Times in ms. Of two readings of a
 * topic the one that is later by (observed, recorded, sequence) came later: `sequence` tells apart what came within one
 * millisecond.
 */
export interface ReadingColumns {
  topics: string[];
  topic: Uint32Array;
  observed: Float64Array;
  recorded: Float64Array;
  value: Float64Array;
  quality: Uint8Array;
  /** ordinal among the readings of the same topic, observed and recorded times, as they came */
  sequence: Uint16Array;
}

/** A position as it is kept. Degrees, km/h, ms. */
export interface KeptPosition {
  topic: string;
  id: string;
  label: string;
  at: number;
  lon: number;
  lat: number;
  heading: number;
  speed: number;
}

/** A version of an event as it is kept. */
export interface KeptEvent {
  /** when it came, ms */
  recorded: number;
  event: CityEvent;
  /** who reported it; left out where nobody is known, as in what earlier versions wrote */
  by?: EventReporter;
}

/** What one write to the journal carries. */
export interface JournalBatch {
  readings: ReadingColumns;
  events: KeptEvent[];
  positions: KeptPosition[];
  screens: { city: string; screen: string; recorded: number; layout: string }[];
}

/** Where the next record begins. Segments are numbered from 1. */
export interface JournalPosition {
  segment: number;
  offset: number;
}

const SEGMENT_BYTES = 16 << 20;
/** A journal has at least so many segments before it is full: what is in the store makes room a segment at a time. */
const SEGMENTS = 8;
const SYNC_EVERY = 1_000;
/** A record that could not be written is tried again this often, ms. */
const RETRY_EVERY = 1_000;

/** File name of a segment. */
export function segmentFile(folder: string, segment: number): string {
  return path.join(folder, `${String(segment).padStart(10, "0")}.journal`);
}

/** Numbers of the segments in a folder, in order. */
export function segmentsIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .flatMap((name) => /^(\d{10})\.journal$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

/** Bytes that a journal holds beyond a place. */
export function bytesBeyond(folder: string, { segment, offset }: JournalPosition): number {
  return segmentsIn(folder).reduce((sum, one) => {
    const bytes = one < segment ? 0 : sizeOf(segmentFile(folder, one));
    return sum + (one === segment ? Math.max(0, bytes - offset) : bytes);
  }, 0);
}

/** Gathers readings into columns. */
export class ColumnsBuilder {
  private topics = new Map<string, number>();
  private topic: number[] = [];
  private observed: number[] = [];
  private recorded: number[] = [];
  private value: number[] = [];
  private quality: number[] = [];
  private sequence: number[] = [];

  get length(): number {
    return this.topic.length;
  }

  add(topic: string, observed: number, recorded: number, value: number, quality: Quality, sequence = 0): void {
    let index = this.topics.get(topic);
    if (index === undefined) this.topics.set(topic, (index = this.topics.size));
    this.topic.push(index);
    this.observed.push(observed);
    this.recorded.push(recorded);
    this.value.push(value);
    this.quality.push(QUALITIES.indexOf(quality));
    this.sequence.push(sequence);
  }

  /** The columns so far; begins anew. */
  take(): ReadingColumns {
    const columns: ReadingColumns = {
      topics: [...this.topics.keys()],
      topic: Uint32Array.from(this.topic),
      observed: Float64Array.from(this.observed),
      recorded: Float64Array.from(this.recorded),
      value: Float64Array.from(this.value),
      quality: Uint8Array.from(this.quality),
      sequence: Uint16Array.from(this.sequence),
    };
    this.topics = new Map();
    this.topic = [];
    this.observed = [];
    this.recorded = [];
    this.value = [];
    this.quality = [];
    this.sequence = [];
    return columns;
  }
}

/**
 * What was given could not be written yet. It waits in memory and is tried again, but does not count as kept: send it
 * again.
 */
export class NotKept extends Error {}

interface Waiter {
  resolve: () => void;
  reject: (error: NotKept) => void;
}

/**
 * The journal's writing side. What was taken in within one turn of the event loop, and while a write was under way,
 * becomes one record; `flushed` resolves once it has been handed to the operating system, from where a killed process
 * loses nothing. A power cut can lose the last second, as the disk is asked to sync once a second.
 *
 * A record that cannot be written is tried again until it can, before anything that came later. How much may gather
 * meanwhile is for the caller to bound: it looks at `error` and `full` before it gives more.
 */
export class JournalWriter {
  private readonly columns = new ColumnsBuilder();
  private events: JournalBatch["events"] = [];
  private positions: KeptPosition[] = [];
  private screens: JournalBatch["screens"] = [];
  /** who waits for what is not yet in a record, and for the record itself */
  private waiters: Waiter[] = [];
  private recordWaiters: Waiter[] = [];
  private record: Buffer | null = null;
  private writing = false;
  private scheduled = false;
  private stopRetry: (() => void) | null = null;
  private segment: number;
  /** end of the last whole record, and how far the file may hold part of another */
  private offset = 0;
  private torn = false;
  /** items in the segment, and in the one that this writer filled before it, by which a reader counts what it misses */
  private items = 0;
  private previous: number | null = null;
  private file: number | null = null;
  private readonly segmentBytes: number;
  private syncedAt = -Infinity;
  /** why the last sync failed, or null */
  private syncFault: string | null = null;
  private closed = false;
  /** bytes of all segments, the present one included */
  bytes: number;
  /** why the last write failed, or null */
  error: string | null = null;
  private readonly takers = new Set<(segment: number) => void>();

  /**
   * @param limit bytes all segments may take together; a little more is written where batches were under way
   * @param after numbers of segments begin after this one, although none of them is left
   */
  constructor(
    private readonly folder: string,
    private readonly limit: number,
    after = 0,
  ) {
    const known = segmentsIn(folder);
    this.bytes = known.reduce((sum, segment) => sum + sizeOf(segmentFile(folder, segment)), 0);
    this.segmentBytes = Math.min(SEGMENT_BYTES, Math.ceil(limit / SEGMENTS));
    // Never appended to an earlier run's file: its end may be half a record.
    this.segment = Math.max(after, known[known.length - 1] ?? 0);
    this.begin();
    if (this.error) this.retry();
  }

  get full(): boolean {
    return this.bytes >= this.limit;
  }

  /** Where the last whole record ends. */
  get end(): JournalPosition {
    return { segment: this.segment, offset: this.offset };
  }

  reading(topic: string, observed: number, recorded: number, value: number, quality: Quality, sequence = 0): void {
    this.columns.add(topic, observed, recorded, value, quality, sequence);
    this.schedule();
  }

  event(event: CityEvent, recorded: number, by?: EventReporter): void {
    this.events.push({ event, recorded, ...(by ? { by } : {}) });
    this.schedule();
  }

  position(position: KeptPosition): void {
    this.positions.push(position);
    this.schedule();
  }

  screen(city: string, screen: string, layout: string, recorded: number): void {
    this.screens.push({ city, screen, recorded, layout });
    this.schedule();
  }

  /** Resolves once everything given so far has been written. @throws NotKept when that was tried in vain */
  flushed(): Promise<void> {
    if (!this.record && this.waiting === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      // What is being written already is all that there is to wait for, unless more came since.
      if (this.writing && this.waiting === 0) this.recordWaiters.push({ resolve, reject });
      else this.waiters.push({ resolve, reject });
      this.schedule();
    });
  }

  private get waiting(): number {
    return this.columns.length + this.events.length + this.positions.length + this.screens.length;
  }

  private schedule(): void {
    if (this.scheduled || this.writing) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.write();
    });
  }

  /** Tries again by itself, so that room is noticed although nobody may send. */
  private retry(): void {
    this.stopRetry ??= after(RETRY_EVERY, () => {
      this.stopRetry = null;
      this.schedule();
    });
  }

  private write(): void {
    if (!this.record) {
      this.recordWaiters = this.waiters;
      this.waiters = [];
      if (this.waiting > 0) this.record = this.pack();
    }
    if (this.file === null || this.torn || this.offset >= this.segmentBytes) this.begin();
    if (this.file === null || this.torn) return this.settle(this.error ?? "cannot be written");
    if (!this.record) {
      if (this.syncFault !== null) this.sync();
      return this.settle(null);
    }
    this.writing = true;
    const { record } = this;
    stampRecord(record, { first: this.items, previous: this.previous });
    this.writeAll(this.file, record, 0, (error) => {
      this.writing = false;
      if (!error) this.wrote(record);
      else this.mend();
      this.settle(error?.message ?? null);
    });
  }

  private pack(): Buffer {
    const record = encodeRecord({
      readings: this.columns.take(),
      events: this.events,
      positions: this.positions,
      screens: this.screens,
    });
    this.events = [];
    this.positions = [];
    this.screens = [];
    return record;
  }

  private wrote(record: Buffer): void {
    this.record = null;
    this.items += itemsIn(record);
    this.offset += record.length;
    this.bytes += record.length;
    this.sync();
    // A full segment can go as soon as it is in the store, the present one cannot.
    if (this.full) this.begin();
  }

  /** Answers who waited. */
  private settle(fault: string | null): void {
    const error = fault ?? this.syncFault;
    this.error = error;
    const served = this.recordWaiters;
    this.recordWaiters = [];
    if (error === null) {
      for (const { resolve } of served) resolve();
      if (this.waiting > 0 || this.waiters.length > 0) this.schedule();
      return;
    }
    const failed = [...served, ...this.waiters];
    this.waiters = [];
    for (const { reject } of failed) reject(new NotKept(error));
    this.retry();
  }

  private writeAll(file: number, record: Buffer, from: number, done: (error: Error | null) => void): void {
    write(file, record, from, record.length - from, null, (error, written) => {
      if (error) done(error);
      else if (from + written < record.length) this.writeAll(file, record, from + written, done);
      else done(null);
    });
  }

  /** What follows half a record could not be read: it is cut off, or else the next record begins a new file. */
  private mend(): void {
    try {
      ftruncateSync(this.file as number, this.offset);
    } catch {
      this.torn = true;
    }
  }

  /** Begins a new segment; where that fails, `error` says why and the present one goes on. */
  private begin(): void {
    try {
      mkdirSync(this.folder, { recursive: true });
      const next = openSync(segmentFile(this.folder, this.segment + 1), "a");
      if (this.file !== null) this.leave(this.file);
      this.previous = this.file === null ? null : this.items;
      this.items = 0;
      this.file = next;
      this.segment++;
      this.offset = 0;
      this.torn = false;
    } catch (error) {
      this.error = (error as Error).message;
    }
  }

  private sync(): void {
    const at = monotonic();
    if (at - this.syncedAt < SYNC_EVERY) return;
    this.syncedAt = at;
    fdatasync(this.file as number, (fault) => this.synced(fault));
  }

  /**
   * What the system took and the disk then would not is gone, and nobody can say how much of it: nothing more is
   * acknowledged before a sync succeeds, and what follows begins a file of its own.
   */
  private synced(fault: NodeJS.ErrnoException | null): void {
    if (this.closed) return;
    // What is no file on a disk cannot be synced.
    if (fault && fault.code !== "EINVAL") {
      this.error = this.syncFault = fault.message;
      if (this.offset > 0) this.torn = true;
      this.retry();
    } else if (this.syncFault !== null) this.error = this.syncFault = null;
  }

  /** A segment that is done with is on the disk before it is closed. */
  private leave(file: number): void {
    fdatasync(file, (fault) => {
      if (fault) this.synced(fault);
      close(file, () => {});
    });
  }

  /** Nobody needs anything before `checkpoint` any more: whole segments before it can go. */
  async release(checkpoint: JournalPosition): Promise<void> {
    for (const segment of segmentsIn(this.folder)) {
      if (segment >= checkpoint.segment || segment >= this.segment) continue;
      const file = segmentFile(this.folder, segment);
      const bytes = sizeOf(file);
      for (const take of this.takers) take(segment);
      await unlink(file).then(
        () => {
          this.bytes -= bytes;
        },
        () => {},
      );
    }
  }

  /** Tells of each segment before it goes, for who still needs what is in it. Returns what ends that. */
  onRelease(take: (segment: number) => void): () => void {
    this.takers.add(take);
    return () => void this.takers.delete(take);
  }

  async close(): Promise<void> {
    // What cannot be written now was never acknowledged.
    await this.flushed().catch(() => {});
    this.closed = true;
    this.stopRetry?.();
    if (this.file !== null) closeSync(this.file);
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

/** Writes a journal beside the live one, as fast as it is given: seeds and imports. */
export class BulkJournal {
  readonly folder: string;
  private segment = 1;
  private bytes = 0;
  private items = 0;
  private previous: number | null = null;

  /** @param root folder of journals @param name of the new one, unique */
  constructor(root: string, name: string) {
    this.folder = path.join(root, name);
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(path.join(this.folder, "begun"), identity(process.pid) ?? "");
  }

  /** Adds one record. */
  write(batch: JournalBatch): void {
    const record = encodeRecord(batch);
    if (this.bytes > 0 && this.bytes + record.length > SEGMENT_BYTES) {
      this.segment++;
      this.bytes = 0;
      this.previous = this.items;
      this.items = 0;
    }
    stampRecord(record, { first: this.items, previous: this.previous });
    appendFileSync(segmentFile(this.folder, this.segment), record);
    this.items += itemsIn(record);
    this.bytes += record.length;
  }

  /** Bytes that the store has not taken in yet. */
  get waiting(): number {
    return segmentsIn(this.folder).reduce((sum, segment) => sum + sizeOf(segmentFile(this.folder, segment)), 0);
  }

  /** No more comes: once all is taken in, the store removes the folder. */
  end(): void {
    writeFileSync(path.join(this.folder, "done"), "");
  }

  /** True once the store has taken all of it in. */
  get gone(): boolean {
    return !existsSync(this.folder);
  }
}

/** True where no more comes into a journal beside the live one: it was ended, or the process that wrote it is gone. */
export function hasEnded(folder: string): boolean {
  if (existsSync(path.join(folder, "done"))) return true;
  try {
    const writer = readFileSync(path.join(folder, "begun"), "utf8");
    return identity(Number(writer.split(" ")[0])) !== writer;
  } catch {
    return false;
  }
}

/** The journal that the gateway writes; others are seeds and imports. */
export const LIVE = "live";

/** The folder of a journal under the data folder. */
export function journalFolder(data: string, name = LIVE): string {
  return path.join(data, "journal", name);
}

/** Names of the journals of seeds and imports, in order. */
export function bulkJournals(data: string): string[] {
  const root = path.join(data, "journal");
  return (existsSync(root) ? readdirSync(root) : [])
    .filter((entry) => entry !== LIVE && existsSync(path.join(root, entry, "begun")))
    .sort();
}
