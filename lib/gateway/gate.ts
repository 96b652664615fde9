import type { IncomingMessage } from "node:http";
import type { AddressLimit } from "./address-limit";
import type { Hosts } from "./hosts";
import { HttpError, sameOrigin } from "./http";
import { SAID, visitorOf, type Proxies } from "./visitor";

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

/** What the gate goes by. */
interface GateParts {
  proxies: Pick<Proxies, "meet">;
  addresses: Pick<AddressLimit, "count">;
  hosts: Hosts;
  /** nothing is told to who asks without TLS, unless from this machine */
  tlsAlone?: boolean;
  /** nobody signs in, as nothing but this machine comes */
  alone?: boolean;
}

/**
 * Refuses what a proxy of this machine hands on that nobody named, where whoever sits at this machine may do everything: all that the proxy
 * lets in would look like him. @param headers as they came @throws HttpError 403
 */
function checkAlone(request: IncomingMessage, headers: readonly string[]): void {
  if (!visitorOf(request).here || ![...SAID, "via"].some((name) => headers.includes(name))) return;
  throw new HttpError(
    403,
    "no-right",
    "a proxy handed this on, which CITYWALL_TRUSTED_PROXIES does not name; once it does, everybody signs in",
  );
}

/**
 * Sends who asks without TLS to where it is spoken; what carries anything is refused instead, so that nobody goes on to send secrets that
 * can be read on the way. @throws HttpError 307, 426
 */
function checkTls(request: IncomingMessage): void {
  const { secure, here } = visitorOf(request);
  if (secure || here) return;
  const { method = "", headers, url = "" } = request;
  if ((method === "GET" || method === "HEAD") && headers.upgrade === undefined && headers.host !== undefined)
    throw new HttpError(307, "needs-tls", "only https is spoken here", { location: `https://${headers.host}${url}` });
  throw new HttpError(426, "needs-tls", "only https is spoken here", {
    upgrade: "TLS/1.2, HTTP/1.1",
    connection: "close",
  });
}

/**
 * What is looked at before any work is done for a request or an upgrade: who asks, how much he has asked for, the name it was
 * asked under, its address, whether it may come without TLS, its method and the body that it announces, and that no page of
 * another site asks for more than to read. Leaves `request.url` in the form of `addressOf`.
 * @throws HttpError 307, 400, 403, 405, 421, 426, 429
 */
export function makeGate({
  proxies,
  addresses,
  hosts,
  tlsAlone,
  alone,
}: GateParts): (request: IncomingMessage) => void {
  return function check(request: IncomingMessage): void {
    const { method = "", url = "" } = request;
    const { rawHeaders, socket, httpVersion } = request;
    const { host } = request.headers;
    const came = alone ? Object.keys(request.headers) : [];
    proxies.meet(request);
    addresses.count(request);
    if (alone) checkAlone(request, came);
    hosts.check(request);
    // A proxy may hand on what its client wrote of the host, and a page can write that; what it cannot write is Host itself.
    if (request.headers.host !== host) hosts.check({ headers: { host }, rawHeaders, socket, httpVersion });
    const reads = READS.has(method);
    if (!reads && !WITH_BODY.has(method))
      throw new HttpError(405, "wrong-method", `${method} is not taken here`, { allow: "GET, HEAD, POST, DELETE" });
    request.url = addressOf(url);
    if (tlsAlone) checkTls(request);
    checkBody(request);
    if (!reads && !sameOrigin(request))
      throw new HttpError(403, "other-origin", "only this site's own pages and programs may do this");
  };
}
