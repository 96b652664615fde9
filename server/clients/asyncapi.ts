import { io, type Socket } from "socket.io-client";
import { Decoder, Encoder, PacketType } from "socket.io-parser";
import type { ScreenMessage, SnapshotMessage, SubscribeRefusal, SubscribeRequest } from "./generated/messages";

/** What somebody else would write against `/api/asyncapi.json`: it knows the generated models and nothing of this repository. */

/** One message, by its key in the document; the payload of a frame is its bytes. */
export interface Message {
  key: string;
  payload: unknown;
}

export interface Reading {
  topic: number;
  at: number;
  value: number;
}

/** "A frame is a single binary message without socket.io's JSON placeholder before it: it stands for the event `f`." */
class FrameDecoder extends Decoder {
  override add(message: unknown): void {
    if (typeof message === "string") super.add(message);
    else this.emitReserved("decoded", { type: PacketType.EVENT, nsp: "/", data: ["f", message] });
  }
}

/** Reads a frame by the words of the document. */
class Bytes {
  at = 0;
  private readonly view: DataView;
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
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = this.u8();
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  }
  zigzag(value = this.varint()): number {
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  u48(): number {
    this.at += 6;
    return this.view.getUint32(this.at - 6, true) + this.view.getUint16(this.at - 2, true) * 2 ** 32;
  }
  f64(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }
  json(length: number): unknown {
    this.at += length;
    return length === 0
      ? []
      : (JSON.parse(new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at))) as unknown);
  }
}

function item(bytes: Bytes, now: number, topic: number): Reading {
  const at = now - bytes.zigzag();
  const tagged = bytes.varint();
  const scale = tagged % 4;
  if (scale < 3) return { topic, at, value: bytes.zigzag((tagged - scale) / 4) / 10 ** scale };
  bytes.u8();
  return { topic, at, value: bytes.f64() };
}

export interface Frame {
  set: number;
  seq: number;
  now: number;
  readings: Reading[];
  /** events and cells of each section of events */
  events: unknown[];
  /** names and, for each row, slot, lon and lat of each section of positions */
  positions: { names: unknown; rows: [number, number, number][] }[];
}

/** A frame, decoded as the document describes it. */
export function readFrame(raw: Uint8Array): Frame {
  const bytes = new Bytes(raw);
  if (bytes.u8() !== 1) throw new Error("another version");
  const frame: Frame = {
    set: bytes.varint(),
    seq: bytes.varint(),
    now: bytes.u48(),
    readings: [],
    events: [],
    positions: [],
  };
  while (!bytes.done) {
    const head = bytes.varint();
    const [kind, topic] = [head % 4, (head - (head % 4)) / 4];
    if (kind === 0) {
      frame.readings.push(item(bytes, frame.now, topic));
      continue;
    }
    bytes.varint();
    const count = bytes.varint();
    if (kind === 1) for (let i = 0; i < count; i++) frame.readings.push(item(bytes, frame.now, topic));
    else if (kind === 2) frame.events.push(bytes.json(count));
    else frame.positions.push(readPositions(bytes, raw, count));
  }
  return frame;
}

function readPositions(bytes: Bytes, raw: Uint8Array, count: number): Frame["positions"][number] {
  const names = bytes.json(bytes.varint());
  const view = new DataView(raw.buffer, raw.byteOffset + bytes.at);
  bytes.at += count * 20;
  const rows = Array.from({ length: count }, (_, i): [number, number, number] => [
    view.getUint32(i * 20, true),
    view.getInt32(i * 20 + 4, true) / 1e6,
    view.getInt32(i * 20 + 8, true) / 1e6,
  ]);
  return { names, rows };
}

/** A client of the live socket that keeps all that goes over it, in both directions. */
export class LiveClient {
  readonly messages: Message[] = [];
  private readonly socket: Socket;

  constructor(url: string) {
    const parser = { Encoder, Decoder: FrameDecoder };
    this.socket = io(url, { path: "/live", transports: ["websocket"], parser, forceNew: true });
    this.socket.onAny((key: string, payload: unknown) => this.messages.push({ key, payload }));
  }

  async subscribe(request: SubscribeRequest): Promise<SnapshotMessage | SubscribeRefusal> {
    this.messages.push({ key: "subscribe", payload: request });
    const answer = (await this.socket.emitWithAck("subscribe", request)) as SnapshotMessage | SubscribeRefusal;
    this.messages.push({ key: "error" in answer ? "subscribeRefused" : "subscribed", payload: answer });
    return answer;
  }

  async watch(city: string, screen: string): Promise<ScreenMessage | null> {
    this.messages.push({ key: "watchScreen", payload: [city, screen] });
    const answer = (await this.socket.emitWithAck("watch-screen", city, screen)) as ScreenMessage | null;
    this.messages.push({ key: "watched", payload: answer });
    return answer;
  }

  /** Sends what nobody listens to. */
  shout(times: number): void {
    for (let i = 0; i < times; i++) this.socket.emit("nothing");
  }

  /** What came under a key so far. */
  got(key: string): unknown[] {
    return this.messages.filter((message) => message.key === key).map(({ payload }) => payload);
  }

  close(): void {
    this.socket.close();
  }
}
