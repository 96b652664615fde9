import type { IncomingMessage, ServerResponse } from "node:http";
import makeEtag from "etag";
import fresh from "fresh";

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
  if (fresh(request.headers, { etag })) response.writeHead(304, headers).end();
  else
    response.writeHead(200, { ...headers, "content-type": type, "content-length": Buffer.byteLength(text) }).end(text);
}

/** The same for a value that is sent as JSON. */
export function sendCacheableJson(request: IncomingMessage, response: ServerResponse, body: unknown): void {
  sendCacheable(request, response, JSON.stringify(body));
}
