import type { Server as HttpServer } from "node:http";
import { Server, type Socket } from "socket.io";
import { Sender } from "ws";
import type { Catalogue } from "../cities/catalogue";
import { LIMITS } from "../contract/api/limits";
import { subscribeRequest, watchScreenRequest } from "../contract/api/socket";
import * as parser from "../contract/parser";
import type { ClockMessage, HelloMessage, LagMessage, StoreMessage } from "../contract/socket-messages";
import { sameOrigin } from "./http";
import type { Hub } from "./hub";
import type { Outbox, Sink } from "./outbox";
import { RateLimit } from "./rate-limit";

/** Bytes that may wait in a connection before it counts as slow. */
const CONGESTED_BYTES = 1 << 20;
const CONGESTED_PACKETS = 32;
/** Subscriptions of one connection, a second and at once. */
const SUBSCRIPTIONS = { rate: 20, burst: 40 };

/** What a live connection is served from. */
interface LiveParts {
  hub: Hub;
  outbox: Outbox;
  catalogue: Pick<Catalogue, "message">;
  /** how the store of the past stands; null where none is kept */
  store: () => StoreMessage | null;
  /** when the clock was set; null when that was not lately */
  clock: () => ClockMessage | null;
  build: string;
  now: () => number;
}

type Acknowledge = (answer: unknown) => void;

/** The room of those who watch a screen. */
export function screenRoom(city: string, screen: string): string {
  return `screen ${city} ${screen}`;
}

/** Opens the live socket of a server that listens: every connection to /live is served until it ends. */
export function openLive(http: HttpServer, parts: LiveParts): Server {
  const live = new Server(http, {
    path: "/live",
    serveClient: false,
    transports: ["websocket"],
    parser: parser as never,
    maxHttpBufferSize: LIMITS.message,
    pingInterval: 20_000,
    pingTimeout: 10_000,
    perMessageDeflate: false,
    destroyUpgrade: false,
    allowRequest: (request, decide) => decide(null, sameOrigin(request)),
  });
  live.on("connection", (socket) => serveLive(socket, parts));
  return live;
}

/** Serves one live connection until it ends. */
function serveLive(socket: Socket, { hub, outbox, catalogue, store, clock, build, now }: LiveParts): void {
  const sink = makeSink(socket);
  outbox.join(sink, (message) => {
    socket.emit("snapshot", message);
    socket.emit("lag", { skippedFrames: outbox.skipped(sink) } satisfies LagMessage);
  });
  const limit = new RateLimit(SUBSCRIPTIONS.rate, SUBSCRIPTIONS.burst);
  socket.emit("hello", { epoch: hub.epoch, now: now(), build } satisfies HelloMessage);
  const standing = store();
  if (standing) socket.emit("store", standing);
  const set = clock();
  if (set) socket.emit("clock", set);
  socket.on("subscribe", (raw: unknown, ack: unknown) => {
    if (typeof ack !== "function") return;
    const acknowledge = ack as Acknowledge;
    const request = subscribeRequest.safeParse(raw);
    if (!request.success) acknowledge({ error: "topics: unreadable" });
    else if (limit.take("subscribe", now()) > 0) acknowledge({ error: "too many requests" });
    else outbox.subscribe(sink, request.data, acknowledge);
  });
  socket.on("watch-screen", (city: unknown, screen: unknown, ack: unknown) => {
    if (typeof ack !== "function") return;
    const asked = watchScreenRequest.safeParse([city, screen]);
    if (asked.success) void socket.join(screenRoom(...asked.data));
    (ack as Acknowledge)(asked.success ? catalogue.message(...asked.data) : null);
  });
  socket.on("disconnect", () => outbox.leave(sink));
}

/** The parts of engine.io's connection that tell how much waits to be sent, and the way around its queue. */
interface Wire {
  request: unknown;
  writeBuffer: unknown[];
  transport: {
    writable: boolean;
    socket?: { bufferedAmount: number; _sender?: { sendFrame: (frame: Buffer[]) => void } };
  };
}

/** The WebSocket frame around a buffer as one piece, made once for all who get it: one write each, and no copy. */
let framed: { bytes: Uint8Array; buffer: Buffer; frame: Buffer[] } | null = null;

function preFramed(bytes: Uint8Array): { buffer: Buffer; frame: Buffer[] } {
  if (framed?.bytes !== bytes) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    framed = {
      bytes,
      buffer,
      frame: [Buffer.concat(Sender.frame(buffer, { readOnly: false, mask: false, rsv1: false, opcode: 2, fin: true }))],
    };
  }
  return framed;
}

function makeSink(socket: Socket): Sink {
  const client = (socket as unknown as { client: { writeToEngine: (packets: unknown[], options: object) => void } })
    .client;
  const wire = socket.conn as unknown as Wire;
  // The HTTP request that opened the connection is of no more use, and a wall's connection lives for months.
  wire.request = null;
  Object.assign(socket.handshake, { headers: {}, query: {}, auth: {} });
  return {
    send(bytes) {
      const { buffer, frame } = preFramed(bytes);
      const sender = wire.transport.socket?._sender;
      // Past engine.io's queue while that is empty, which keeps the order; through it otherwise.
      if (sender && wire.transport.writable && wire.writeBuffer.length === 0) sender.sendFrame(frame);
      else client.writeToEngine([buffer], { wsPreEncodedFrame: frame });
    },
    congested: () =>
      wire.writeBuffer.length > CONGESTED_PACKETS || (wire.transport.socket?.bufferedAmount ?? 0) > CONGESTED_BYTES,
  };
}
