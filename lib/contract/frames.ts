import type { EventCellRow } from "./event-counts";
import type { CityEvent } from "./events";
import { QUALITIES, type Quality } from "./readings";
import type { ReadingItem } from "./reduce";

/**
 * Live frames as bytes. A frame belongs to one set of topics and carries what changed in one tick.
 *
 *   u8 version (1) | varint set | varint seq | u48 gateway time, ms | sections until the end
 *   section: varint (topic index * 4 + kind) | body
 *     kind 0  one reading, offset advances by one:  item
 *     kind 1  readings: varint advance | varint count | item...   (count 0: too much happened, ask again)
 *     kind 2  events:   varint advance | varint bytes | UTF-8 JSON: [events, cells of their counts]
 *     kind 3  positions: varint advance | varint count | varint bytes of names | UTF-8 JSON names | columns
 *   item: zigzag varint (gateway time - observed), ms | value
 *   value: varint (zigzag(v * 10^s) * 4 + s), s = 0..2; or 3 | u8 quality | f64
 *
 * A frame without sections is a heartbeat. All multi-byte numbers are little-endian.
 */
export const FRAME_VERSION = 1;

export interface PositionColumns {
  slots: Uint32Array;
  lon: Float64Array;
  lat: Float64Array;
  heading: Float32Array;
  speed: Float32Array;
  at: Float64Array;
}

export type Section =
  | { kind: "reading"; index: number; advance: number; items: ReadingItem[] }
  | { kind: "events"; index: number; advance: number; items: CityEvent[]; counts: EventCellRow[] }
  | { kind: "positions"; index: number; advance: number; names: [number, string, string][]; columns: PositionColumns };

export interface Frame {
  set: number;
  seq: number;
  now: number;
  sections: Section[];
}

const POSITION_BYTES = 20;
const MICRO = 1e6;

/** Grows as it is written to; one instance is reused for every frame. */
class Writer {
  private bytes = new Uint8Array(4096);
  private view = new DataView(this.bytes.buffer);
  length = 0;

  reset(): void {
    this.length = 0;
  }

  private room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const wider = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    wider.set(this.bytes);
    this.bytes = wider;
    this.view = new DataView(wider.buffer);
  }

  u8(value: number): void {
    this.room(1);
    this.bytes[this.length++] = value;
  }

  varint(value: number): void {
    this.room(8);
    while (value >= 128) {
      this.bytes[this.length++] = (value % 128) + 128;
      value = Math.floor(value / 128);
    }
    this.bytes[this.length++] = value;
  }

  u48(value: number): void {
    this.room(6);
    this.view.setUint32(this.length, value % 4294967296, true);
    this.view.setUint16(this.length + 4, Math.floor(value / 4294967296), true);
    this.length += 6;
  }

  u16(value: number): void {
    this.room(2);
    this.view.setUint16(this.length, value, true);
    this.length += 2;
  }

  i32(value: number): void {
    this.room(4);
    this.view.setInt32(this.length, value, true);
    this.length += 4;
  }

  u32(value: number): void {
    this.room(4);
    this.view.setUint32(this.length, value, true);
    this.length += 4;
  }

  f64(value: number): void {
    this.room(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  raw(data: Uint8Array): void {
    this.room(data.length);
    this.bytes.set(data, this.length);
    this.length += data.length;
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

class Reader {
  private readonly view: DataView;
  at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  u8(): number {
    return this.view.getUint8(this.at++);
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.u8();
      if (byte < 128) return value + byte * factor;
      value += (byte - 128) * factor;
      factor *= 128;
      if (factor > Number.MAX_SAFE_INTEGER) throw new RangeError("varint too long");
    }
  }

  u48(): number {
    const value = this.view.getUint32(this.at, true) + this.view.getUint16(this.at + 4, true) * 4294967296;
    this.at += 6;
    return value;
  }

  u16(): number {
    const value = this.view.getUint16(this.at, true);
    this.at += 2;
    return value;
  }

  i32(): number {
    const value = this.view.getInt32(this.at, true);
    this.at += 4;
    return value;
  }

  u32(): number {
    const value = this.view.getUint32(this.at, true);
    this.at += 4;
    return value;
  }

  f64(): number {
    const value = this.view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  text(length: number): string {
    if (this.at + length > this.bytes.length) throw new RangeError("frame cut short");
    const text = new TextDecoder().decode(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return text;
  }
}

const SCALES = [1, 10, 100];
/** zigzag and the scale tag multiply by 8: past this a varint would leave the safe integers. */
const LARGEST_SCALED = 2 ** 50;

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unzigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}

function writeItem(out: Writer, now: number, item: ReadingItem): void {
  out.varint(zigzag(Math.round(now - item.at)));
  const scale =
    item.quality === "good" && !Object.is(item.value, -0) ? SCALES.findIndex((by) => exact(item.value, by)) : -1;
  if (scale >= 0) {
    out.varint(zigzag(Math.round(item.value * (SCALES[scale] as number))) * 4 + scale);
    return;
  }
  out.varint(3);
  out.u8(QUALITIES.indexOf(item.quality));
  out.f64(item.value);
}

function exact(value: number, by: number): boolean {
  const scaled = Math.round(value * by);
  return Math.abs(scaled) < LARGEST_SCALED && scaled / by === value;
}

function readItem(input: Reader, now: number): ReadingItem {
  const at = now - unzigzag(input.varint());
  const tagged = input.varint();
  const scale = tagged % 4;
  if (scale === 3) {
    const quality: Quality = QUALITIES[input.u8()] ?? "bad";
    return { at, value: input.f64(), quality };
  }
  return { at, value: unzigzag((tagged - scale) / 4) / (SCALES[scale] as number), quality: "good" };
}

const writer = new Writer();
const utf8 = new TextEncoder();

/** Encodes a frame; the result is the caller's own. Observed times are whole milliseconds. */
export function encodeFrame(frame: Frame): Uint8Array {
  writer.reset();
  writer.u8(FRAME_VERSION);
  writer.varint(frame.set);
  writer.varint(frame.seq);
  writer.u48(frame.now);
  for (const section of frame.sections) writeSection(writer, frame.now, section);
  return writer.take();
}

function writeSection(out: Writer, now: number, section: Section): void {
  if (section.kind === "reading") return writeReadings(out, now, section.index, section.advance, section.items);
  if (section.kind === "events") {
    const json = utf8.encode(JSON.stringify([section.items, section.counts]));
    out.varint(section.index * 4 + 2);
    out.varint(section.advance);
    out.varint(json.length);
    out.raw(json);
    return;
  }
  const { columns } = section;
  const names = utf8.encode(section.names.length > 0 ? JSON.stringify(section.names) : "");
  out.varint(section.index * 4 + 3);
  out.varint(section.advance);
  out.varint(columns.slots.length);
  out.varint(names.length);
  out.raw(names);
  for (let i = 0; i < columns.slots.length; i++) {
    out.u32(columns.slots[i] as number);
    out.i32(Math.round((columns.lon[i] as number) * MICRO));
    out.i32(Math.round((columns.lat[i] as number) * MICRO));
    out.u16(Math.round((columns.heading[i] as number) * 100) % 36000);
    out.u16(Math.min(65535, Math.round((columns.speed[i] as number) * 50)));
    out.i32(Math.max(-2147483648, Math.min(2147483647, Math.round(now - (columns.at[i] as number)))));
  }
}

function writeReadings(out: Writer, now: number, index: number, advance: number, items: ReadingItem[]): void {
  const only = items[0];
  if (advance === 1 && items.length === 1 && only) {
    out.varint(index * 4);
    writeItem(out, now, only);
    return;
  }
  out.varint(index * 4 + 1);
  out.varint(advance);
  out.varint(items.length);
  for (const item of items) writeItem(out, now, item);
}

/** Decodes a frame. @throws RangeError when the bytes are not one */
export function decodeFrame(bytes: Uint8Array): Frame {
  const input = new Reader(bytes);
  const version = input.u8();
  if (version !== FRAME_VERSION) throw new RangeError(`frame version ${version} is not ${FRAME_VERSION}`);
  const frame: Frame = { set: input.varint(), seq: input.varint(), now: input.u48(), sections: [] };
  while (!input.done) frame.sections.push(readSection(input, frame.now));
  return frame;
}

function readSection(input: Reader, now: number): Section {
  const head = input.varint();
  const kind = head % 4;
  const index = (head - kind) / 4;
  if (kind === 0) return { kind: "reading", index, advance: 1, items: [readItem(input, now)] };
  const advance = input.varint();
  const count = input.varint();
  if (kind === 1) {
    const items: ReadingItem[] = [];
    for (let i = 0; i < count; i++) items.push(readItem(input, now));
    return { kind: "reading", index, advance, items };
  }
  if (kind === 2) {
    const [items, counts] = JSON.parse(input.text(count)) as [CityEvent[], EventCellRow[]];
    return { kind: "events", index, advance, items, counts };
  }
  return readPositions(input, now, index, advance, count);
}

function readPositions(input: Reader, now: number, index: number, advance: number, count: number): Section {
  const json = input.text(input.varint());
  if (count * POSITION_BYTES > 64 * 1024 * 1024) throw new RangeError("too many positions");
  const columns: PositionColumns = {
    slots: new Uint32Array(count),
    lon: new Float64Array(count),
    lat: new Float64Array(count),
    heading: new Float32Array(count),
    speed: new Float32Array(count),
    at: new Float64Array(count),
  };
  for (let i = 0; i < count; i++) {
    columns.slots[i] = input.u32();
    columns.lon[i] = input.i32() / MICRO;
    columns.lat[i] = input.i32() / MICRO;
    columns.heading[i] = input.u16() / 100;
    columns.speed[i] = input.u16() / 50;
    columns.at[i] = now - input.i32();
  }
  return {
    kind: "positions",
    index,
    advance,
    names: json ? (JSON.parse(json) as [number, string, string][]) : [],
    columns,
  };
}
