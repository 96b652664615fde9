import { open, type FileHandle } from "node:fs/promises";
import type { JournalBatch } from "./journal";
import { damageAtEnd, damageBetween, lengthOfFirst, nextRecord, recordsIn, type Damage } from "./records";

/** A head of any version is not longer than this. */
const HEAD = 32;

/** Bytes of an open file, fewer where it ends before. */
async function bytesOf(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  for (let got = 1; got > 0 && read < length; read += got)
    got = (await handle.read(bytes, read, length - read, offset + read)).bytesRead;
  return bytes.subarray(0, read);
}

async function allOf(file: string): Promise<Buffer> {
  const handle = await open(file, "r").catch(() => null);
  if (!handle) return Buffer.alloc(0);
  try {
    return await bytesOf(handle, 0, (await handle.stat()).size);
  } finally {
    await handle.close();
  }
}

/** A piece of a segment. */
export interface SegmentPiece {
  batches: JournalBatch[];
  /** where the next piece begins */
  offset: number;
  /** bytes before `offset` that are no record, in a piece without batches */
  damage?: Damage & { bytes: Buffer };
}

/**
 * Records of a segment from an offset on, at most about `limit` bytes of them, and where the next one begins. Bytes that
 * are no record are passed over where a whole record follows them, and said to be damaged. Ends where no whole record
 * follows: at the file's end, or at what a killed process left half written.
 * @param next the file of the segment after it, which means that nothing will be added to this one; null: there is none
 */
export async function readSegment(
  file: string,
  offset: number,
  limit = 8 << 20,
  next: string | null = null,
): Promise<SegmentPiece> {
  const handle = await open(file, "r").catch(() => null);
  if (!handle) return { batches: [], offset };
  try {
    const left = (await handle.stat()).size - offset;
    if (left <= 0) return { batches: [], offset };
    // Small records come by the hundred, and a read is a trip to another thread: all of them are read at once.
    let bytes = await bytesOf(handle, offset, Math.min(left, Math.max(HEAD, limit)));
    const first = lengthOfFirst(bytes);
    if (first > bytes.length && first <= left) bytes = await bytesOf(handle, offset, first);
    const { batches, length } = recordsIn(bytes);
    if (batches.length > 0) return { batches, offset: offset + length };
  } finally {
    await handle.close();
  }
  return passOver(file, offset, next);
}

/** The piece that begins with bytes that are no record. */
async function passOver(file: string, offset: number, next: string | null): Promise<SegmentPiece> {
  // At most a segment and a record, and only where something is wrong or half written.
  const all = await allOf(file);
  const following = nextRecord(all, offset);
  // It was being written as it was looked at.
  if (following === offset) return readSegment(file, offset, undefined, next);
  const damage =
    following < 0
      ? next !== null && offset < all.length && damageAtEnd(all, offset, await headOf(next))
      : damageBetween(all, offset, following);
  if (!damage) return { batches: [], offset };
  return {
    batches: [],
    offset: damage.to,
    damage: { ...damage, bytes: Buffer.from(all.subarray(damage.from, damage.to)) },
  };
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file, "r").catch(() => null);
  if (!handle) return Buffer.alloc(0);
  try {
    return await bytesOf(handle, 0, HEAD);
  } finally {
    await handle.close();
  }
}
