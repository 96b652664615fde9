import type { IncomingMessage } from "node:http";
import { after, every } from "../../clock";
import { LIMITS } from "../../contract/api/limits";
import { addressOf } from "../visitor";
import { Budget } from "../budget";
import { HttpError } from "../http";
import { busy, cutShort, hearBroken, tooLarge, tooSlow, withClose } from "./refusals";

const { bodies: MOST } = LIMITS;
/** How often it is looked how a large body comes, ms. */
const LOOK_EVERY = 250;
const nothing = (): void => {};

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

/** A body that was read. It holds its room until `leave` is called, once nothing of it is needed any more. */
export interface Body {
  bytes: Buffer;
  leave: () => void;
}

const buffers = new Buffers();
/** Room for large bodies, in bytes: they wait outside until there is some. */
const room = new Budget(MOST, { name: "large bodies", code: "busy" });

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

/**
 * Reads a body that has its room, of so many bytes at the most. Each piece is copied and let go of: put together at the end,
 * they would be there twice.
 */
function readInto(request: IncomingMessage, begun: Buffer[], size: number, whole: Buffer): Promise<Buffer> {
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

/**
 * Reads a body of so many bytes at the most, when there is room for it. `leave` has to be called whatever comes of it.
 * @param begun what has come of it @throws HttpError 400, 408, 413, 429, 503
 */
export async function readLarge(request: IncomingMessage, begun: Buffer[], size: number): Promise<Body> {
  const leaveRoom = await enter(request, size);
  const buffer = buffers.take(size);
  const leave = (): void => {
    buffers.give(buffer);
    leaveRoom();
  };
  try {
    if (request.destroyed) throw cutShort();
    return { bytes: await readInto(request, begun, size, buffer), leave };
  } catch (error) {
    leave();
    throw error;
  }
}
