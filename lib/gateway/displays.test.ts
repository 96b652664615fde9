import path from "node:path";
import { io, type Socket } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import { screenTopics } from "../../components/widgets/screen-topics";
import type { DisplayItem, DisplayList, DisplayStanding, PairingAnswer } from "../contract/api/displays";
import { LIMITS } from "../contract/api/limits";
import type { Problem } from "../contract/api/problem";
import * as parser from "../contract/parser";
import type { Role, Scope } from "../contract/rights";
import { lines } from "../control/audit";
import { controlHere } from "../control/here";
import { openControl } from "../control/open";
import { signedIn } from "../control/test-people";
import { COOKIES } from "./cookies";
import type { Gateway, GatewayOptions } from "./server";
import { makeSite, type TestSite } from "./test-site";

const HALL = { title: "Hall", city: "lianyungang", screen: "overview" };
const health = { connected: true, faults: 0, skipped: 0, up: 60, width: 1920, height: 1080 };

let site: TestSite;
let gateway: Gateway;
const sockets: Socket[] = [];

const data = (): string => path.join(site.folder, "data");

async function open(more: Partial<GatewayOptions> = {}): Promise<void> {
  gateway = await site.open({ closed: true, screenTopics, control: await controlHere({ data: data() }), ...more });
}
beforeEach(async () => {
  site = await makeSite(checkTile);
  await open();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await gateway.close();
  await site.drop();
});

/** A browser, which keeps its cookies. */
class Browser {
  readonly cookies = new Map<string, string>();

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async ask<T>(
    method: string,
    address: string,
    body?: object,
  ): Promise<{ status: number; body: T; set: string | null }> {
    const response = await fetch(`http://127.0.0.1:${gateway.port}${address}`, {
      method,
      headers: { cookie: this.cookie, ...(body ? { "content-type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : null,
    });
    const set = response.headers.get("set-cookie");
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(set ?? "") ?? [];
    if (name !== undefined && value) this.cookies.set(name, value);
    else if (name !== undefined) this.cookies.delete(name);
    return { status: response.status, body: (await response.json()) as T, set };
  }

  /** What it hears of itself over its live connection. */
  hear(): DisplayStanding[] {
    const heard: DisplayStanding[] = [];
    const socket = io(`http://127.0.0.1:${gateway.port}`, {
      path: "/live",
      transports: ["websocket"],
      parser,
      extraHeaders: { cookie: this.cookie },
    });
    sockets.push(socket);
    socket.on("display", (standing: DisplayStanding) => heard.push(standing));
    return heard;
  }
}

const EVERYWHERE: Scope[] = [{ city: "*", districts: "*" }];

async function person(role: Role = "operator", scopes = EVERYWHERE): Promise<Browser> {
  const db = await openControl({ data: data() });
  const { secret } = await signedIn(db, { role, scopes });
  await db.destroy();
  const browser = new Browser();
  browser.cookies.set(COOKIES.session, secret);
  return browser;
}

async function begin(display = new Browser()): Promise<PairingAnswer> {
  return (await display.ask<PairingAnswer>("POST", "/api/v1/pairings", {})).body;
}

/** A display that an operator has paired. */
async function paired(operator: Browser, named = HALL): Promise<{ display: Browser; item: DisplayItem }> {
  const display = new Browser();
  const { code, secret } = await begin(display);
  const { body: item } = await operator.ask<DisplayItem>("POST", "/api/v1/displays", { code, ...named });
  await display.ask("POST", "/api/v1/pairings/finish", { secret });
  return { display, item };
}

const standing = async (display: Browser) => (await display.ask<DisplayStanding>("GET", "/api/v1/display")).body;
const report = (display: Browser, more: object = {}) =>
  display.ask<DisplayStanding & Problem>("POST", "/api/v1/display/report", {
    version: "test",
    painted: 12,
    health,
    ...more,
  });

describe("a display", () => {
  it("is paired: it shows a code, somebody names it, it is given a cookie that no script reads, and shows its screen", async () => {
    const [operator, display] = [await person(), new Browser()];
    const { code, secret, expires, now } = await begin(display);
    expect(code).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
    expect(expires - now).toSatisfy((ms: number) => ms > 540_000 && ms <= 600_000);
    const waiting = await display.ask("POST", "/api/v1/pairings/finish", { secret });
    expect([waiting.status, waiting.body, waiting.set]).toEqual([202, { state: "waiting" }, null]);
    const claimed = await operator.ask<DisplayItem>("POST", "/api/v1/displays", { code, ...HALL });
    expect([claimed.status, claimed.body]).toMatchObject([201, { ...HALL, seen: null }]);
    const finished = await display.ask("POST", "/api/v1/pairings/finish", { secret });
    expect([finished.status, finished.body]).toEqual([200, { state: "paired", id: claimed.body.id, ...HALL }]);
    expect(finished.set).toMatch(/^citywall-display=[\w-]{43}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/);
    expect(JSON.stringify(finished.body)).not.toContain(display.cookies.get(COOKIES.display));
    expect(await standing(display)).toEqual(finished.body);
    expect((await display.ask("GET", "/api/v1/cities/lianyungang")).status).toBe(200);
  });

  it("may look after nothing, not even after itself", async () => {
    const { display, item } = await paired(await person());
    expect((await display.ask<Problem>("GET", "/api/v1/displays")).body.code).toBe("no-right");
    expect((await display.ask("DELETE", `/api/v1/displays/${item.id}`)).status).toBe(403);
    const claim = { code: (await begin()).code, ...HALL, title: "Other" };
    expect((await display.ask("POST", "/api/v1/displays", claim)).status).toBe(403);
  });

  it("tells how it does, and is listed with it; one that is none is refused by its name", async () => {
    const operator = await person();
    const { display, item } = await paired(operator);
    expect((await report(display)).body).toEqual({ state: "paired", id: item.id, ...HALL });
    const { body } = await operator.ask<DisplayList>("GET", "/api/v1/displays");
    expect(body).toMatchObject({ build: "test", silent: 90_000 });
    expect(body.displays).toMatchObject([{ ...HALL, version: "test", address: "127.0.0.1", health, withdrawn: null }]);
    const [listed] = body.displays;
    expect((listed?.seen ?? 0) - (listed?.painted ?? 0)).toBe(12);
    expect(await report(new Browser())).toMatchObject({ status: 401, body: { code: "no-display" } });
    const wrong = await report(display, { painted: -1 });
    expect([wrong.status, wrong.body.field]).toEqual([400, "painted"]);
  });

  it("hears at once that it was given another screen, that it has another name, and that it was withdrawn", async () => {
    const operator = await person();
    const { display, item } = await paired(operator);
    const heard = display.hear();
    await vi.waitFor(() => expect(heard).toHaveLength(1), 5_000);
    expect(heard[0]).toEqual({ state: "paired", id: item.id, ...HALL });
    const at = { city: "hangzhou", screen: "overview" };
    expect((await operator.ask("POST", `/api/v1/displays/${item.id}`, at)).status).toBe(200);
    await vi.waitFor(() => expect(heard.at(-1)).toEqual({ state: "paired", id: item.id, title: "Hall", ...at }), 5_000);
    // Whether or not what it heard closed its connection: who asks is told as well.
    await operator.ask("POST", `/api/v1/displays/${item.id}`, { title: "Foyer" });
    expect(await standing(display)).toMatchObject({ title: "Foyer" });
    expect((await operator.ask("DELETE", `/api/v1/displays/${item.id}`)).status).toBe(200);
    expect(await standing(display)).toEqual({ state: "withdrawn", title: "Foyer" });
    expect((await report(display)).body).toEqual({ state: "withdrawn", title: "Foyer" });
    expect((await display.ask("GET", "/api/v1/cities/hangzhou")).status).toBe(401);
  });

  it("is a person, and told nothing of the display, where somebody has signed in at it", async () => {
    const { display } = await paired(await person());
    const operator = await person();
    operator.cookies.set(COOKIES.display, display.cookies.get(COOKIES.display) ?? "");
    const [both, alone] = [operator.hear(), display.hear()];
    await vi.waitFor(() => expect(alone).toHaveLength(1), 5_000);
    expect(both).toEqual([]);
  });

  it("is the same after the gateway has begun anew, and is nobody once it begins to be paired anew", async () => {
    const { display, item } = await paired(await person());
    await gateway.close();
    await open();
    expect(await standing(display)).toMatchObject({ state: "paired", id: item.id });
    const heard = display.hear();
    await vi.waitFor(() => expect(heard).toHaveLength(1), 5_000);
    await begin(display);
    expect(display.cookies.has(COOKIES.display)).toBe(false);
    expect(await standing(display)).toEqual({ state: "none" });
  });

  it("is told nothing over a connection without a secret, or with one that is made up", async () => {
    const { display } = await paired(await person());
    const [stranger, liar] = [new Browser(), new Browser()];
    liar.cookies.set(COOKIES.display, "x".repeat(43));
    const [none, lies, right] = [stranger.hear(), liar.hear(), display.hear()];
    await vi.waitFor(() => expect(right).toHaveLength(1), 5_000);
    expect(none).toEqual([]);
    expect(lies).toEqual([]);
    expect(await standing(liar)).toEqual({ state: "none" });
  });
});

describe("who looks after displays", () => {
  it("is asked to sign in, and has to have the right", async () => {
    const claim = { code: (await begin()).code, ...HALL };
    expect((await new Browser().ask<Problem>("POST", "/api/v1/displays", claim)).body.code).toBe("sign-in");
    for (const role of ["viewer", "analyst", "editor"] as const) {
      const one = await person(role);
      expect((await one.ask<Problem>("POST", "/api/v1/displays", claim)).body.code).toBe("no-right");
      expect((await one.ask("GET", "/api/v1/displays")).status).toBe(403);
    }
    expect((await (await person("administrator")).ask("POST", "/api/v1/displays", claim)).status).toBe(201);
  });

  it("gives no screen of a city that is not his, nor one of a city of which he has some districts alone", async () => {
    const { code } = await begin();
    const other = await person("operator", [{ city: "hangzhou", districts: "*" }]);
    const refused = await other.ask<Problem>("POST", "/api/v1/displays", { code, ...HALL });
    expect([refused.status, refused.body.code, refused.body.field]).toEqual([404, "unknown-city", "city"]);
    const nowhere = await other.ask<Problem>("POST", "/api/v1/displays", { code, ...HALL, city: "atlantis" });
    expect(nowhere.body.detail.replace("atlantis", "lianyungang")).toBe(refused.body.detail);
    // A laptop that is called a display must not show him what he may not see himself.
    const some = await person("operator", [{ city: "lianyungang", districts: ["320706"] }]);
    expect(await some.ask("POST", "/api/v1/displays", { code, ...HALL })).toMatchObject({
      status: 403,
      body: { code: "no-right" },
    });
    expect((await (await person()).ask("POST", "/api/v1/displays", { code, ...HALL })).status).toBe(201);
  });

  it("sees, names, moves and withdraws those of his cities alone; others are as if they were not there", async () => {
    const { item } = await paired(await person());
    const other = await person("operator", [{ city: "hangzhou", districts: "*" }]);
    expect((await other.ask<DisplayList>("GET", "/api/v1/displays")).body.displays).toEqual([]);
    const gone = await other.ask<Problem>("DELETE", `/api/v1/displays/${item.id}`);
    const none = await other.ask<Problem>("DELETE", "/api/v1/displays/none");
    expect([gone.status, gone.body.code]).toEqual([404, "not-there"]);
    expect(gone.body.detail).toBe(none.body.detail.replace("none", item.id));
    expect((await other.ask("POST", `/api/v1/displays/${item.id}`, { title: "Mine" })).status).toBe(404);
    const own = await person("operator", [{ city: "lianyungang", districts: "*" }]);
    const away = await own.ask<Problem>("POST", `/api/v1/displays/${item.id}`, {
      city: "hangzhou",
      screen: "overview",
    });
    expect([away.status, away.body.field]).toEqual([404, "city"]);
    expect((await own.ask("POST", `/api/v1/displays/${item.id}`, { title: "Mine" })).status).toBe(200);
  });

  it("is told which member is wrong, and loses nothing by it", async () => {
    const operator = await person();
    const { code } = await begin();
    const claim = async (more: object) => {
      const { status, body } = await operator.ask<Problem>("POST", "/api/v1/displays", { code, ...HALL, ...more });
      return [status, body.field];
    };
    expect(await claim({ title: " " })).toEqual([400, "title"]);
    expect(await claim({ title: "two\nlines" })).toEqual([400, "title"]);
    expect(await claim({ title: "x".repeat(61) })).toEqual([400, "title"]);
    expect(await claim({ screen: "nowhere" })).toEqual([404, "screen"]);
    expect(await claim({ code: "nonsense" })).toEqual([400, "code"]);
    expect(await claim({ code: "BBBB-BBBB" })).toEqual([404, "code"]);
    await paired(operator, { ...HALL, title: "Lobby" });
    expect(await claim({ title: "Lobby" })).toEqual([409, "title"]);
    expect(await claim({})).toEqual([201, undefined]);
  });

  it("is written into the audit log with who it was and from where", async () => {
    const operator = await person();
    const { item } = await paired(operator);
    await operator.ask("POST", `/api/v1/displays/${item.id}`, { title: "Foyer" });
    await operator.ask("DELETE", `/api/v1/displays/${item.id}`);
    const db = await openControl({ data: data() });
    const log = (await lines(db)).reverse().map(({ who, action, address }) => [who.split("-")[0], action, address]);
    await db.destroy();
    expect(log).toEqual([
      ["account test", "display.pair", "127.0.0.1"],
      ["display Hall", "display.join", "127.0.0.1"],
      ["account test", "display.rename", "127.0.0.1"],
      ["account test", "display.withdraw", "127.0.0.1"],
    ]);
  });
});

describe("codes and secrets that somebody guesses or has seen", () => {
  it("are of no use: a pairing's secret a second time, and a code that was entered already", async () => {
    const [operator, display] = [await person(), new Browser()];
    const { code, secret } = await begin(display);
    await operator.ask("POST", "/api/v1/displays", { code, ...HALL });
    await display.ask("POST", "/api/v1/pairings/finish", { secret });
    const thief = new Browser();
    const again = await thief.ask<Problem>("POST", "/api/v1/pairings/finish", { secret });
    expect([again.status, again.body.code, again.set]).toEqual([404, "not-there", null]);
    const replayed = await operator.ask("POST", "/api/v1/displays", { code, ...HALL, title: "Mine" });
    expect(replayed.status).toBe(404);
    // Nor does the code itself fetch the identity.
    const fresh = await begin();
    await operator.ask("POST", "/api/v1/displays", { code: fresh.code, ...HALL, title: "Lobby" });
    expect((await thief.ask("POST", "/api/v1/pairings/finish", { secret: fresh.code })).status).toBe(404);
  });

  it("are held to so many from one address, before anything is looked up", async () => {
    const operator = await person();
    const codes = await Promise.all(
      Array.from({ length: LIMITS.displays.claims.burst + 20 }, async () => {
        const answer = await operator.ask<Problem>("POST", "/api/v1/displays", { code: "BBBB-BBBB", ...HALL });
        return answer.body.code;
      }),
    );
    expect(codes.filter((code) => code === "not-there")).toHaveLength(10);
    expect(codes.filter((code) => code === "too-many-requests").length).toBe(codes.length - 10);
  });

  it("do not make other pages begin a pairing or change a display", async () => {
    const { display } = await paired(await person());
    const response = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/pairings`, {
      method: "POST",
      headers: { cookie: display.cookie, origin: "http://evil.example", "content-type": "application/json" },
      body: "{}",
    });
    expect([response.status, response.headers.get("set-cookie")]).toEqual([403, null]);
    expect(await standing(display)).toMatchObject({ state: "paired" });
  });
});

describe("a gateway to which nobody has to sign in", () => {
  it("pairs displays as well: whoever sits at the machine may name them", async () => {
    await gateway.close();
    await open({ closed: false });
    const { display, item } = await paired(new Browser());
    expect(item.madeBy).toBe("local");
    const heard = display.hear();
    await vi.waitFor(() => expect(heard).toEqual([{ state: "paired", id: item.id, ...HALL }]), 5_000);
    await new Browser().ask("DELETE", `/api/v1/displays/${item.id}`);
    await vi.waitFor(() => expect(heard.at(-1)).toEqual({ state: "withdrawn", title: "Hall" }), 5_000);
  });

  it("says so where it keeps nothing of who may what", async () => {
    await gateway.close();
    gateway = await site.open();
    for (const [method, address, body] of [
      ["POST", "/api/v1/pairings", {}],
      ["GET", "/api/v1/displays", undefined],
    ] as const)
      expect(await new Browser().ask<Problem>(method, address, body)).toMatchObject({
        status: 503,
        body: { code: "control-away" },
      });
    expect(await standing(new Browser())).toEqual({ state: "none" });
  });
});
