import type { IncomingMessage } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Known } from "../control/methods/principals";
import type { ControlAsk } from "../control/remote";
import { cookieOf, hashOfSecret } from "./cookies";
import { carriedBy, isSamePrincipal, Principals } from "./principals";

const T0 = Date.parse("2026-12-01T10:00:00Z");
const MINUTE = 60_000;
const DAY = 86_400_000;
const SECRET = "s".repeat(43);
const DISPLAY = "d".repeat(43);

function asked(cookie: string, secure = false): IncomingMessage {
  return { headers: { cookie }, socket: { remoteAddress: "10.0.0.9", encrypted: secure } } as never;
}

const ACCOUNT: Known = {
  ...{ kind: "account", id: "1", name: "ada", role: "viewer", session: "s" },
  ...{ scopes: [{ city: "*", districts: "*" }], ends: T0 + 90_000 },
};
const HALL: Known = { kind: "display", id: "2", name: "hall", city: "c", screen: "one", ends: null };

/** Control data that knows two secrets, and who can be told that something changed. */
function setup(open: readonly { city: string; screen: string }[] = []) {
  const calls: string[] = [];
  let change = (): void => {};
  let away = false;
  let topics = new Set(["reading/c/all/a"]);
  const known = new Map<string, Known>([
    [`accountOf ${hashOfSecret(SECRET)}`, ACCOUNT],
    [`displayOf ${hashOfSecret(DISPLAY)}`, HALL],
  ]);
  const control = {
    call: async (method: string, { hash }: { hash?: string }) => {
      calls.push(method);
      await Promise.resolve();
      if (away) throw new Error("away");
      return method === "openScreens" ? open : (known.get(`${method} ${hash}`) ?? null);
    },
    onChange: (listener: () => void) => (change = listener),
    close: () => Promise.resolve(),
  } as unknown as ControlAsk;
  const clock = { now: T0 };
  const principals = new Principals({ control, topicsOf: () => topics, now: () => clock.now });
  return {
    ...{ principals, calls, known, clock },
    change: () => change(),
    goAway: (is: boolean) => (away = is),
    show: (next: string[]) => (topics = new Set(next)),
  };
}

const session = asked(`citywall-session=${SECRET}`);
const display = asked(`citywall-display=${DISPLAY}`);

describe("who makes a request", () => {
  it("is asked for once for all requests of a minute, also those that come at once, and again when something changed", async () => {
    const { principals, calls, clock, change, known } = setup();
    await Promise.all([principals.of(session), principals.of(session), principals.of(session)]);
    expect(calls).toEqual(["accountOf"]);
    clock.now += MINUTE;
    expect(await principals.of(session)).toMatchObject({ kind: "account", name: "ada" });
    expect(calls).toEqual(["accountOf", "accountOf"]);
    known.clear();
    expect(await principals.of(session)).toMatchObject({ kind: "account" });
    change();
    expect(await principals.of(session)).toEqual({ kind: "anonymous", grants: [] });
  });

  it("is nobody from the moment on at which his sign-in ends, though it is remembered", async () => {
    const { principals, clock } = setup();
    clock.now = T0 + 89_000;
    expect(await principals.find({ session: hashOfSecret(SECRET), display: null, address: "10.0.0.7" })).toMatchObject({
      ends: T0 + 90_000,
    });
    clock.now = T0 + 90_000;
    expect(await principals.of(session)).toMatchObject({ kind: "anonymous" });
  });

  it("who never came is not known while nobody can tell, and that is not remembered", async () => {
    const { principals, goAway } = setup();
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    goAway(true);
    for (const request of [session, display, asked("")])
      await expect(principals.of(request)).rejects.toMatchObject({ status: 503, code: "control-away" });
    goAway(false);
    expect(await principals.of(session)).toMatchObject({ kind: "account" });
    expect(await principals.of(asked(""))).toMatchObject({ kind: "anonymous" });
    logged.mockRestore();
  });

  describe("while nobody can be asked", () => {
    const OPEN = [{ city: "c", screen: "one" }];
    /** Somebody of each kind has come, and then nobody can be asked any more. */
    async function away(): Promise<ReturnType<typeof setup>> {
      vi.spyOn(console, "error").mockImplementation(() => {});
      const all = setup(OPEN);
      for (const request of [session, display, asked("")]) await all.principals.of(request);
      all.goAway(true);
      all.clock.now += MINUTE;
      return all;
    }
    afterEach(() => vi.restoreAllMocks());

    it("is a display, or nobody by what is open, as when last asked, for three days; an account is not", async () => {
      const { principals, clock } = await away();
      await expect(principals.of(session)).rejects.toMatchObject({ status: 503 });
      for (const later of [0, 3 * DAY - MINUTE - 1]) {
        clock.now += later;
        expect(await principals.find(carriedBy(display))).toMatchObject({ who: { kind: "display" }, told: T0 });
        expect(await principals.of(asked(""))).toMatchObject({ kind: "anonymous", grants: [{ screen: "one" }] });
      }
      clock.now += 1;
      // Somebody asked a moment ago is not asked for again within a minute.
      clock.now += MINUTE;
      for (const request of [display, asked("")])
        await expect(principals.of(request)).rejects.toMatchObject({ status: 503 });
    });

    it("is nobody who was not asked for before", async () => {
      const { principals, known } = await away();
      const other = "e".repeat(43);
      known.set(`displayOf ${hashOfSecret(other)}`, HALL);
      await expect(principals.of(asked(`citywall-display=${other}`))).rejects.toMatchObject({ status: 503 });
    });

    it("is asked for again by those who come, and withdrawn as soon as somebody can tell", async () => {
      const { principals, known, goAway, clock, calls } = await away();
      expect(await principals.of(display)).toMatchObject({ kind: "display" });
      known.delete(`displayOf ${hashOfSecret(DISPLAY)}`);
      goAway(false);
      clock.now += MINUTE;
      // The one who comes first does not wait for it.
      await principals.of(display);
      await vi.waitFor(() => expect(calls.filter((method) => method === "displayOf").length).toBeGreaterThan(2));
      clock.now += MINUTE;
      expect(await principals.of(display)).toMatchObject({ kind: "anonymous" });
    });

    it("is nobody by what was held, once something changed", async () => {
      const { principals, change } = await away();
      change();
      await expect(principals.of(display)).rejects.toMatchObject({ status: 503 });
    });
  });

  it("is the account where a browser has both, and a display by what its screen shows now", async () => {
    const { principals, show } = setup();
    expect(await principals.of(asked(`citywall-session=${SECRET}; citywall-display=${DISPLAY}`))).toMatchObject({
      kind: "account",
    });
    const before = await principals.of(display);
    expect(before).toMatchObject({
      kind: "display",
      grants: [{ screen: "one", topics: new Set(["reading/c/all/a"]) }],
    });
    show(["reading/c/all/b"]);
    const after = principals.withLayouts(before);
    expect(after).toMatchObject({ grants: [{ topics: new Set(["reading/c/all/b"]) }] });
    expect(isSamePrincipal(before, after)).toBe(true);
    expect(isSamePrincipal(before, await principals.of(session))).toBe(false);
  });
});

describe("a cookie", () => {
  it("counts over TLS only with the prefix that nobody else can have set", () => {
    const plain = `citywall-session=${SECRET}`;
    expect(cookieOf(asked(plain), "session")).toBe(SECRET);
    expect(cookieOf(asked(plain, true), "session")).toBeNull();
    expect(cookieOf(asked(`__Host-${plain}`, true), "session")).toBe(SECRET);
  });

  it("that is no secret is none", () => {
    for (const value of ["", "short", `${SECRET}x`, `${"s".repeat(42)}!`])
      expect(cookieOf(asked(`citywall-session=${value}`), "session")).toBeNull();
  });
});
