import { describe, expect, it } from "vitest";
import type { Principal, ScreenGrant } from "../contract/rights";
import { pageAccess, type PageAccess, type PageVisitor } from "./page-access";

const overview: ScreenGrant = { city: "lianyungang", screen: "overview", topics: new Set() };
const viewer: Principal = {
  kind: "account",
  id: "1",
  name: "someone",
  role: "viewer",
  scopes: [{ city: "lianyungang", districts: ["320706"] }],
  session: "2",
};
const display = (...grants: ScreenGrant[]): PageVisitor => ({
  who: { kind: "display", id: "1", name: "hall", grants },
  asDisplay: true,
});
const nobody = (...grants: ScreenGrant[]): PageVisitor => ({ who: { kind: "anonymous", grants }, asDisplay: false });

const VISITORS: Record<string, PageVisitor> = {
  local: { who: { kind: "local" }, asDisplay: false },
  viewer: { who: viewer, asDisplay: false },
  enrolling: { who: { ...viewer, enrolling: true }, asDisplay: false },
  display: display(overview),
  withdrawn: { who: { kind: "anonymous", grants: [overview] }, asDisplay: true },
  nobody: nobody(),
  guest: nobody(overview),
};

const SHOWN: PageAccess = "show";
const WALL = { to: "/wall/lianyungang/overview" };
/** What each visitor gets of each page, in the order of the table's head. */
const HEAD = ["local", "viewer", "display", "withdrawn", "nobody", "guest", "enrolling"];
const TABLE: Record<string, PageAccess[]> = {
  "/": [SHOWN, SHOWN, WALL, "pair", "sign-in", SHOWN, "enrol"],
  "/wall/lianyungang/overview": [SHOWN, SHOWN, SHOWN, "pair", "sign-in", SHOWN, "enrol"],
  "/wall/lianyungang/services": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
  "/wall/hangzhou/overview": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
  "/district/lianyungang/320706": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
  "/compare": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
  "/account": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", SHOWN],
  "/people": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
  "/sign-in": [SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN],
  "/pair": [SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN],
  "/invite": [SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN],
  "/sign-in/": [SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN],
  "/invite/abc": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
  "/_next/static/chunks/a.js": [SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN],
  // Next makes a page of the first, and its tools are not there where pages are built.
  "/_next/data/build/people.json": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
  "/_next/image": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
  "/__nextjs_font/geist.woff2": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
  "/fonts/core.css": [SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN],
  "/favicon.svg": [SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN],
  // What only begins like one of those is none.
  "/sign-in-elsewhere": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
  "/fonts": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
  "/nowhere": [SHOWN, SHOWN, WALL, "pair", "sign-in", "sign-in", "enrol"],
};

describe("pageAccess", () => {
  it.each(Object.entries(TABLE))("answers %s as the table says", (path, answers) => {
    expect(HEAD.map((name) => pageAccess(path, VISITORS[name] as PageVisitor))).toEqual(answers);
  });

  it("never leads a display, of whatever standing, to a sign-in, nor round and round", () => {
    for (const path of Object.keys(TABLE))
      for (const visitor of [display(overview), display(), VISITORS.withdrawn as PageVisitor]) {
        const access = pageAccess(path, visitor);
        expect(access).not.toBe("sign-in");
        const next = typeof access === "object" ? access.to : "/pair";
        expect(pageAccess(next, visitor)).toBe("show");
      }
  });

  it("has Next's own tools for everybody where pages are under development, and nothing else", () => {
    for (const path of ["/_next/data/build/people.json", "/__nextjs_font/geist.woff2"])
      expect(pageAccess(path, nobody(), true)).toBe("show");
    expect(pageAccess("/people", nobody(), true)).toBe("sign-in");
  });

  it("has nothing to show on a display whose screen is no more", () => {
    expect(pageAccess("/", display())).toBe("not-found");
    expect(pageAccess("/wall/lianyungang/overview", display())).toBe("not-found");
  });
});
