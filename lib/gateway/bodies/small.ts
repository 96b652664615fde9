import type { IncomingMessage } from "node:http";
import { after } from "../../clock";
import { LIMITS } from "../../contract/api/limits";
import { addressOf } from "../visitor";
import type { HttpError } from "../http";
import { busy, hearBroken, tooSlow } from "./refusals";

const { bodies: MOST } = LIMITS;

/** A small body that is on its way. */
interface Arriving {
  address: string;
  chunks: Buffer[];
  bytes: number;
  refuse: (error: HttpError) => void;
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

const smallOnes = new SmallBodies(MOST.smallInAll);

/** Reads a body as it comes, until it is whole (true) or more than a small one. */
export function readSmall(request: IncomingMessage): Promise<{ chunks: Buffer[]; whole: boolean }> {
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
