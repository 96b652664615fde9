import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { Server, type Socket } from "socket.io";
import { Sender } from "ws";
import type { Catalogue } from "../cities/catalogue";
import { Pace } from "../clock/pace";
import { LIMITS } from "../contract/api/limits";
import { subscribeRequest, watchScreenRequest, type TO_GATEWAY } from "../contract/api/socket";
import * as parser from "../contract/parser";
import { Written } from "../contract/parser";
import { pointsIn } from "../contract/reduce";
import { may, toldOf } from "../contract/rights";
import type {
  ClockMessage,
  HelloMessage,
  LagMessage,
  SnapshotMessage,
  StoreMessage,
  StoreStanding,
} from "../contract/socket-messages";
import { HttpError } from "./http";
import type { Hub } from "./hub";
import type { LiveDisplays } from "./live-displays";
import { LiveGuard, type Wire } from "./live-guard";
import { LiveRights, type LiveDenied, type Visit } from "./live-rights";
import type { Outbox, Sight, Sink, Tell } from "./outbox";
import { isUnmade, jsonPieces } from "./pieces";
import type { Principals } from "./principals";
import { RateLimit } from "./rate-limit";
import type { Refusals } from "./refusals";
import { isWithheld, seenTopic } from "./sight";

const { live: MOST } = LIMITS;
/** Most ms that a connection may be open without having said what it is for. */
const SPEAKS_WITHIN = 15_000;
/** Topics that were refused to a connection, of which it is remembered that the audit log has it. */
const REMEMBERED = 512;

/** What a live connection is served from. */
interface LiveParts {
  hub: Hub;
  outbox: Outbox;
  catalogue: Catalogue;
  /** how the store of the past stands; null where none is kept */
  store: () => StoreStanding | null;
  /** when the clock was set; null when that was not lately */
  clock: () => ClockMessage | null;
  /** tells displays what they show; null where none can be paired */
  displays: Pick<LiveDisplays, "follow"> | null;
  build: string;
  /** who comes; null where everybody may do everything */
  principals: Principals | null;
  /** counts who was refused what for want of a right; null where nothing is audited */
  refusals: Pick<Refusals, "add"> | null;
  now: () => number;
}

type Acknowledge = (answer: unknown) => void;

/** The live socket of a server. */
export interface LiveDoor {
  io: Server;
  guard: LiveGuard;
  rights: LiveRights;
  /** Takes a connection over, from a request that was looked at. @throws HttpError 400, 401, 403, 503 */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

/** The room of those who watch a screen. */
function screenRoom(city: string, screen: string): string {
  return `screen ${city} ${screen}`;
}

/** Sends to those who watch a screen. */
export function toScreen(io: Server, city: string, screen: string) {
  return io.to(screenRoom(city, screen));
}

/** The rooms of those who may look at all cities, and of the others. */
const [WHOLE, PART] = ["all cities", "some cities"];

/** How the store stands, to who may look at a part of what it keeps: nothing of how much that is, or in which file. */
function partOf({ state, since, space, aside, notices }: StoreStanding): StoreMessage {
  const told = notices.map(({ what, at, lost, exact }) => ({ what, at, lost, exact }));
  return { state, since, space, aside, notices: told };
}

/** Tells everybody how the store stands, as far as he may know. */
export function tellStore(io: Server, standing: StoreStanding): void {
  io.to(WHOLE).emit("store", standing satisfies StoreMessage);
  io.to(PART).emit("store", partOf(standing));
}

/** Opens the live socket: every connection that `upgrade` takes is served until it ends. */
export function openLive(parts: LiveParts): LiveDoor {
  // A server of its own that never listens: what comes to the public one is looked at before anything else sees it.
  const io = new Server(createServer(), {
    path: "/live",
    serveClient: false,
    transports: ["websocket"],
    parser: parser as never,
    maxHttpBufferSize: LIMITS.message,
    pingInterval: 20_000,
    pingTimeout: 10_000,
    connectTimeout: SPEAKS_WITHIN,
    perMessageDeflate: false,
  });
  const guard = new LiveGuard(parts.now);
  const denied: LiveDenied = ({ who, what, address }) =>
    parts.refusals?.add({ who: toldOf(who), action: "refuse", object: what, address });
  const rights = new LiveRights(parts.principals, guard, parts.now, denied);
  io.engine.on("connection", (wire: Wire) => {
    guard.join(wire);
    rights.join(wire);
  });
  io.on("connection", (socket) => {
    const visit = rights.of(socket.conn as unknown as Wire);
    if (!visit) return;
    const renew = (): void => rights.renew(visit);
    serveLive(socket, parts, { guard, visit, renew, refuse: (message) => rights.refuse(visit, message) });
  });
  const checkRoom = (): void => {
    if (guard.size >= MOST.connections)
      throw new HttpError(503, "busy", "too many live connections", { "retry-after": "5" });
  };
  return {
    io,
    guard,
    rights,
    async upgrade(request, socket, head) {
      checkHandshake(request);
      checkRoom();
      if (parts.principals) {
        // Who hangs up while it is looked who he is must not bring the process down.
        const ignore = (): void => {};
        socket.on("error", ignore);
        await rights.meet(request);
        socket.off("error", ignore);
        if (socket.destroyed) return;
        checkRoom();
      }
      io.engine.handleUpgrade(request, socket, head);
    },
  };
}

/** Whose connection it is, and what holds it to its limits. */
interface Served {
  guard: LiveGuard;
  visit: Visit;
  /** looks what his screens show now */
  renew: () => void;
  /** says that what a message of his asks for is refused for want of a right */
  refuse: (message: keyof typeof TO_GATEWAY) => void;
}

/** What somebody is told of a topic. */
function sightOf({ who }: Visit, catalogue: Catalogue, topic: string): Sight {
  const seen = seenTopic(who, catalogue, topic);
  if (seen === "unknown") return { refused: "unknown topic" };
  return seen === "no-right" ? { refused: "no right" } : { places: seen.places };
}

/**
 * What the libraries would refuse with an answer of their own. There is one transport, so that nothing is ever taken
 * over from another one. @throws HttpError 400
 */
function checkHandshake({ url = "", headers }: IncomingMessage): void {
  const asked = new URLSearchParams(url.split("?")[1]);
  if (asked.get("EIO") !== "4" || asked.get("transport") !== "websocket" || asked.has("sid"))
    throw new HttpError(400, "no-upgrade", "the live socket takes ?EIO=4&transport=websocket");
  const { upgrade = "", "sec-websocket-key": key = "", "sec-websocket-version": version } = headers;
  if (upgrade.toLowerCase() !== "websocket" || version !== "13" || !/^[+/\dA-Za-z]{22}==$/.test(key))
    throw new HttpError(400, "no-upgrade", "the live socket is a WebSocket (RFC 6455)");
}

/** Serves one live connection until it ends. */
function serveLive(socket: Socket, parts: LiveParts, served: Served): void {
  const { guard, visit } = served;
  const { hub, outbox, catalogue, store, clock, displays, build, now } = parts;
  // A person who signed in at a display is that person.
  if (visit.who.kind !== "account") displays?.follow(socket);
  const sink = makeSink(socket, guard);
  const resync: Tell = (message) => {
    const lag = (): void => {
      socket.emit("lag", { skippedFrames: outbox.skipped(sink) } satisfies LagMessage);
    };
    const told = sendSnapshot(socket, message, (snapshot) => socket.emit("snapshot", snapshot));
    return told ? told.then(lag) : lag();
  };
  outbox.join(sink, resync, (topic) => sightOf(visit, catalogue, topic));
  const end = (): void => {
    outbox.leave(sink);
    for (const room of socket.rooms) void socket.leave(room);
  };
  if (parts.principals) visit.serving = { isStillTold: () => outbox.isStillTold(sink), end };
  socket.emit("hello", { epoch: hub.epoch, now: now(), build } satisfies HelloMessage);
  const isWhole = may(visit.who, "look");
  void socket.join(isWhole ? WHOLE : PART);
  const standing = store();
  if (standing) socket.emit("store", isWhole ? standing : partOf(standing));
  const set = clock();
  if (set) socket.emit("clock", set);
  hearSubscriptions(socket, sink, parts, served);
  hearScreens(socket, parts, served);
  socket.on("disconnect", (reason) => {
    outbox.leave(sink);
    // Who takes leave by a packet and stays would never be told anything again.
    if (reason === "client namespace disconnect") socket.conn.close();
  });
}

/** Sends a snapshot; where it is long, others have their turn while it is written. */
function sendSnapshot(
  socket: Socket,
  message: SnapshotMessage,
  send: (told: SnapshotMessage | Written) => void,
): Promise<void> | undefined {
  const isLong = Object.values(message.topics).some((topic) => topic.kind === "positions" && isUnmade(topic.rows));
  if (!isLong) {
    send(message);
    return;
  }
  return inStretches(message).then((bytes) => {
    const written = new Written();
    send(written);
    if (written.before !== "") sendText(socket, [Buffer.from(`4${written.before}`), ...bytes, Buffer.from("]")]);
  });
}

/** The JSON of a snapshot in pieces; also its bytes are made a piece at a time, as those of so long a text take 200 ms. */
async function inStretches(message: SnapshotMessage): Promise<Buffer[]> {
  const pace = new Pace();
  const pieces: Buffer[] = [];
  for (const text of jsonPieces(message)) {
    pieces.push(Buffer.from(text));
    if (pace.isOver) await pace.rest();
  }
  return pieces;
}

/** Sends a packet of engine.io that is bytes of UTF-8 already, as a text. */
function sendText(socket: Socket, pieces: Buffer[]): void {
  const text = Buffer.concat(pieces);
  const frame = Sender.frame(text, { readOnly: false, mask: false, rsv1: false, opcode: 1, fin: true });
  clientOf(socket).writeToEngine([text], { wsPreEncodedFrame: frame });
}

function hearSubscriptions(socket: Socket, sink: Sink, parts: LiveParts, served: Served): void {
  const { outbox, now, catalogue } = parts;
  const { renew, refuse, visit } = served;
  const known = new Set<string>();
  /** Whether nobody was told yet that this topic is refused here: a wall asks for the same again whenever it turns its screens. */
  const isNews = ({ topic }: { topic: string }): boolean => {
    const isKnown = known.has(topic);
    if (known.size < REMEMBERED) known.add(topic);
    return !isKnown;
  };
  const answer = (acknowledge: Acknowledge) => (message: SnapshotMessage) => {
    const withheld = message.refused.filter(({ topic }) => isWithheld(visit.who, catalogue, topic));
    if (withheld.filter(isNews).length > 0) refuse("subscribe");
    return sendSnapshot(socket, message, acknowledge);
  };
  const limit = new RateLimit(MOST.subscriptions.rate, MOST.subscriptions.burst);
  const points = new RateLimit(MOST.pointsRate.rate, MOST.pointsRate.burst);
  socket.on("subscribe", (raw: unknown, ack: unknown) => {
    if (typeof ack !== "function") return;
    const acknowledge = ack as Acknowledge;
    if (limit.take("", now()) > 0) return acknowledge({ error: "too many requests" });
    const request = subscribeRequest.safeParse(raw);
    if (!request.success) return acknowledge({ error: "topics: unreadable" });
    const asked = request.data.topics.reduce((points, { spans }) => points + pointsIn(spans), 0);
    if (asked > MOST.points)
      return acknowledge({ error: `topics: ask for ${asked} points of the past, of ${MOST.points} at the most` });
    if (points.take("", now(), asked) > 0) return acknowledge({ error: "too many requests" });
    renew();
    if (!outbox.subscribe(sink, request.data, answer(acknowledge))) acknowledge({ error: "too many requests" });
  });
}

function hearScreens(socket: Socket, { catalogue }: LiveParts, { visit, refuse }: Served): void {
  const followed = new Set<string>();
  socket.on("watch-screen", (city: unknown, screen: unknown, ack: unknown) => {
    if (typeof ack !== "function") return;
    const asked = watchScreenRequest.safeParse([city, screen]);
    const isSeen = asked.success && may(visit.who, "look", { city: asked.data[0], screen: asked.data[1] });
    if (asked.success && !isSeen) refuse("watch-screen");
    const message = isSeen ? catalogue.message(...asked.data) : null;
    if (asked.success && message) {
      const room = screenRoom(...asked.data);
      followed.delete(room);
      followed.add(room);
      void socket.join(room);
      const [oldest] = followed;
      if (followed.size > MOST.screens && oldest !== undefined) {
        followed.delete(oldest);
        void socket.leave(oldest);
      }
    }
    (ack as Acknowledge)(message);
  });
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

interface Client {
  writeToEngine: (packets: unknown[], options: object) => void;
}

const clientOf = (socket: Socket): Client => (socket as unknown as { client: Client }).client;

function makeSink(socket: Socket, guard: LiveGuard): Sink {
  const client = clientOf(socket);
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
    congested: () => guard.isCongested(wire),
    hasRoom: (small) => guard.hasRoom(small),
  };
}
