import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { cookieOf, setCookie } from "./cookies";

const SECRET = "s".repeat(43);
const OTHER = "o".repeat(43);
const request = (cookie: string | undefined, encrypted: boolean): IncomingMessage =>
  ({ headers: { cookie }, socket: { encrypted, remoteAddress: "10.0.0.7" } }) as unknown as IncomingMessage;

describe("a browser's secret", () => {
  it("is given over TLS under a name that nobody but this server can set, and never told to scripts or other sites", () => {
    expect(setCookie(request(undefined, true), "session", SECRET, 60.4)).toBe(
      `__Host-citywall-session=${SECRET}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure`,
    );
    expect(setCookie(request(undefined, false), "display", SECRET, 60)).toBe(
      `citywall-display=${SECRET}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax`,
    );
    expect(setCookie(request(undefined, true), "session", null, 60)).toContain(
      "__Host-citywall-session=; Path=/; Max-Age=0;",
    );
  });

  it("counts under the name that it was given by, with TLS and without", () => {
    const both = `citywall-session=${OTHER}; theme=day; __Host-citywall-session=${SECRET}`;
    expect(cookieOf(request(both, true), "session")).toBe(SECRET);
    expect(cookieOf(request(`citywall-session=${OTHER}`, true), "session")).toBeNull();
    expect(cookieOf(request(`citywall-session=${OTHER}`, false), "session")).toBe(OTHER);
    expect(cookieOf(request(both, false), "session")).toBe(OTHER);
    expect(cookieOf(request(`__Host-citywall-session=${SECRET}`, false), "session")).toBeNull();
  });

  it("is none where it is not one", () => {
    for (const cookie of [
      undefined,
      "",
      "citywall-session",
      `citywall-session=${SECRET}x`,
      "citywall-session=a b",
      `x=${SECRET}`,
    ])
      expect(cookieOf(request(cookie, false), "session")).toBeNull();
  });
});
