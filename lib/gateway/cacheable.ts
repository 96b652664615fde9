import type { IncomingMessage, ServerResponse } from "node:http";
import makeEtag from "etag";
import fresh from "fresh";
import { packedBest, packingsFor } from "./packings";

const JSON_TYPE = "application/json; charset=utf-8";
/** Texts longer than this are worth keeping packed: outlines, roads, the list of cities. Bytes. */
const WORTH_KEEPING = 8_192;

/** What depends on who asks may be kept by his browser, which asks again each time, and by nothing on the way (RFC 9111, 5.2.2). */
export const OWN_COPY = "private, no-cache";

/**
 * Answers with a text that rarely changes. Its asker may keep it and asks for it again each time; who has it already gets 304
 * and no body. The ETag is weak, because the same text travels as different bytes: packed one way, another, or not.
 */
export function sendCacheable(request: IncomingMessage, response: ServerResponse, text: string, type: string): void {
  const etag = makeEtag(text, { weak: true });
  const headers = { etag, "cache-control": OWN_COPY, vary: "Accept-Encoding", "x-content-type-options": "nosniff" };
  // Whatever caches on the way are told (`Cache-Control: no-cache` of the request): what is sent again is decided by
  // the ETag.
  if (fresh({ "if-none-match": request.headers["if-none-match"] }, { etag })) {
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

/** A text that rarely changes: it has an ETag, and who has it already gets 304. */
export interface RareReply {
  status: 200;
  rare: string;
  type: string;
}

/** A value that is sent as JSON, changes rarely and is asked for by every page. */
export function rarely(value: unknown): RareReply {
  return { status: 200, rare: JSON.stringify(value), type: JSON_TYPE };
}
