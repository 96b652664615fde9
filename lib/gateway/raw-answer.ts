import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { after } from "../clock";
import { PROBLEM_TYPE } from "../contract/api/problem";
import { problemOf, type HttpError } from "./http";
import { headersOn } from "./secure-headers";

/** Most ms that a socket has to take the answer that ends it. */
const LAST_WORD = 2_000;

/**
 * The bytes of a refusal with its problem details, for a connection on which there is no response to write to.
 * @param headAlone without the body that it announces, as HEAD is answered
 */
function rawAnswer(socket: Duplex, error: HttpError, headAlone: boolean): string {
  const body = JSON.stringify(problemOf(error));
  const headers = {
    ...headersOn(socket),
    "content-type": PROBLEM_TYPE,
    "content-length": String(Buffer.byteLength(body)),
    "cache-control": "no-store",
    ...error.headers,
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ""}\r\n${lines.join("")}\r\n${headAlone ? "" : body}`;
}

/** Answers on a bare socket and ends it, whether or not the other side reads: its descriptor is free after that. */
export function refuseSocket(socket: Duplex, error: HttpError, headAlone = false): void {
  // A socket that was taken from the server has no listener any more, and breaking is no fault of ours.
  socket.on("error", () => {});
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const cancel = after(LAST_WORD, () => socket.destroy());
  socket.once("close", cancel);
  socket.end(rawAnswer(socket, error, headAlone), () => socket.destroy());
}
