import path from "node:path";
import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import { screenTopics } from "../../components/widgets/screen-topics";
import type { Me, PeopleAnswer, SessionsAnswer } from "../contract/api/accounts";
import type { Problem } from "../contract/api/problem";
import { EVERYWHERE, PERMISSIONS } from "../contract/rights";
import * as parser from "../contract/parser";
import { controlHere } from "../control/here";
import type { ControlAsk } from "../control/remote";
import { checkedFetch } from "./checked-fetch";
import type { Gateway } from "./server";
import { makeSite, type TestSite } from "./test-site";

const PASSWORD = "seven brown foxes at noon";
const ALL = [...EVERYWHERE];
const DISTRICT = [{ city: "lianyungang", districts: ["320706"] }];

let site: TestSite;
let control: ControlAsk;
let gateway: Gateway;
beforeAll(async () => {
  site = await makeSite(checkTile);
});
afterAll(() => site.drop());

/** A browser: it keeps the cookies that it is given. */
class Browser {
  cookie = "";

  async ask(method: string, where: string, body?: object, headers: Record<string, string> = {}) {
    const response = await checkedFetch(`http://127.0.0.1:${gateway.port}${where}`, {
      method,
      headers: { ...(this.cookie ? { cookie: this.cookie } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const given = response.headers.get("set-cookie");
    if (given) this.cookie = given.split(";", 1)[0] as string;
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  async me(): Promise<Me> {
    return (await this.ask("GET", "/api/v1/me")).body as Me;
  }

  /** Uses a link as its page does. */
  async accept(link: string, more: object) {
    const [where, secret] = link.split("#");
    expect(where).toBe("/invite");
    return this.ask("POST", "/api/v1/invitation/accept", { secret, password: PASSWORD, ...more });
  }
}

/** A browser in which the first administrator has just made his account. */
async function chief(): Promise<Browser> {
  const link = await control.call("firstAdministrator", {});
  const browser = new Browser();
  expect((await browser.accept(`/invite#${link?.secret}`, { name: "chief" })).status).toBe(200);
  return browser;
}

/** What a browser has open is closed by something, and it does not get in again. */
async function closesWith(browser: Browser, way: () => Promise<{ status: number }>): Promise<void> {
  const extraHeaders = { cookie: browser.cookie };
  const options = { path: "/live", transports: ["websocket"], parser, forceNew: true, reconnection: false };
  const connect = (): Socket => io(`http://127.0.0.1:${gateway.port}`, { ...options, extraHeaders });
  const socket = connect();
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("connect_error", reject));
  const closed = new Promise((resolve) => socket.once("disconnect", resolve));
  expect((await way()).status).toBe(200);
  await closed;
  const again = connect();
  await expect(
    new Promise<void>((resolve, reject) => again.once("connect", resolve).once("connect_error", reject)),
  ).rejects.toThrow();
  again.close();
}

/** A browser of somebody whom another invited. */
async function invited(by: Browser, name: string, rights: object): Promise<Browser> {
  const { body } = await by.ask("POST", "/api/v1/people/invitations", rights);
  const browser = new Browser();
  expect((await browser.accept(String(body.path), { name })).status).toBe(200);
  return browser;
}

describe("accounts of a gateway in which everybody signs in", () => {
  let count = 0;
  beforeEach(async () => {
    const data = path.join(site.folder, `data-${count++}`);
    control = await controlHere({ data });
    gateway = await site.open({ data, control, closed: true, screenTopics });
  });
  afterEach(() => gateway.close());

  it("begin with a link, and lead by invitation to somebody who sees what he was given", async () => {
    const nobody = new Browser();
    expect(await nobody.me()).toEqual({
      kind: "anonymous",
      name: null,
      title: null,
      role: null,
      scopes: [],
      may: [],
      closed: true,
      enrolling: false,
    });
    const first = await chief();
    expect(await first.me()).toMatchObject({
      kind: "account",
      name: "chief",
      title: "chief",
      role: "administrator",
      scopes: ALL,
      closed: true,
    });
    expect((await first.me()).may).toEqual(Object.keys(PERMISSIONS));
    const viewer = await invited(first, "ada", { role: "viewer", scopes: DISTRICT });
    expect(await viewer.me()).toMatchObject({ name: "ada", role: "viewer", scopes: DISTRICT, may: ["look"] });
    const { people } = (await first.ask("GET", "/api/v1/people")).body as PeopleAnswer;
    expect(people.map(({ name, sessions }) => [name, sessions])).toEqual([
      ["ada", 1],
      ["chief", 1],
    ]);
    const refused = await viewer.ask("GET", "/api/v1/people");
    expect([refused.status, refused.body.code]).toEqual([403, "no-right"]);
    expect((await nobody.ask("GET", "/api/v1/people")).status).toBe(401);
  });

  it("sign in and out; a copied cookie is worth nothing after that", async () => {
    await chief();
    const browser = new Browser();
    const answer = await browser.ask("POST", "/api/v1/session", { name: "Chief ", password: PASSWORD });
    expect([answer.status, answer.body]).toEqual([200, { name: "chief", title: "chief" }]);
    expect(answer.headers.get("set-cookie")).toMatch(
      /^citywall-session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/,
    );
    const copy = new Browser();
    copy.cookie = browser.cookie;
    expect(await copy.me()).toMatchObject({ kind: "account" });
    const out = await browser.ask("DELETE", "/api/v1/session");
    expect(out.headers.get("set-cookie")).toMatch(/^citywall-session=; .*Max-Age=0/);
    // What the browser keeps of answers that it was given goes as well.
    expect(out.headers.get("clear-site-data")).toBe('"cache"');
    expect((await copy.me()).kind).toBe("anonymous");
    expect((await copy.ask("GET", "/api/v1/account/sessions")).status).toBe(401);
    expect((await browser.ask("DELETE", "/api/v1/session")).status).toBe(200);
  });

  it("lose what they have open as they sign out, change their password elsewhere or are disabled", async () => {
    const first = await chief();
    const ada = await invited(first, "ada", { role: "viewer", scopes: DISTRICT });
    const { people } = (await first.ask("GET", "/api/v1/people")).body as PeopleAnswer;
    const id = people.find(({ name }) => name === "ada")?.id;
    const second = new Browser();
    const session = { name: "ada", password: PASSWORD };
    await second.ask("POST", "/api/v1/session", session);
    const password = { current: PASSWORD, password: "eight grey geese at dusk" };
    const ways: [Browser, () => Promise<{ status: number }>][] = [
      [second, () => ada.ask("POST", "/api/v1/account/password", password)],
      [ada, () => ada.ask("DELETE", "/api/v1/session")],
    ];
    for (const [browser, way] of ways) await closesWith(browser, way);
    await ada.ask("POST", "/api/v1/session", { ...session, password: password.password });
    await closesWith(ada, () => first.ask("POST", `/api/v1/people/${id}`, { disabled: true }));
  });

  it("answer a sign-in that failed alike, whatever was wrong", async () => {
    const first = await chief();
    const ada = await invited(first, "ada", { role: "viewer", scopes: DISTRICT });
    const { people } = (await first.ask("GET", "/api/v1/people")).body as PeopleAnswer;
    const id = people.find(({ name }) => name === "ada")?.id;
    expect((await first.ask("POST", `/api/v1/people/${id}`, { disabled: true })).status).toBe(200);
    expect((await ada.me()).kind).toBe("anonymous");
    const wrong = [
      ["chief", "wrong words, twelve"],
      ["nobody", PASSWORD],
      ["ada", PASSWORD],
    ] as const;
    const answers: Awaited<ReturnType<Browser["ask"]>>[] = [];
    for (const [name, password] of wrong)
      answers.push(await new Browser().ask("POST", "/api/v1/session", { name, password }));
    expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [401, answers[0]?.body]));
    expect(answers[0]?.body).toMatchObject({ code: "sign-in-refused" });
    const names = answers.map(({ headers }) => [...headers.keys()].sort());
    expect(names).toEqual(names.map(() => names[0]));
  });

  it("say how long to wait where too many sign-ins failed, and that an address asks too often before anything is looked at", async () => {
    await chief();
    const guess = () =>
      new Browser().ask("POST", "/api/v1/session", { name: "chief", password: "wrong words, twelve" });
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push(await guess());
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    expect(statuses[5]?.headers.get("retry-after")).toBe("1");
    const many = await Promise.all(Array.from({ length: 80 }, guess));
    expect(many.every(({ status }) => status === 429)).toBe(true);
    // The gateway and the pages answer meanwhile.
    expect((await new Browser().ask("GET", "/healthz")).status).toBe(200);
  });

  it("list and end their own sign-ins, and set their own password", async () => {
    const first = await chief();
    const second = new Browser();
    await second.ask("POST", "/api/v1/session", { name: "chief", password: PASSWORD }, { "user-agent": "second" });
    const { sessions } = (await first.ask("GET", "/api/v1/account/sessions")).body as SessionsAnswer;
    expect(sessions.map(({ agent, current }) => [agent === "second", current])).toContainEqual([true, false]);
    expect((await first.ask("DELETE", "/api/v1/account/sessions")).body).toEqual({ ended: 1 });
    expect((await second.me()).kind).toBe("anonymous");
    const wrong = await first.ask("POST", "/api/v1/account/password", {
      current: "x",
      password: "eight grey geese at dusk",
    });
    expect([wrong.status, wrong.body.field]).toEqual([403, "current"]);
    const easy = await first.ask("POST", "/api/v1/account/password", { current: PASSWORD, password: "password1234" });
    expect([easy.status, easy.body.field]).toEqual([400, "password"]);
    const set = await first.ask("POST", "/api/v1/account/password", {
      current: PASSWORD,
      password: "eight grey geese at dusk",
    });
    expect(set.status).toBe(200);
    expect((await second.ask("POST", "/api/v1/session", { name: "chief", password: PASSWORD })).status).toBe(401);
  });

  it("name the field that is wrong, and a link that does not work", async () => {
    const first = await chief();
    const invite = (scopes: object[], role = "viewer") =>
      first.ask("POST", "/api/v1/people/invitations", { role, scopes });
    const cases: [Promise<{ status: number; body: Record<string, unknown> }>, number, string][] = [
      [invite([{ city: "atlantis", districts: "*" }]), 400, "scopes[0].city"],
      [invite([{ city: "lianyungang", districts: ["320706", "990000"] }]), 400, "scopes[0].districts[1]"],
      [invite([{ city: "lianyungang", districts: [] }]), 400, "scopes[0].districts"],
      [invite([{ city: "*", districts: ["320706"] }]), 400, "scopes"],
      [invite([], "viewer"), 400, "scopes"],
      [invite(ALL, "emperor"), 400, "role"],
      [first.ask("POST", "/api/v1/people/none", { disabled: true }), 404, "id"],
      [first.ask("POST", "/api/v1/invitation", { secret: "x".repeat(43) }), 404, "secret"],
      [
        first.ask("POST", "/api/v1/invitation/accept", { secret: "x".repeat(43), password: PASSWORD, name: "-" }),
        400,
        "name",
      ],
      [first.ask("POST", "/api/v1/session", { name: "chief" }), 400, "password"],
    ];
    for (const [asked, status, field] of cases) {
      const answer = await asked;
      expect([answer.status, answer.body.field, answer.body.detail]).toEqual([
        status,
        field,
        expect.stringMatching(/./),
      ]);
    }
  });

  it("keep the last administrator of everything, whose name the refusal has", async () => {
    const first = await chief();
    const { people } = (await first.ask("GET", "/api/v1/people")).body as PeopleAnswer;
    for (const change of [{ disabled: true }, { role: "editor" }, { scopes: DISTRICT }]) {
      const refused = await first.ask("POST", `/api/v1/people/${people[0]?.id}`, change);
      expect([refused.status, (refused.body as unknown as Problem).detail]).toEqual([
        409,
        expect.stringContaining("chief is the last"),
      ]);
    }
    expect((await first.me()).role).toBe("administrator");
  });

  it("open a screen to everybody, where their rights reach all of its city", async () => {
    const first = await chief();
    const own = await invited(first, "ada", { role: "administrator", scopes: DISTRICT });
    const screen = { city: "lianyungang", screen: "overview" };
    expect((await own.ask("POST", "/api/v1/open-screens", screen)).status).toBe(403);
    expect((await first.ask("POST", "/api/v1/open-screens", { ...screen, screen: "none" })).body.code).toBe(
      "unknown-screen",
    );
    expect((await first.ask("POST", "/api/v1/open-screens", screen)).status).toBe(200);
    expect((await new Browser().me()).may).toEqual(["look"]);
    expect((await first.ask("GET", "/api/v1/open-screens")).body).toMatchObject({
      screens: [{ ...screen, madeBy: "account chief" }],
    });
    expect((await own.ask("GET", "/api/v1/open-screens")).body).toEqual({ screens: [] });
    expect((await first.ask("DELETE", "/api/v1/open-screens/lianyungang/overview")).status).toBe(200);
    expect((await new Browser().me()).may).toEqual([]);
  });

  it("take nothing from a page of another site", async () => {
    const first = await chief();
    const origin = { origin: "https://evil.example" };
    expect((await first.ask("POST", "/api/v1/session", { name: "chief", password: PASSWORD }, origin)).status).toBe(
      403,
    );
    expect((await first.ask("DELETE", "/api/v1/session", undefined, origin)).status).toBe(403);
    expect(await first.me()).toMatchObject({ kind: "account" });
  });
});

describe("a gateway that only its own machine reaches", () => {
  it("asks nobody to sign in, and says so; without control data it has no accounts", async () => {
    gateway = await site.open();
    const browser = new Browser();
    expect(await browser.me()).toMatchObject({ kind: "local", closed: false, may: Object.keys(PERMISSIONS) });
    const answer = await browser.ask("POST", "/api/v1/session", { name: "a", password: PASSWORD });
    expect([answer.status, answer.body.code]).toEqual([503, "control-away"]);
    expect((await browser.ask("GET", "/api/v1/account/sessions")).status).toBe(403);
    await gateway.close();
  });
});
