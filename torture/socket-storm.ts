/** Messages by chance over the live socket: from the contract, spoilt, and bytes that are no message at all. */
import { once } from "node:events";
import { io, type Socket } from "socket.io-client";
import { WebSocket } from "ws";
import { TO_GATEWAY } from "../lib/contract/api/socket";
import * as parser from "../lib/contract/parser";
import { schemaOf, schemasFor } from "../lib/gateway/openapi";
import type { Chance } from "./chance";
import { fitting, garbled, spoilt, type Known } from "./values";
import { breachIn, type Mark, type Visitor } from "./visitors";

const EVENTS = [
  "subscribe",
  "watch-screen",
  "hello",
  "f",
  "connect",
  "disconnect",
  "error",
  "__proto__",
  "newListener",
  "",
];
/** Messages sent before it is looked whether the gateway still answers. */
const ROUND = 50;

export interface SocketTally {
  sent: number;
  /** times that the gateway hung up */
  cut: number;
  faults: string[];
}

const schemas = Object.fromEntries(
  Object.entries(TO_GATEWAY).map(([event, { payload }]) => {
    const schema = schemaOf(payload, "input");
    return [event, { schema, all: schemasFor(schema, {}) }];
  }),
);

/** All that a message says, as bytes: texts and numbers in JSON, and what columns and frames have in them. */
export function bytesOf(said: unknown): Buffer {
  const pieces: Buffer[] = [];
  const text = JSON.stringify(said, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    pieces.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    return null;
  });
  return Buffer.concat([Buffer.from(text ?? ""), ...pieces]);
}

/** @param heard told what a message is answered with */
function argsOf(chance: Chance, known: Known, heard: (said: unknown) => void): unknown[] {
  const [event, { schema, all }] = chance.of(Object.entries(schemas));
  const value = fitting(schema, all, chance, known);
  const sent = chance.often(0.7) ? spoilt(value, chance) : value;
  const name = chance.often(0.1) ? chance.of(EVENTS) : event;
  const args = event === "watch-screen" && Array.isArray(sent) ? sent : [sent];
  return [name, ...args, ...(chance.often(0.9) ? [heard] : [])];
}

function reach(url: string, cookie: string | undefined, heard: (said: unknown) => void): Promise<Socket | null> {
  const extraHeaders: Record<string, string> = cookie === undefined ? {} : { cookie };
  const more = { parser, forceNew: true, reconnection: false, extraHeaders };
  const socket = io(url, { path: "/live", transports: ["websocket"], ...more });
  socket.onAny((...said: unknown[]) => heard(said));
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(socket));
    socket.once("connect_error", () => {
      socket.close();
      resolve(null);
    });
  });
}

/** Asks for one topic, and waits for the answer or the end of the connection. */
function answers(socket: Socket, topic: string): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), 15_000);
    const done = (heard: boolean): void => {
      clearTimeout(timer);
      resolve(heard);
    };
    socket.once("disconnect", () => done(true));
    socket.emit("subscribe", { topics: [{ topic, spans: [] }] }, () => done(true));
  });
}

/** What the trial goes by: names that exist, and who comes where everybody signs in. */
interface SocketGround {
  chance: Chance;
  known: Known;
  visitors?: readonly Visitor[];
  marks?: readonly Mark[];
}

async function speak(url: string, ground: SocketGround, tally: SocketTally): Promise<void> {
  const { chance, known, visitors = [], marks = [] } = ground;
  const visitor = visitors.length > 0 ? chance.of(visitors) : undefined;
  const heard = (said: unknown): void => {
    const breach = visitor && breachIn(visitor, bytesOf(said), marks);
    if (breach) tally.faults.push(`over the live socket ${breach}`);
  };
  const socket = await reach(url, visitor?.cookie, heard);
  if (!socket) {
    // Who has nothing to look at may be turned away at once.
    if (visitor?.sees?.length !== 0) tally.faults.push("the live socket did not open");
    return;
  }
  for (let i = 0; i < ROUND && socket.connected; i++) {
    tally.sent++;
    try {
      const [name, ...args] = argsOf(chance, known, heard);
      socket.emit(name as string, ...args);
    } catch {
      // A name that the client keeps for itself is not sent.
    }
  }
  if (socket.connected && !(await answers(socket, known.topic?.[0] as string)))
    tally.faults.push("the live socket did not answer within 15 s");
  if (!socket.connected) tally.cut++;
  socket.close();
}

async function babble(url: string, chance: Chance, tally: SocketTally): Promise<void> {
  const path = chance.of([
    "/live/?EIO=4&transport=websocket",
    "/live/?EIO=4",
    "/live/",
    "/other/",
    "/live/?EIO=9&transport=websocket",
  ]);
  const socket = new WebSocket(url.replace("http", "ws") + path);
  socket.on("error", () => {});
  await Promise.race([once(socket, "open"), once(socket, "close"), once(socket, "error")]).catch(() => {});
  for (let i = 0; i < ROUND && socket.readyState === WebSocket.OPEN; i++) {
    tally.sent++;
    const text = Buffer.from(
      chance.of(["40", '42["subscribe",{}]', "2", "3", "6", "451-", '450-["x",{"_placeholder":true,"num":9}]']),
    );
    socket.send(chance.often(0.5) ? garbled(text, chance) : Buffer.alloc(chance.int(0, 70_000), chance.int(0, 255)), {
      binary: chance.often(0.5),
    });
  }
  if (socket.readyState !== WebSocket.OPEN) tally.cut++;
  socket.terminate();
}

/** Sends about `count` messages over `width` connections at a time, opened anew again and again. */
export async function socketStorm(
  url: string,
  { count, width, ...ground }: SocketGround & { count: number; width: number },
): Promise<SocketTally> {
  const tally: SocketTally = { sent: 0, cut: 0, faults: [] };
  async function worker(): Promise<void> {
    while (tally.sent < count) {
      tally.sent++;
      await (ground.chance.often(0.6) ? speak(url, ground, tally) : babble(url, ground.chance, tally));
    }
  }
  await Promise.all(Array.from({ length: width }, worker));
  return tally;
}
