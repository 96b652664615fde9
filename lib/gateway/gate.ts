import type { IncomingMessage } from "node:http";
import type { AddressLimit } from "./address-limit";
import type { Hosts } from "./hosts";
import { HttpError, sameOrigin } from "./http";

/** Methods that carry a body. */
const WITH_BODY = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * The path and query of a request in the one form that everything behind reads: with a leading slash, and without a
 * host, which a proxy's client may write before it. @throws HttpError 400
 */
function addressOf(url: string): string {
  const address = url.startsWith("/") ? url : withoutHost(url);
  const [path = ""] = address.split("?", 1);
  // A second slash would be the beginning of a host for who resolves it, and so would a backslash.
  if (path.startsWith("//") || path.includes("\\") || !/^[!-~]+$/.test(address)) throw unreadable();
  if (path.includes("%")) {
    try {
      decodeURIComponent(path);
    } catch {
      throw unreadable();
    }
  }
  return address;
}

function withoutHost(url: string): string {
  const end = /^https?:\/\/[^/?#]+/i.exec(url)?.[0].length;
  if (end === undefined) throw unreadable();
  const rest = url.slice(end);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function unreadable(): HttpError {
  return new HttpError(400, "unreadable", "the address is not valid");
}

/** Says that the body which a request carries is no part of it: the next request of its connection would begin there. */
function checkBody({ method = "", headers }: IncomingMessage): void {
  const coding = headers["transfer-encoding"];
  const close = { connection: "close" };
  if (coding !== undefined && coding.toLowerCase() !== "chunked")
    throw new HttpError(400, "unreadable", "Transfer-Encoding: must be chunked", close);
  const length = headers["content-length"];
  if (WITH_BODY.has(method) || (coding === undefined && (length === undefined || length === "0"))) return;
  throw new HttpError(400, "unreadable", `${method} takes no body`, close);
}

/**
 * What is looked at before any work is done for a request or an upgrade: how much whoever asks has asked for, its address,
 * the name it was asked under, its method and the body that it announces, and that no page of another site asks for more
 * than to read. Leaves `request.url` in the form of `addressOf`. @throws HttpError 400, 403, 405, 421, 429
 */
export function makeGate(hosts: Hosts, addresses: Pick<AddressLimit, "count">): (request: IncomingMessage) => void {
  return function check(request: IncomingMessage): void {
    const { method = "", url = "" } = request;
    addresses.count(request);
    hosts.check(request);
    const reads = READS.has(method);
    if (!reads && !WITH_BODY.has(method))
      throw new HttpError(405, "wrong-method", `${method} is not taken here`, { allow: "GET, HEAD, POST, DELETE" });
    request.url = addressOf(url);
    checkBody(request);
    if (!reads && !sameOrigin(request))
      throw new HttpError(403, "other-origin", "only this site's own pages and programs may do this");
  };
}
