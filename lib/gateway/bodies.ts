import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import { after, every } from "../clock";
import { LIMITS } from "../contract/api/limits";
import { Budget } from "./budget";
import { HttpError } from "./http";

const { bodies: MOST } = LIMITS;
/** How often it is looked how a large body comes, ms. */
const LOOK_EVERY = 250;

const nothing = (): void => {};

/** A small body that is on its way. */
interface Arriving {
  address: string;
  chunks: Buffer[];
  bytes: number;
  refuse: (error: HttpError) => void;
}

/**
 * Who asks, as limits count: an address, of IPv6 the network (/64) in which one machine can have any number of them.
 */
export function addressOf({ socket }: Pick<IncomingMessage, "socket">): string {
  const address = (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter(Boolean);
  if (tail !== undefined) {
    const after = tail.split(":").filter(Boolean);
    while (groups.length + after.length < 8) groups.push("0");
    groups.push(...after);
  }
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/** Small bodies on their way to one server: together they hold no more than so many bytes, however slowly they come. */
class SmallBodies {
  private readonly arriving = new Set<Arriving>();
  private bytes = 0;

  constructor(private readonly most: number) {}

  begin(request: IncomingMessage, refuse: (error: HttpError) => void): Arriving {
    const body = { address: addressOf(request), chunks: [], bytes: 0, refuse };
    this.arriving.add(body);
    return body;
  }

  add(body: Arriving, chunk: Buffer): void {
    if (!this.arriving.has(body)) return;
    body.chunks.push(chunk);
    body.bytes += chunk.length;
    this.bytes += chunk.length;
    while (this.bytes > this.most) this.giveUp(this.oldestOfMost());
  }

  /** Ends the count of a body. @returns its pieces, as they came */
  end(body: Arriving): Buffer[] {
    if (!this.arriving.delete(body)) return [];
    this.bytes -= body.bytes;
    return body.chunks;
  }

  /**
   * Of the address that holds the most, the body that has been on its way the longest: one that comes at its pace is
   * through before it is that.
   */
  private oldestOfMost(): Arriving {
    const held = new Map<string, number>();
    for (const { address, bytes } of this.arriving) held.set(address, (held.get(address) ?? 0) + bytes);
    let most = "";
    for (const [address, bytes] of held) if (bytes > (held.get(most) ?? 0)) most = address;
    for (const body of this.arriving) if (body.address === most && body.bytes > 0) return body;
    throw new Error("no body holds anything");
  }

  private giveUp(body: Arriving): void {
    this.end(body);
    body.chunks = [];
    body.refuse(busy("too many bodies are on their way at once; send it again"));
  }
}

function busy(message: string): HttpError {
  return new HttpError(503, "busy", message, { "retry-after": "1", connection: "close" });
}

function tooLarge(most: number): HttpError {
  return new HttpError(413, "too-large", `the body is larger than ${most} bytes`, { connection: "close" });
}

function cutShort(): HttpError {
  return new HttpError(400, "unreadable", "the connection was closed before its request was whole");
}

function tooSlow(): HttpError {
  const message = `the request was not whole within ${LIMITS.request / 1000} s`;
  return new HttpError(408, "too-slow", message, { connection: "close" });
}

/** Ms after which what large bodies were read into is given back. */
const IDLE = 10_000;

/**
 * Where large bodies are read into, used again by the next one: left to the collector, which sees little of them, those of
 * a minute would lie there together.
 */
class Buffers {
  private readonly free: Buffer[] = [];
  private stop = nothing;

  take(size: number): Buffer {
    // Of a body that is not very large nothing is won.
    return size > LIMITS.body / 8
      ? (this.free.pop() ?? Buffer.allocUnsafeSlow(LIMITS.body))
      : Buffer.allocUnsafeSlow(size);
  }

  give(buffer: Buffer): void {
    if (buffer.length < LIMITS.body || (this.free.length + 1) * LIMITS.body > MOST.points) return;
    this.free.push(buffer);
    this.stop();
    this.stop = after(IDLE, () => (this.free.length = 0));
  }
}

const buffers = new Buffers();
const smallOnes = new SmallBodies(MOST.smallInAll);
/** Room for large bodies, in bytes: they wait outside until there is some. */
const room = new Budget(MOST, { name: "large bodies", code: "busy" });

/** A body that was read. It holds its room until `leave` is called, once nothing of it is needed any more. */
export interface Body {
  bytes: Buffer;
  leave: () => void;
}

/** Waits for room for so many bytes. @throws HttpError 400, 429, 503 */
async function enter(request: IncomingMessage, bytes: number): Promise<() => void> {
  if (request.destroyed) throw cutShort();
  const gone = new AbortController();
  const onClose = (): void => gone.abort(cutShort());
  request.once("close", onClose);
  request.once("error", onClose);
  try {
    return await room.enter(addressOf(request), bytes, gone.signal);
  } catch (error) {
    // What is left of it is not read: nothing else can come over its connection.
    if (error instanceof HttpError) throw withClose(error);
    throw error;
  } finally {
    request.off("close", onClose);
    request.off("error", onClose);
  }
}

function withClose({ status, code, message, headers }: HttpError): HttpError {
  return new HttpError(status, code, message, { ...headers, connection: "close" });
}

/** Hears that a request broke off. @returns what ends that */
function hearBroken(request: IncomingMessage, refuse: (error: HttpError) => void): void {
  const broken = (): void => {
    if (!request.complete) refuse(cutShort());
  };
  request.on("error", broken);
  request.on("close", broken);
}

/**
 * Reads a body that has its room, of so many bytes at the most. Each piece is copied and let go of: put together at the end,
 * they would be there twice.
 */
function readLarge(request: IncomingMessage, begun: Buffer[], size: number, whole: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let [looks, without, before] = [0, 0, 0];
    const settle = (error: HttpError | null): void => {
      stop();
      request.off("data", take);
      if (error) reject(error);
      else resolve(whole.subarray(0, bytes));
    };
    // By its own looks and not the time: while this process could do nothing, nobody was slow.
    const stop = every(LOOK_EVERY, () => {
      looks++;
      without = bytes === before ? without + 1 : 0;
      before = bytes;
      if (looks * LOOK_EVERY > LIMITS.request) return settle(tooSlow());
      const slow = without * LOOK_EVERY > MOST.stopSeconds * 1_000 || looks * LOOK_EVERY > MOST.paceSeconds * 1_000;
      if (slow && room.load.waiting > 0) settle(busy("others wait, and this body comes too slowly; send it again"));
    });
    const take = (chunk: Buffer): void => {
      if (bytes + chunk.length > size) return settle(tooLarge(size));
      bytes += chunk.copy(whole, bytes);
    };
    for (const chunk of begun) take(chunk);
    request.on("data", take);
    request.once("end", () => settle(null));
    hearBroken(request, settle);
    request.resume();
  });
}

/** Reads a body as it comes, until it is whole (true) or more than a small one. */
function readSmall(request: IncomingMessage): Promise<{ chunks: Buffer[]; whole: boolean }> {
  // By its events, as an iterator over so small a stream costs more than what is read.
  return new Promise((resolve, reject) => {
    const refuse = (error: HttpError): void => {
      smallOnes.end(body);
      stop();
      reject(error);
    };
    const stop = after(LIMITS.request, () => refuse(tooSlow()));
    const body = smallOnes.begin(request, refuse);
    const end = (whole: boolean): void => {
      stop();
      resolve({ chunks: smallOnes.end(body), whole });
    };
    const onData = (chunk: Buffer): void => {
      smallOnes.add(body, chunk);
      if (body.bytes <= MOST.small) return;
      request.pause();
      request.off("data", onData);
      request.off("end", onEnd);
      end(false);
    };
    const onEnd = (): void => end(true);
    request.on("data", onData);
    request.on("end", onEnd);
    hearBroken(request, refuse);
  });
}

/**
 * Reads a body; a large one when there is room for it. `leave` has to be called whatever comes of it.
 * @param most bytes it may have @throws HttpError 400, 408, 413, 429, 503
 */
export async function readBody(request: IncomingMessage, most: number = LIMITS.body): Promise<Body> {
  const length = Number(request.headers["content-length"] ?? NaN);
  if (length > most) throw tooLarge(most);
  const begun = length > MOST.small ? { chunks: [], whole: false } : await readSmall(request);
  if (begun.whole) {
    const { chunks } = begun;
    return { bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), leave: nothing };
  }
  const size = Number.isNaN(length) ? most : length;
  const leaveRoom = await enter(request, size);
  const buffer = buffers.take(size);
  const leave = (): void => {
    buffers.give(buffer);
    leaveRoom();
  };
  try {
    if (request.destroyed) throw cutShort();
    return { bytes: await readLarge(request, begun.chunks, size, buffer), leave };
  } catch (error) {
    leave();
    throw error;
  }
}
