import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import { LIMITS } from "../contract/api/limits";
import { HttpError } from "./http";

/** A body that is on its way. */
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

/** Bodies on their way to one server: together they hold no more than so many bytes, however slowly they come. */
class Bodies {
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
    body.refuse(
      new HttpError(503, "busy", "too many bodies are on their way at once; send it again", {
        "retry-after": "1",
        connection: "close",
      }),
    );
  }
}

const bodies = new Bodies(LIMITS.bodies);

/** Reads a body as text. @param most bytes it may have @throws HttpError 413, 503 */
export function readBody(request: IncomingMessage, most: number = LIMITS.body): Promise<string> {
  if (Number(request.headers["content-length"] ?? 0) > most) return Promise.reject(tooLarge(most));
  // By its events, as an iterator over so small a stream costs more than what is read.
  return new Promise((resolve, reject) => {
    const body = bodies.begin(request, reject);
    request.on("data", (chunk: Buffer) => {
      if (body.bytes + chunk.length <= most) bodies.add(body, chunk);
      else {
        bodies.end(body);
        reject(tooLarge(most));
      }
    });
    request.on("end", () => resolve(Buffer.concat(bodies.end(body)).toString("utf8")));
    const broken = (): void => {
      if (request.complete) return;
      bodies.end(body);
      reject(new HttpError(400, "unreadable", "the connection was closed before its request was whole"));
    };
    request.on("error", broken);
    request.on("close", broken);
  });
}

function tooLarge(most: number): HttpError {
  return new HttpError(413, "too-large", `the body is larger than ${most} bytes`, { connection: "close" });
}
