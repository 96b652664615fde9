import type { IncomingMessage, ServerResponse } from "node:http";
import makeEtag from "etag";
import fresh from "fresh";
import { packedBest, packingsFor } from "./packings";

/** Texts longer than this are worth keeping packed: outlines, roads, the list of cities. Bytes. */
const WORTH_KEEPING = 8_192;

/**
 * Answers with a text that rarely changes. It may be kept and is asked for again each time; who has it already gets 304
 * and no body. The ETag is weak, because the same text travels as different bytes: packed one way, another, or not.
 */
export function sendCacheable(
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
  type = "application/json; charset=utf-8",
): void {
  const etag = makeEtag(text, { weak: true });
  const headers = { etag, "cache-control": "no-cache", vary: "Accept-Encoding", "x-content-type-options": "nosniff" };
  if (fresh(request.headers, { etag })) {
    response.writeHead(304, headers).end();
    return;
  }
  const [packing] = text.length > WORTH_KEEPING ? packingsFor(request) : [];
  const packed = packing ? packedBest(etag, text, packing) : null;
  response
    .writeHead(200, {
      ...headers,
      ...(packed ? { "content-encoding": packing } : {}),
      "content-type": type,
      "content-length": packed?.length ?? Buffer.byteLength(text),
    })
    .end(packed ?? text);
}
