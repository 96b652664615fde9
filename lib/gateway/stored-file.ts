import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import send from "send";
import { OWN_COPY } from "./cacheable";
import { HttpError } from "./http";
import { startOver } from "./secure-headers";
import { unsent } from "./static-files";

/** A file of the data folder, sent from disk, whole or the ranges of it that are asked for (RFC 9110, 14). */
export interface StoredReply {
  /** whole name; the last part of it names its content */
  stored: string;
  type: string;
  /** strong: the same bytes for as long as it is the same */
  etag: string;
}

/** Sends a stored file. @throws HttpError 404 where it has gone, 416 for a range beyond it */
export function sendStored(
  request: IncomingMessage,
  response: ServerResponse,
  { stored, type, etag }: StoredReply,
): Promise<void> {
  response.setHeader("content-type", type);
  response.setHeader("etag", etag);
  response.setHeader("cache-control", OWN_COPY);
  return new Promise((resolve, reject) => {
    response.once("close", resolve);
    const options = { root: path.dirname(stored), cacheControl: false, lastModified: false, index: false } as const;
    send(request, encodeURIComponent(path.basename(stored)), { ...options, dotfiles: "deny" })
      .on("error", (error: Error & { status?: number; headers?: Record<string, string> }) => {
        startOver(response);
        reject(error.status === 404 ? new HttpError(404, "unknown-map", "the map has gone") : unsent(error));
      })
      .pipe(response);
  });
}
