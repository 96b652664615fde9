import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import os from "node:os";
import { isLoopback, plain } from "./address";
import { HttpError } from "./http";

/** `name`, `1.2.3.4` or `[::1]`, with or without a port. */
const HOST = /^(\[[\da-f:.]+\]|[a-z\d_](?:[a-z\d_.-]*[a-z\d_])?\.?)(?::\d{1,5})?$/i;

/** The name or address that a `Host` header asks for, without its port; null where it is none. */
export function hostName(header: string): string | null {
  const [, name] = HOST.exec(header) ?? [];
  if (name === undefined) return null;
  if (!name.startsWith("[")) return name.toLowerCase().replace(/\.$/, "");
  const address = name.slice(1, -1);
  return isIP(address) === 6 ? plain(address) : null;
}

type Asked = Pick<IncomingMessage, "headers" | "rawHeaders" | "socket" | "httpVersion">;

/** What this machine is called: its name, that without its domain, and as it is found on its own network (mDNS). */
function ownNames(hostname: string): string[] {
  const whole = hostname.toLowerCase();
  const short = whole.split(".", 1)[0] as string;
  return [whole, short, `${short}.local`];
}

/**
 * Names under which this server may be asked. A page of another site whose name is made to lead here (DNS rebinding)
 * asks under that name, and for the browser it is all one origin: no other check would see it.
 */
export class Hosts {
  private readonly names: Set<string>;

  /**
   * @param listens the name or address it listens on, as configured
   * @param named other names and addresses it is reached by, as behind a proxy
   */
  constructor(listens: string, named: readonly string[] = [], hostname = os.hostname()) {
    this.names = new Set(["localhost", ...ownNames(hostname), ...[listens, ...named].map(plain)]);
  }

  /**
   * Whether a request is for this server: under one of its names, or at the very address that it came in by. Only
   * programs that speak HTTP 1.0 may say none.
   * @throws HttpError 400, 421
   */
  check({ headers, rawHeaders, socket, httpVersion }: Asked): void {
    const { host = "" } = headers;
    if (host === "" && httpVersion === "1.0") return;
    const name = hostName(host);
    if (name === null || saidTwice(rawHeaders))
      throw new HttpError(400, "unreadable", "Host: must be one name or address");
    if (this.names.has(name) || isLoopback(name) || name === plain(socket.localAddress ?? "")) return;
    throw new HttpError(
      421,
      "unknown-host",
      `Host: "${name}" is not a name of this server; CITYWALL_HOSTS names those it has besides its own`,
    );
  }
}

/** Two hosts would be read by one as the first and by another as the last. */
function saidTwice(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === "host") count++;
  }
  return count > 1;
}
