import os from "node:os";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HttpError } from "./http";
import { hostName, Hosts } from "./hosts";

function status(hosts: Hosts, host: string | undefined, localAddress = "127.0.0.1", httpVersion = "1.1"): number {
  const rawHeaders = host === undefined ? [] : ["Host", host];
  try {
    hosts.check({ headers: { host }, rawHeaders, socket: { localAddress }, httpVersion } as never);
    return 200;
  } catch (error) {
    return (error as HttpError).status;
  }
}

describe("Hosts", () => {
  const hosts = new Hosts("0.0.0.0", ["wall.example.org", "10.0.0.9", "2001:DB8::1"], "wall-1.city.local");

  it("takes loopback, the machine's own names, the address a request came in at, and what is named", () => {
    for (const host of ["localhost", "127.0.0.1:3000", "127.8.0.1", "[::1]:80", "wall-1.city.local", "WALL-1:3000"])
      expect([host, status(hosts, host)]).toEqual([host, 200]);
    for (const host of ["wall-1.local", "wall-1.city.local.", "wall.example.org:443", "10.0.0.9", "[2001:db8::1]"])
      expect([host, status(hosts, host)]).toEqual([host, 200]);
    expect(status(hosts, "192.168.7.7:3000", "::ffff:192.168.7.7")).toBe(200);
    expect(status(hosts, "[fe80::7]", "fe80::7")).toBe(200);
    expect([status(hosts, undefined, "127.0.0.1", "1.0"), status(hosts, undefined)]).toEqual([200, 400]);
  });

  it("takes each address of this machine that a wall may open it by", () => {
    const own = Object.values(os.networkInterfaces()).flatMap((all) => all ?? []);
    for (const { address, family } of own.filter((one) => !one.address.includes("%")))
      expect(status(hosts, family === "IPv6" ? `[${address}]:3000` : address, address)).toBe(200);
  });

  it("refuses every other name, also one that begins or ends with its own", () => {
    for (const host of [
      "evil.com",
      "wall.example.org.evil.com",
      "evil-wall.example.org",
      "192.168.7.8",
      "[::2]",
      "0.0.0.1",
    ])
      expect([host, status(hosts, host, "192.168.7.7")]).toEqual([host, 421]);
  });

  it("never takes what is no name, and throws nothing but refusals", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z@:/\\#?[\].%\d-]{1,12}$/)), (host) => {
        const name = hostName(host);
        expect(name === null || /^[\da-z._:-]+$/.test(name)).toBe(true);
        expect([200, 400, 421]).toContain(status(hosts, host));
      }),
    );
  });
});
