import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv6 } from "node:net";
import type { TLSSocket } from "node:tls";
import { PAGES_KEY, VISITOR } from "../contract/page-headers";
import { isLoopback, networkOf, plain } from "./address";

/** Who asks, whatever proxy handed the request on. */
export interface Visitor {
  /** IPv4 or IPv6 */
  address: string;
  /** true where nobody on the way could read or change it: it came over TLS, or a trusted proxy says so */
  secure: boolean;
  /** true where it came from this machine, and not by a proxy */
  here: boolean;
}

/** A visitor as `VISITOR` says it. */
export function visitorLine({ address, secure }: Visitor): string {
  return `${secure ? "https" : "http"} ${address}`;
}

type Asked = Pick<IncomingMessage, "headers" | "socket">;

const visitors = new WeakMap<object, Visitor>();

/** By the connection alone. */
function peerOf({ remoteAddress, localAddress, encrypted }: Partial<TLSSocket>): Visitor {
  const address = plain(remoteAddress ?? "");
  const here = isLoopback(address) || (address !== "" && address === plain(localAddress ?? ""));
  return { address, secure: encrypted === true, here };
}

/** Who makes a request, as it was met at the gate. */
export function visitorOf(request: Pick<IncomingMessage, "socket">): Visitor {
  return visitors.get(request) ?? peerOf(request.socket as Partial<TLSSocket>);
}

/** Who asks, as limits count: an address, of IPv6 the network of it. */
export function addressOf(request: Pick<IncomingMessage, "socket">): string {
  return networkOf(visitorOf(request).address);
}

/** What proxies say of whom they ask for. `Forwarded` (RFC 7239) says the same anew, and is read of nobody. */
export const SAID = [
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-real-ip",
  "forwarded",
];

/** An address as a proxy writes it, some with a port: null where it is none. */
function written(text: string): string | null {
  const [, bracketed, v4] = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(text) ?? [];
  const address = plain(bracketed ?? v4 ?? text);
  return isIP(address) > 0 && !address.includes("%") ? address : null;
}

function listIn(headers: IncomingHttpHeaders, name: string): string[] {
  const said = headers[name];
  if (said === undefined) return [];
  return String(said)
    .split(",")
    .map((one) => one.trim());
}

/** True where it is an address, or a network such as 10.0.0.0/8 or fd00::/8. */
export function isNetwork(text: string): boolean {
  const [address = "", bits, more] = text.split("/");
  const family = isIP(address);
  if (family === 0 || address.includes("%") || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Addresses and networks. */
export class Networks {
  private readonly list = new BlockList();

  /** @param networks see `isNetwork` */
  constructor(networks: readonly string[] = []) {
    for (const network of networks) {
      const [address = "", bits] = network.split("/");
      const family = isIPv6(address) ? "ipv6" : "ipv4";
      if (bits === undefined) this.list.addAddress(address, family);
      else this.list.addSubnet(address, Number(bits), family);
    }
  }

  includes(address: string): boolean {
    const family = isIP(address);
    return family > 0 && this.list.check(address, family === 6 ? "ipv6" : "ipv4");
  }
}

/**
 * The proxies before this server that are believed. What others say of themselves is dropped: whoever may name his own address is held
 * to no limit, and who names the host and the scheme may pass for a page of this site.
 */
export class Proxies {
  private readonly trusted: Networks;

  /** @param networks addresses and networks, see `isNetwork` @param pagesKey what the pages' process says; null: it is not believed */
  constructor(
    networks: readonly string[] = [],
    private readonly pagesKey: string | null = null,
  ) {
    this.trusted = new Networks(networks);
  }

  /**
   * Looks who makes a request: the last address that no trusted proxy has, read from the nearest one on. Of a trusted proxy's word the
   * host takes the place of `Host`; nothing of what proxies say is left for anybody behind to believe.
   */
  meet(request: Asked): void {
    const { headers, socket } = request;
    const peer = peerOf(socket as Partial<TLSSocket>);
    const proxied = (): Visitor => (this.trusted.includes(peer.address) ? this.forwarded(peer, headers) : peer);
    const visitor = this.fromPages(peer, headers) ?? proxied();
    for (const name of [...SAID, VISITOR]) delete headers[name];
    visitors.set(request, visitor);
  }

  /** Whom the pages' process asks for; null where it is not that. Its own way here leads over this machine alone. */
  private fromPages({ here }: Visitor, headers: IncomingHttpHeaders): Visitor | null {
    if (!here || this.pagesKey === null || headers[PAGES_KEY] !== this.pagesKey) return null;
    const [, scheme, text = ""] = /^(https?) (\S+)$/.exec(String(headers[VISITOR] ?? "")) ?? [];
    const address = written(text);
    return address === null ? null : { address, secure: scheme === "https", here };
  }

  private forwarded(proxy: Visitor, headers: IncomingHttpHeaders): Visitor {
    const hops = listIn(headers, "x-forwarded-for");
    let { address } = proxy;
    let hop = hops.length;
    while (hop > 0 && this.trusted.includes(address)) {
      const before = written(hops[hop - 1] as string);
      if (before === null) break;
      address = before;
      hop--;
    }
    /** What was said of the visitor where each proxy adds to it, else the only thing that was said. */
    const said = (name: string): string | undefined => {
      const all = listIn(headers, name);
      return all.length === hops.length && hop < hops.length ? all[hop] : all.at(-1);
    };
    const host = said("x-forwarded-host");
    if (host) headers.host = host;
    const scheme = said("x-forwarded-proto")?.toLowerCase();
    const isForwarded = hop < hops.length || scheme !== undefined || host !== undefined;
    return {
      address,
      secure: scheme === undefined ? proxy.secure : scheme === "https",
      here: proxy.here && !isForwarded,
    };
  }
}
