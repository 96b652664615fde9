import type { IncomingMessage, ServerResponse } from "node:http";
import compression from "compression";

/** Answers shorter than this are sent as they are: a packet is a packet. Bytes. */
const THRESHOLD = 1024;
/** Texts that the register of media types does not mark as such. */
const MORE_TEXTS = /^application\/(openmetrics-text|x-ndjson)\b/;

const wrap = compression({
  threshold: THRESHOLD,
  level: 6,
  filter(request, response) {
    // A part of an answer is a part of its plain bytes: packing it would give the reader bytes of something else.
    if (response.statusCode === 206 || response.getHeader("content-range") !== undefined) return false;
    return MORE_TEXTS.test(String(response.getHeader("content-type"))) || compression.filter(request, response);
  },
});

/**
 * Makes an answer travel as Brotli (quality 4) or gzip (6) when the asker takes it, the type is worth it and it is long
 * enough; says so in `Vary`. zlib works on other threads, so the event loop only hands over and takes back. Sockets
 * are upgrades and never come here.
 */
export function compressAnswer(request: IncomingMessage, response: ServerResponse): void {
  // Feeds post all the time and take no packing: nothing is kept of such an answer, so that `Vary` would say nothing to
  // anybody.
  if (request.method === "POST" && request.headers["accept-encoding"] === undefined) return;
  // The middleware is made for express, of whose requests it reads what Node's have as well.
  wrap(request as never, response as never, () => {});
}
