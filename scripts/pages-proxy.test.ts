import { NextRequest } from "next/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { config, proxy } from "../proxy";

const KEY = "the gateway's";
const ask = (path: string, headers: Record<string, string> = {}) =>
  proxy(new NextRequest(new URL(path, "http://127.0.0.1:1"), { headers }));
/** What a page is told, of all that was asked with. */
const told = (path: string, headers: Record<string, string> = {}): ((name: string) => string | null) => {
  const answer = ask(path, { "x-citywall-pages": KEY, ...headers });
  expect(answer.status).toBe(200);
  const names = answer.headers.get("x-middleware-override-headers")?.split(",") ?? [];
  return (name) => (names.includes(name) ? answer.headers.get(`x-middleware-request-${name}`) : null);
};

let before: string | undefined;
beforeEach(() => {
  before = process.env.CITYWALL_PAGES_KEY;
  process.env.CITYWALL_PAGES_KEY = KEY;
});
afterEach(() => {
  if (before === undefined) delete process.env.CITYWALL_PAGES_KEY;
  else process.env.CITYWALL_PAGES_KEY = before;
});

describe("the pages' process", () => {
  it("answers nobody but the gateway, whatever it is asked for", () => {
    for (const path of ["/", "/people", "/wall/lianyungang/overview", "/fonts/none.css", "/_next/data/x/people.json"]) {
      expect([path, ask(path).status]).toEqual([path, 403]);
      expect([path, ask(path, { "x-citywall-pages": "guess", host: "evil.example" }).status]).toEqual([path, 403]);
      expect([path, ask(path, { "x-citywall-pages": KEY }).status]).toEqual([path, 200]);
    }
  });

  it("lets through without a look what tells nothing: the build's files, and that it lives", () => {
    const matched = (path: string): boolean => config.matcher.some((pattern) => new RegExp(`^${pattern}$`).test(path));
    expect(["/_next/static/chunks/a.js", "/api/alive"].map(matched)).toEqual([false, false]);
    const others = [
      "/",
      "/people",
      "/_next/data/x/people.json",
      "/_next/image",
      "/api/alive/x",
      "/favicon.svg-x",
      "/fonts/x",
    ];
    expect(others.filter((path) => !matched(path))).toEqual([]);
  });

  it("tells a page what its address asks for, and nothing that its visitor made up", () => {
    const forged = { "x-citywall-place": "hangzhou", "x-citywall-lang": "en", "x-citywall-nonce": "n" };
    const page = told("/wall/lianyungang/overview?lang=en&theme=day", forged);
    expect(["place", "lang", "theme"].map((name) => page(`x-citywall-${name}`))).toEqual(["lianyungang", "en", "day"]);
    expect(page("x-citywall-nonce")).toMatch(/^[\w+/]{22}==$/);
    expect(page("content-security-policy")).toContain(`'nonce-${page("x-citywall-nonce")}'`);
    expect(page("x-citywall-pages")).toBeNull();
    const file = told("/fonts/none.css", forged);
    expect(Object.keys(forged).map((name) => file(name))).toEqual([null, null, null]);
  });
});
