import { PacketType } from "socket.io-parser";
import { after } from "../clock";
import { LIMITS } from "../contract/api/limits";
import { Encoder } from "../contract/parser";
import type { IssueMessage } from "../contract/socket-messages";
import { RateLimit } from "./rate-limit";

const { live: MOST } = LIMITS;
/** Bytes that may wait in a connection before it counts as slow. */
const CONGESTED_BYTES = 1 << 20;
const CONGESTED_PACKETS = 32;
/** Most ms that a connection which is cut has to take the reason. */
const LAST_WORD = 2_000;
/** The close code of WebSocket for who does not keep to the rules (RFC 6455, 7.4.1). */
const POLICY = 1008;

/** A packet as engine.io tells of it and as it waits to be sent. */
interface Packet {
  type: string;
  data?: string | Buffer;
}

/** The parts of engine.io's connection that tell how much waits to be sent, and the ways around its queue. */
export interface Wire {
  request: unknown;
  writeBuffer: Packet[];
  write(data: unknown): unknown;
  on(event: "packet", listener: (packet: Packet) => void): unknown;
  once(event: "close" | "drain", listener: () => void): unknown;
  transport: {
    writable: boolean;
    socket?: {
      bufferedAmount: number;
      close(code: number, reason: string): void;
      pause(): void;
      terminate(): void;
      _sender?: { sendFrame: (frame: Buffer[]) => void };
    };
  };
}

/** Bytes that wait to be sent to a connection: those handed to the system, and those that wait for them. */
function waitingIn({ writeBuffer, transport }: Wire): number {
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) bytes += data?.length ?? 0;
  return bytes;
}

/** Bytes that all connections may hold before snapshots wait to be made, and before small ones do. */
const ROOM = MOST.waitingInAll / 2;
const ROOM_FOR_SMALL = (MOST.waitingInAll * 3) / 4;

/** Since when (ms) a connection has stood so; 0: it does not. */
interface Standing {
  congested: number;
  /** anything has waited to be read */
  holding: number;
}

function isSlow(wire: Wire, bytes: number): boolean {
  return wire.writeBuffer.length > CONGESTED_PACKETS || bytes > CONGESTED_BYTES;
}

/**
 * Holds every live connection to what it may send and to what may wait for it. One that goes over is told why by the
 * message `issue` and by the reason of its close, and is cut: the server holds nothing of it any longer.
 */
export class LiveGuard {
  private readonly wires = new Map<Wire, Standing>();
  /** those that were cut, and are not gone yet */
  private readonly ending = new Set<Wire>();
  private readonly encoder = new Encoder();
  /** bytes that may wait in a connection before it counts as slow: less while all together hold much */
  private share = CONGESTED_BYTES;
  /** a snapshot waits to be made */
  private wanted = false;
  /** connections cut since the gateway began */
  cut = 0;

  constructor(private readonly now: () => number) {}

  get size(): number {
    return this.wires.size;
  }

  /** Bytes that wait to be read by all of them. */
  get waiting(): number {
    let all = 0;
    for (const wire of this.wires.keys()) all += waitingIn(wire);
    return all;
  }

  /** True while so much waits in a connection that more would only add to it. */
  isCongested(wire: Wire): boolean {
    return wire.writeBuffer.length > CONGESTED_PACKETS || waitingIn(wire) > this.share;
  }

  /** Whether a snapshot may be made for anybody, a small one or any; where not, those that read nothing are made to give way. */
  hasRoom(small: boolean): boolean {
    let all = this.waiting;
    for (const wire of this.ending) all += waitingIn(wire);
    if (all > ROOM) this.wanted = true;
    return all <= (small ? ROOM_FOR_SMALL : ROOM);
  }

  /** A connection begins. */
  join(wire: Wire): void {
    const messages = new RateLimit(MOST.messages.rate, MOST.messages.burst);
    const bytes = new RateLimit(MOST.bytes.rate, MOST.bytes.burst);
    this.wires.set(wire, { congested: 0, holding: 0 });
    wire.once("close", () => {
      this.wires.delete(wire);
      this.ending.delete(wire);
    });
    wire.on("packet", ({ data }) => {
      if (!this.wires.has(wire)) return;
      const now = this.now();
      if (messages.take("", now) > 0)
        this.end(wire, "too-many-messages", `more than ${MOST.messages.rate} messages a second`);
      else if (bytes.take("", now, data?.length ?? 0) > 0)
        this.end(wire, "too-many-bytes", `more than ${MOST.bytes.rate} bytes a second`);
      else if (waitingIn(wire) > MOST.waiting) this.endFull(wire);
    });
  }

  /** Looks at what waits in each connection, those that hold the most first; to be called once a second or so. */
  look(): void {
    const now = this.now();
    const waiting = [...this.wires].map(([wire, standing]) => ({ wire, standing, bytes: waitingIn(wire) }));
    let all = this.waiting;
    const { wanted } = this;
    this.wanted = false;
    for (const { wire, standing, bytes } of waiting.sort((a, b) => b.bytes - a.bytes)) {
      standing.congested = isSlow(wire, bytes) ? standing.congested || now : 0;
      standing.holding = bytes > 0 ? standing.holding || now : 0;
      const since = (from: number): number => (from === 0 ? 0 : now - from);
      const here = `${bytes} bytes wait to be read by this connection`;
      if (bytes > MOST.waiting) this.endFull(wire);
      else if (all > MOST.waitingInAll)
        this.end(wire, "too-slow", `${here}, the most of all, which together may hold ${MOST.waitingInAll}`);
      else if (wanted && all > ROOM && since(standing.holding) >= MOST.givesWay)
        this.end(wire, "too-slow", `others wait for a snapshot, and ${here}`);
      else if (since(standing.congested) > MOST.stalled)
        this.end(wire, "too-slow", `what waited was not read for ${MOST.stalled / 1000} s`);
      if (!this.wires.has(wire)) all -= bytes;
    }
    this.share = all > ROOM ? Math.min(CONGESTED_BYTES, ROOM / this.wires.size) : CONGESTED_BYTES;
  }

  private endFull(wire: Wire): void {
    this.end(wire, "too-slow", `more waits to be read than a connection may hold (${MOST.waiting} bytes)`);
  }

  private end(wire: Wire, code: IssueMessage["code"], detail: string): void {
    if (!this.dismiss(wire, { code, detail }, LAST_WORD)) return;
    this.cut++;
    // What it goes on sending is not even read.
    wire.transport.socket?.pause();
  }

  /**
   * Ends a connection at once, and tells why.
   * @param within ms that it has to take that
   * @returns false where it has ended already
   */
  dismiss(wire: Wire, issue: IssueMessage, within: number): boolean {
    if (!this.wires.delete(wire)) return false;
    this.ending.add(wire);
    const [message] = this.encoder.encode({ type: PacketType.EVENT, nsp: "/", data: ["issue", issue] });
    const { socket, writable } = wire.transport;
    // Closed as a connection that breaks, not as a server that says goodbye: a wall comes back from that by itself.
    const close = (): void => socket?.close(POLICY, issue.detail);
    // Behind what is on its way already the reason would wait, and the end overtake it.
    if (!writable) wire.once("drain", close);
    wire.write(message);
    if (writable) close();
    // engine.io may let go of it before: only this gives its descriptor back where the other side does nothing.
    after(within, () => {
      socket?.terminate();
      // Closing may go unheard until pings are missed, and nothing is held any more.
      this.ending.delete(wire);
    });
    return true;
  }
}
