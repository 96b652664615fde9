import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../contract/api/limits";
import { AddressLimit } from "./address-limit";

interface Asks {
  method?: string;
  url: string;
  from?: string;
  headers?: Record<string, string>;
}

const asked = ({ method = "GET", url, from = "10.0.0.1", headers = {} }: Asks): IncomingMessage =>
  ({ method, url, headers, socket: { remoteAddress: from } }) as unknown as IncomingMessage;

/** How many of so many requests are let through, and how long the last one that is not is to wait (s). */
function through(limit: AddressLimit, count: number, asks: Asks, isPage = false) {
  let passed = 0;
  let wait: string | undefined;
  for (let i = 0; i < count; i++)
    try {
      const request = asked(asks);
      limit.count(request);
      if (isPage) limit.countPage(request);
      passed++;
    } catch (error) {
      wait = (error as { headers: Record<string, string> }).headers["retry-after"];
      expect(error).toMatchObject({ status: 429, code: "too-many-requests" });
    }
  return { passed, wait };
}

const { rate, burstSeconds } = LIMITS.addresses;
const BURST = rate * burstSeconds;
/** What a wall asks for when it loads its page anew: the page, its files and what it shows. */
const WALL: [number, Asks, boolean?][] = [
  [1, { url: "/wall/lianyungang/overview" }, true],
  [60, { url: "/_next/static/chunks/a.js" }],
  [10, { url: "/api/v1/history/values" }],
  [1, { url: "/live/?EIO=4&transport=websocket" }],
];

describe("what an address may ask for", () => {
  it("is enough for a thousand walls behind one address that load their pages anew at the same moment", () => {
    const limit = new AddressLimit(undefined, null, () => 0);
    for (let wall = 0; wall < 1_000; wall++)
      for (const [count, asks, isPage] of WALL)
        expect(through(limit, count, asks, isPage)).toEqual({ passed: count, wait: undefined });
  });

  it("is bounded: who hammers is told when to come again, and others are not held up", () => {
    let at = 0;
    const limit = new AddressLimit(undefined, null, () => at);
    expect(through(limit, BURST + 100, { url: "/healthz" })).toEqual({ passed: BURST, wait: "1" });
    expect(through(limit, 1, { url: "/healthz", from: "10.0.0.2" }).passed).toBe(1);
    at += 1_000;
    expect(through(limit, 2 * rate, { url: "/healthz" }).passed).toBe(rate);
  });

  it("is fewer of what is costly", () => {
    const pages = new AddressLimit(undefined, null, () => 0);
    expect(through(pages, BURST, { url: "/" }, true).passed).toBe(BURST / LIMITS.addresses.costs.page);
    const files = new AddressLimit(undefined, null, () => 0);
    expect(through(files, 2 * BURST, { url: "/fonts/a.woff2" }).passed).toBe(2 * BURST);
  });

  it("leaves batches to the limit of their token", () => {
    const limit = new AddressLimit(1, null, () => 0);
    expect(through(limit, 1_000, { method: "POST", url: "/api/v1/readings" }).passed).toBe(1_000);
    expect(through(limit, 1_000, { method: "GET", url: "/api/v1/readings" }).passed).toBe(burstSeconds);
  });

  it("is not taken by the pages' process, which asks for visitors that are counted; nobody else knows its key", () => {
    const limit = new AddressLimit(1, "secret", () => 0);
    const url = "/api/v1/cities";
    expect(through(limit, 1_000, { url, headers: { "x-citywall-pages": "secret" } }).passed).toBe(1_000);
    expect(through(limit, 1_000, { url, headers: { "x-citywall-pages": "guess" } }).passed).toBe(burstSeconds);
  });

  it("is one for a network of IPv6", () => {
    const limit = new AddressLimit(1, null, () => 0);
    expect(through(limit, 100, { url: "/healthz", from: "2001:db8:1:2::1" }).passed).toBe(burstSeconds);
    expect(through(limit, 100, { url: "/healthz", from: "2001:db8:1:2::ffff" }).passed).toBe(0);
  });
});
