/**
 * The records of a journal's segment. Each is a head and a payload (v8's serialization of a JournalBatch):
 *
 *   u32 "CWJ2" | u32 bytes of the payload | u32 its CRC-32 | u32 items | u48 items of the segment before it |
 *   u16 what is known (1: the items before; 2: the next) | u32 items of the segment before this one | u32 CRC-32 of the head
 *
 * so that a reader finds the next whole record after bytes that were damaged, and knows how many items lay in between.
 * Earlier versions wrote u32 bytes | u32 CRC-32 alone; their files are read on.
 */
import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";
import type { JournalBatch } from "./journal";

const MAGIC = Buffer.from("CWJ2");
const HEAD = 32;
const HEAD_SUMMED = HEAD - 4;
const EARLIER_HEAD = 8;
/** Bytes with which v8's serialization of an object begins: 0xff, its version, "o". */
const [V8_BEGIN, V8_OBJECT] = [0xff, 0x6f];
const FIRST_KNOWN = 1;
const PREVIOUS_KNOWN = 2;

/** Where a record stands. `first`: items of its segment before it; `previous`: items of the segment before, or null. */
interface RecordMark {
  first: number;
  previous: number | null;
}

/** A record in bytes; `to` may lie beyond them. */
interface Found {
  from: number;
  payload: number;
  to: number;
  /** null where an earlier version wrote it */
  items: number | null;
  first: number | null;
  previous: number | null;
}

/** How many items a batch holds: readings, events, positions and layouts. */
export function itemsOf({ readings, events, positions, screens }: JournalBatch): number {
  return readings.topic.length + events.length + positions.length + screens.length;
}

/** A record, so that half of one is known for what it is. Where it stands is not known before it is stamped. */
export function encodeRecord(batch: JournalBatch): Buffer {
  const payload = serialize(batch);
  const record = Buffer.alloc(HEAD + payload.length);
  MAGIC.copy(record);
  record.writeUInt32LE(payload.length, 4);
  record.writeUInt32LE(crc32(payload), 8);
  record.writeUInt32LE(itemsOf(batch), 12);
  payload.copy(record, HEAD);
  sealHead(record);
  return record;
}

/** Notes where a record is about to be written. */
export function stampRecord(record: Buffer, { first, previous }: RecordMark): void {
  record.writeUIntLE(first, 16, 6);
  record.writeUInt16LE(previous === null ? FIRST_KNOWN : FIRST_KNOWN | PREVIOUS_KNOWN, 22);
  record.writeUInt32LE(previous ?? 0, 24);
  sealHead(record);
}

/** Items of an encoded record. */
export function itemsIn(record: Buffer): number {
  return record.readUInt32LE(12);
}

function sealHead(record: Buffer): void {
  record.writeUInt32LE(crc32(record.subarray(0, HEAD_SUMMED)), HEAD_SUMMED);
}

/** The record whose head stands at a place, whole or not; null where no head does. */
function headAt(bytes: Buffer, at: number): Found | null {
  if (at + HEAD <= bytes.length && bytes.compare(MAGIC, 0, 4, at, at + 4) === 0) {
    if (crc32(bytes.subarray(at, at + HEAD_SUMMED)) !== bytes.readUInt32LE(at + HEAD_SUMMED)) return null;
    const known = bytes.readUInt16LE(at + 22);
    return {
      from: at,
      payload: at + HEAD,
      to: at + HEAD + bytes.readUInt32LE(at + 4),
      items: bytes.readUInt32LE(at + 12),
      first: known & FIRST_KNOWN ? bytes.readUIntLE(at + 16, 6) : null,
      previous: known & PREVIOUS_KNOWN ? bytes.readUInt32LE(at + 24) : null,
    };
  }
  if (at + EARLIER_HEAD > bytes.length) return null;
  const length = bytes.readUInt32LE(at);
  // Zeros are no record, although their checksum is right: a power cut may leave a file longer than what was written
  // to it.
  if (length === 0) return null;
  const payload = at + EARLIER_HEAD;
  return { from: at, payload, to: payload + length, items: null, first: null, previous: null };
}

/** Whether all of a record is there, as it was written. */
function isWhole(bytes: Buffer, { from, payload, to, items }: Found): boolean {
  if (to > bytes.length) return false;
  const sum = bytes.readUInt32LE(items === null ? from + 4 : from + 8);
  return crc32(bytes.subarray(payload, to)) === sum;
}

/** What a payload holds; null where it is no batch. */
function batchIn(payload: Buffer): JournalBatch | null {
  try {
    const batch = deserialize(payload) as JournalBatch;
    const { readings } = batch;
    // What an earlier version wrote has no sequence: its readings stand as if each had come in a millisecond of its own.
    readings.sequence ??= new Uint16Array(readings.topic.length);
    const columns = [readings.observed, readings.recorded, readings.value, readings.quality, readings.sequence];
    const sound =
      columns.every((column) => column.length === readings.topic.length) &&
      readings.topic.every((topic) => typeof readings.topics[topic] === "string") &&
      [batch.events, batch.positions, batch.screens].every(Array.isArray);
    return sound ? batch : null;
  } catch {
    return null;
  }
}

/** The whole record at a place with what it holds; null where there is none. */
function recordAt(bytes: Buffer, at: number): { found: Found; batch: JournalBatch } | null {
  const found = headAt(bytes, at);
  if (!found || !isWhole(bytes, found)) return null;
  const batch = batchIn(bytes.subarray(found.payload, found.to));
  return batch && { found, batch };
}

/** The whole records that bytes begin with, and how many bytes they take. */
export function recordsIn(bytes: Buffer): { batches: JournalBatch[]; length: number } {
  const batches: JournalBatch[] = [];
  let at = 0;
  for (let record = recordAt(bytes, at); record; record = recordAt(bytes, at)) {
    batches.push(record.batch);
    at = record.found.to;
  }
  return { batches, length: at };
}

/** Bytes that the record takes which some bytes begin with; 0 where no head stands there. */
export function lengthOfFirst(bytes: Buffer): number {
  return headAt(bytes, 0)?.to ?? 0;
}

/** Where the next whole record at or after a place begins, or -1. */
export function nextRecord(bytes: Buffer, from: number): number {
  let marked = bytes.indexOf(MAGIC, from);
  let earlier = earlierHead(bytes, from);
  while (marked >= 0 || earlier >= 0) {
    const at = earlier < 0 || (marked >= 0 && marked < earlier) ? marked : earlier;
    if (recordAt(bytes, at)) return at;
    if (at === marked) marked = bytes.indexOf(MAGIC, at + 1);
    if (at === earlier) earlier = earlierHead(bytes, at + 1);
  }
  return -1;
}

/** The next place at which an earlier version's record may begin: before what its payload begins with; or -1. */
function earlierHead(bytes: Buffer, from: number): number {
  for (let i = bytes.indexOf(V8_BEGIN, from + EARLIER_HEAD); i >= 0; i = bytes.indexOf(V8_BEGIN, i + 1)) {
    const at = i - EARLIER_HEAD;
    if (bytes[i + 2] === V8_OBJECT && i + bytes.readUInt32LE(at) <= bytes.length) return at;
  }
  return -1;
}

/** Items of a segment before a place, by the last whole record before it that knows; null where none does. */
function itemsBefore(bytes: Buffer, place: number): number | null {
  let items: number | null = 0;
  for (let at = 0; at >= 0 && at < place;) {
    const found = recordAt(bytes, at)?.found;
    if (!found) {
      at = nextRecord(bytes, at + 1);
      items = null;
      continue;
    }
    items = found.first === null ? plus(items, found.items) : found.first + (found.items ?? 0);
    at = found.to;
  }
  return items;
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** Items of what once was a record, as far as its bytes still tell. */
function itemsStill(bytes: Buffer, from: number, to: number): number | null {
  const found = headAt(bytes, from);
  if (found && found.items !== null) return found.items;
  const batch = found && found.to <= to ? batchIn(bytes.subarray(found.payload, found.to)) : null;
  return batch && itemsOf(batch);
}

/** Bytes [from, to) of a segment that are no record. `lost`: items that were in them; `exact`: not one more. */
export interface Damage {
  from: number;
  to: number;
  lost: number;
  exact: boolean;
}

/** What was lost between two places of a segment, the second of which is a whole record's. @param bytes of all of it */
export function damageBetween(bytes: Buffer, from: number, to: number): Damage {
  const before = itemsBefore(bytes, from);
  const first = headAt(bytes, to)?.first ?? null;
  if (before !== null && first !== null && first >= before) return { from, to, lost: first - before, exact: true };
  const still = itemsStill(bytes, from, to);
  return { from, to, lost: still ?? 1, exact: still !== null && headAt(bytes, from)?.to === to };
}

/**
 * What was lost at the end of a segment to which nothing will be added; null where nothing was: half a record was never
 * acknowledged.
 * @param bytes of all of it @param next bytes that the segment after it begins with
 */
export function damageAtEnd(bytes: Buffer, from: number, next: Buffer): Damage | null {
  const to = bytes.length;
  const [before, total] = [itemsBefore(bytes, from), headAt(next, 0)?.previous ?? null];
  if (before !== null && total !== null) return total > before ? { from, to, lost: total - before, exact: true } : null;
  const found = headAt(bytes, from);
  if (!found || found.to > to) return null;
  const still = itemsStill(bytes, from, to);
  return { from, to, lost: still ?? 1, exact: still !== null && found.to === to };
}
