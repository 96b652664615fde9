import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLoopback } from "./address";
import { addressOf, isNetwork, Proxies, visitorOf } from "./visitor";

interface From {
  peer: string;
  local?: string;
  encrypted?: boolean;
  headers?: Record<string, string>;
}

/** Who is met, and the headers that are left. */
function met(proxies: Proxies, { peer, local = "10.0.0.1", encrypted, headers = {} }: From) {
  const request = {
    headers: { host: "wall", ...headers } as Record<string, string | undefined>,
    socket: { remoteAddress: peer, localAddress: local, encrypted },
  } as never as Parameters<Proxies["meet"]>[0];
  proxies.meet(request);
  return { ...visitorOf(request), headers: request.headers };
}

const forwarded = (chain: string, more: Record<string, string> = {}) => ({ "x-forwarded-for": chain, ...more });

describe("who asks", () => {
  const proxies = new Proxies(["10.0.0.0/8", "192.168.1.7", "fd00::/8"]);

  it("is the address of the connection, and what it says of itself is dropped, where no proxy is trusted", () => {
    for (const nobody of [new Proxies(), new Proxies(["192.168.1.8"])]) {
      const headers = forwarded("8.8.8.8", {
        "x-forwarded-proto": "https",
        "x-forwarded-host": "evil.com",
        "x-real-ip": "1.1.1.1",
        forwarded: "for=1.1.1.1",
      });
      expect(met(nobody, { peer: "::ffff:192.168.1.7", headers })).toEqual({
        address: "192.168.1.7",
        secure: false,
        here: false,
        headers: { host: "wall" },
      });
    }
  });

  it("is whom a trusted proxy names, with the host and the scheme that were asked for", () => {
    const headers = forwarded("203.0.113.9", { "x-forwarded-proto": "https", "x-forwarded-host": "wall.example.org" });
    expect(met(proxies, { peer: "192.168.1.7", headers })).toEqual({
      address: "203.0.113.9",
      secure: true,
      here: false,
      headers: { host: "wall.example.org" },
    });
    expect(met(proxies, { peer: "fd00::7", headers }).address).toBe("203.0.113.9");
    expect(met(proxies, { peer: "::ffff:10.1.2.3", headers: forwarded("2001:DB8::1") }).address).toBe("2001:db8::1");
    expect(met(proxies, { peer: "10.1.2.3" })).toMatchObject({ address: "10.1.2.3", secure: false });
  });

  it("is the last one before the trusted proxies, whatever stands before that", () => {
    const chain = "1.1.1.1, 127.0.0.1, 203.0.113.9, 10.0.0.9";
    expect(met(proxies, { peer: "10.0.0.5", headers: forwarded(chain) }).address).toBe("203.0.113.9");
    const schemes = { "x-forwarded-proto": "https, https, http, https" };
    expect(met(proxies, { peer: "10.0.0.5", headers: forwarded(chain, schemes) }).secure).toBe(false);
    // Where there are trusted proxies alone, it is the first of them.
    expect(met(proxies, { peer: "10.0.0.5", headers: forwarded("10.0.0.8, 10.0.0.9") }).address).toBe("10.0.0.8");
  });

  it("is read with a port as well, and not past what is no address", () => {
    const address = (chain: string) => met(proxies, { peer: "10.0.0.5", headers: forwarded(chain) }).address;
    expect([address("203.0.113.9:4711"), address("[2001:db8::1]:80"), address("[2001:db8::2]")]).toEqual([
      "203.0.113.9",
      "2001:db8::1",
      "2001:db8::2",
    ]);
    expect([
      address("203.0.113.9, unknown"),
      address(""),
      address("fe80::1%eth0"),
      address("9.9.9.9, 10.0.0.9, x"),
    ]).toEqual(Array(4).fill("10.0.0.5"));
  });

  it("is here where it came from this machine and by no proxy", () => {
    const own = new Proxies(["127.0.0.1"]);
    expect(met(own, { peer: "127.0.0.1" }).here).toBe(true);
    expect(met(own, { peer: "::1" }).here).toBe(true);
    expect(met(own, { peer: "10.0.0.1", local: "10.0.0.1" }).here).toBe(true);
    expect(met(own, { peer: "10.0.0.2", local: "10.0.0.1" }).here).toBe(false);
    expect(met(own, { peer: "127.0.0.1", headers: forwarded("203.0.113.9") }).here).toBe(false);
    expect(met(own, { peer: "127.0.0.1", headers: { "x-forwarded-proto": "http" } }).here).toBe(false);
  });

  it("is secure over TLS, unless a trusted proxy says that it was not on the way before", () => {
    expect(met(proxies, { peer: "203.0.113.9", encrypted: true }).secure).toBe(true);
    const headers = forwarded("203.0.113.9", { "x-forwarded-proto": "http" });
    expect(met(proxies, { peer: "10.0.0.5", encrypted: true, headers }).secure).toBe(false);
    expect(met(proxies, { peer: "203.0.113.9", encrypted: true, headers }).secure).toBe(true);
  });

  it("is whom the pages' process asks for, on this machine and by its key alone", () => {
    const own = new Proxies([], "the pages' own");
    const pages = { "x-citywall-pages": "the pages' own", "x-citywall-visitor": "https 203.0.113.9" };
    const told = { address: "203.0.113.9", secure: true, here: true };
    expect(met(own, { peer: "127.0.0.1", headers: pages })).toMatchObject(told);
    expect(met(own, { peer: "127.0.0.1", headers: { ...pages, "x-citywall-visitor": "http ::1" } })).toMatchObject({
      address: "::1",
      secure: false,
    });
    const itself = { address: "127.0.0.1", secure: false, here: true };
    for (const headers of [
      { ...pages, "x-citywall-pages": "guess" },
      { "x-citywall-visitor": "https 203.0.113.9" },
      { ...pages, "x-citywall-visitor": "https somewhere" },
      { ...pages, "x-citywall-visitor": "203.0.113.9" },
    ])
      expect(met(own, { peer: "127.0.0.1", headers })).toMatchObject(itself);
    expect(met(new Proxies(), { peer: "127.0.0.1", headers: { ...pages, "x-citywall-pages": "" } })).toMatchObject(
      itself,
    );
    const elsewhere = met(own, { peer: "10.0.0.2", headers: pages });
    expect(elsewhere).toMatchObject({ address: "10.0.0.2", secure: false, here: false });
    expect(elsewhere.headers).not.toHaveProperty("x-citywall-visitor");
  });

  it("is counted by the network that its address is in", () => {
    const request = { headers: forwarded("2001:db8:1:2:3::4"), socket: { remoteAddress: "10.0.0.5" } } as never;
    proxies.meet(request);
    expect(addressOf(request)).toBe("2001:db8:1:2::/64");
  });

  it("cannot be made up: what comes from an address that is not trusted names nobody else, whatever it says", () => {
    const text = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constantFrom("10.0.0.1", "127.0.0.1, 10.0.0.1"));
    fc.assert(
      fc.property(text, text, (chain, host) => {
        const headers = forwarded(chain, { "x-forwarded-host": host, "x-forwarded-proto": "https" });
        const visitor = met(proxies, { peer: "203.0.113.9", headers });
        expect(visitor).toEqual({ address: "203.0.113.9", secure: false, here: false, headers: { host: "wall" } });
      }),
    );
  });
});

describe("isLoopback", () => {
  it("goes by addresses, not by what names begin with", () => {
    expect(["localhost", "127.0.0.1", "127.8.0.1", "::1"].filter((host) => !isLoopback(host))).toEqual([]);
    expect(["0.0.0.0", "::", "127.example.org", "192.168.0.1"].filter(isLoopback)).toEqual([]);
  });
});

describe("isNetwork", () => {
  it("takes addresses and networks of both families", () => {
    const good = ["10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "::1", "fd00::/8", "2001:db8::/128"];
    const bad = [
      "",
      "10.0.0",
      "10.0.0.0/33",
      "10.0.0.0/",
      "10.0.0.0/8/8",
      "fd00::/129",
      "proxy",
      "10.0.0.0/-1",
      "fe80::1%1",
    ];
    expect(good.filter((one) => !isNetwork(one))).toEqual([]);
    expect(bad.filter(isNetwork)).toEqual([]);
    for (const one of good) expect(() => new Proxies([one])).not.toThrow();
  });
});
