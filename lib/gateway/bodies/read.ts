import type { IncomingMessage } from "node:http";
import { LIMITS } from "../../contract/api/limits";
import { readLarge, type Body } from "./large";
import { tooLarge } from "./refusals";
import { readSmall } from "./small";

/**
 * Reads a body; a large one when there is room for it. `leave` has to be called whatever comes of it.
 * @param most bytes it may have @throws HttpError 400, 408, 413, 429, 503
 */
export async function readBody(request: IncomingMessage, most: number = LIMITS.body): Promise<Body> {
  const length = Number(request.headers["content-length"] ?? NaN);
  if (length > most) throw tooLarge(most);
  const begun = length > LIMITS.bodies.small ? { chunks: [], whole: false } : await readSmall(request);
  if (!begun.whole) return readLarge(request, begun.chunks, Number.isNaN(length) ? most : length);
  const { chunks } = begun;
  return { bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), leave: () => {} };
}
