import type { IncomingMessage } from "node:http";
import path from "node:path";
import { Secret, TOTP } from "otpauth";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import { screenTopics } from "../../components/widgets/screen-topics";
import type { RoleMappingOut } from "../contract/api/oidc";
import type { TotpOffer } from "../contract/api/second-factors";
import { lines } from "../control/audit";
import { TestAuthenticator } from "../control/factors/test-authenticator";
import { controlHere } from "../control/here";
import { CLIENT, startIssuer, throughIssuer, type TestIssuer } from "../control/oidc/test-issuer";
import { openControl } from "../control/open";
import type { ControlAsk } from "../control/remote";
import { freePort } from "../../server/free-port";
import { checkedFetch } from "./checked-fetch";
import type { Gateway } from "./server";
import { siteOf } from "./second-factors-api";
import { makeSite, type TestSite } from "./test-site";

const PASSWORD = "seven brown foxes at noon";
const NAME = "localhost";
const proof = { current: PASSWORD };

let site: TestSite;
let control: ControlAsk;
let gateway: Gateway;
let issuer: TestIssuer;
let port: number;
let count = 0;
beforeAll(async () => {
  site = await makeSite(checkTile);
  port = await freePort();
  issuer = await startIssuer([`http://${NAME}:${port}/api/v1/oidc/callback`], {
    "7": { name: "Oda", preferred_username: "oda", groups: ["ops"] },
    "8": { name: "Eve", preferred_username: "eve", groups: ["kitchen"] },
  });
});
afterAll(async () => {
  await issuer.stop();
  await site.drop();
});
beforeEach(async () => {
  const data = path.join(site.folder, `factors-${count++}`);
  control = await controlHere({ data }, undefined, {
    issuer: issuer.address,
    clientId: CLIENT.client_id,
    clientSecret: CLIENT.client_secret,
    scope: "openid profile groups",
    title: "City ID",
  });
  gateway = await site.open({ data, control, closed: true, screenTopics, port });
});
afterEach(() => gateway.close());

/** A browser: it keeps the cookies that it is given. */
class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly host = NAME) {}

  async ask(method: string, where: string, body?: object) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const origin = `http://${this.host}:${port}`;
    const response = await checkedFetch(`${origin}${where}`, {
      method,
      redirect: "manual",
      headers: { cookie, ...(method === "GET" ? {} : { origin }) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    const told = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
    return {
      status: response.status,
      location: response.headers.get("location"),
      set: response.headers.getSetCookie(),
      body: told,
    };
  }

  post = (where: string, body: object = {}) => this.ask("POST", where, body);
  me = async () => (await this.ask("GET", "/api/v1/me")).body;
}

async function chief(): Promise<Browser> {
  const link = await control.call("firstAdministrator", {});
  const browser = new Browser();
  const made = await browser.post("/api/v1/invitation/accept", {
    secret: link?.secret,
    password: PASSWORD,
    name: "chief",
  });
  expect(made.status).toBe(200);
  return browser;
}

describe("the site of a request", () => {
  const site = (host: string, encrypted: boolean) =>
    siteOf({ headers: { host }, socket: { encrypted } } as unknown as IncomingMessage);

  it.each([
    ["wall.example", true, { id: "wall.example", origin: "https://wall.example" }],
    ["Wall.Example:443", true, { id: "wall.example", origin: "https://wall.example" }],
    ["wall.example:8443", true, { id: "wall.example", origin: "https://wall.example:8443" }],
    ["localhost:3000", false, { id: "localhost", origin: "http://localhost:3000" }],
    ["wall.localhost", false, { id: "wall.localhost", origin: "http://wall.localhost" }],
    ["wall.example", false, null],
    ["notlocalhost", false, null],
    ["10.0.0.7", true, null],
    ["[::1]:3000", true, null],
    ["", true, null],
  ])("of %s (TLS: %s) is %j", (host, encrypted, found) => expect(site(host, encrypted)).toEqual(found));
});

describe("second factors", () => {
  const signIn = (more: object = {}, browser = new Browser()) =>
    browser.post("/api/v1/session", { name: "chief", password: PASSWORD, ...more });
  const codeOf = (secret: string, steps = 0): string =>
    TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.now() + steps * 30_000 });

  it("asks for a code once one was brought, until that is taken back", async () => {
    const browser = await chief();
    expect((await browser.post("/api/v1/account/totp/offer")).body).toMatchObject({
      field: "current",
      code: "bad-parameter",
    });
    const guessed = await browser.post("/api/v1/account/totp/offer", { current: "seven brown foxes at night" });
    expect(guessed).toMatchObject({ status: 403, body: { field: "current" } });
    const offered = await browser.post("/api/v1/account/totp/offer", proof);
    const { offer, secret } = offered.body as unknown as TotpOffer;
    const used = codeOf(secret);
    expect(await signIn()).toMatchObject({ status: 200 });
    expect(await browser.post("/api/v1/account/totp", { offer, code: "12345" })).toMatchObject({
      status: 400,
      body: { field: "code" },
    });
    expect(await browser.post("/api/v1/account/totp", { offer, code: used })).toMatchObject({ status: 200 });
    expect((await browser.ask("GET", "/api/v1/account/second-factors")).body).toMatchObject({
      totp: true,
      passkeys: [],
      local: true,
    });

    expect(await signIn()).toMatchObject({ status: 401, body: { code: "second-factor", field: "code" } });
    expect(await signIn({ password: "seven brown foxes at night" })).toMatchObject({
      status: 401,
      body: { code: "sign-in-refused" },
    });
    expect(await signIn({ code: used })).toMatchObject({ status: 401, body: { code: "second-factor" } });
    expect(await signIn({ code: codeOf(secret, 1) })).toMatchObject({ status: 200 });
    expect(await browser.post("/api/v1/account/totp/remove", proof)).toMatchObject({ status: 200 });
    expect(await signIn()).toMatchObject({ status: 200 });
  });

  it("is demanded by who signed in with one, of whoever signs in after that", async () => {
    const browser = await chief();
    const policy = (secondFactor: string, by = browser) => by.post("/api/v1/sign-in-policy", { secondFactor });
    expect(await policy("some")).toMatchObject({ status: 400, body: { field: "secondFactor" } });
    expect(await policy("everybody")).toMatchObject({ status: 409, body: { code: "refused", field: "secondFactor" } });
    const { offer, secret } = (await browser.post("/api/v1/account/totp/offer", proof)).body as unknown as TotpOffer;
    expect(await browser.post("/api/v1/account/totp", { offer, code: codeOf(secret) })).toMatchObject({ status: 200 });
    expect(await policy("everybody")).toMatchObject({ status: 200, body: { secondFactor: "everybody" } });
    expect((await browser.ask("GET", "/api/v1/sign-in-policy")).body).toEqual({ secondFactor: "everybody" });
    const invited = await browser.post("/api/v1/people/invitations", {
      role: "viewer",
      scopes: [{ city: "*", districts: "*" }],
    });
    const eve = new Browser();
    const [, link] = String(invited.body.path).split("#");
    await eve.post("/api/v1/invitation/accept", { secret: link, password: PASSWORD, name: "eve" });
    expect(await eve.me()).toMatchObject({ kind: "account", name: "eve", may: [], enrolling: true });
    for (const where of ["/api/v1/cities", "/api/v1/cities/nowhere", "/api/v1/account/sessions"])
      expect(await eve.ask("GET", where)).toMatchObject({ status: 403, body: { code: "second-factor-needed" } });
    expect(await policy("nobody", eve)).toMatchObject({ status: 403, body: { code: "second-factor-needed" } });
    const theirs = (await eve.post("/api/v1/account/totp/offer", proof)).body as unknown as TotpOffer;
    const done = await eve.post("/api/v1/account/totp", { offer: theirs.offer, code: codeOf(theirs.secret) });
    expect(done.status).toBe(200);
    expect(await eve.me()).toMatchObject({ name: "eve", may: ["look"], enrolling: false });
    expect(await policy("nobody", eve)).toMatchObject({ status: 403, body: { code: "no-right" } });
    expect(await eve.post("/api/v1/account/totp/remove", proof)).toMatchObject({
      status: 409,
      body: { field: "factor" },
    });
  });

  it("has recovery codes that let in once each where a code is asked for", async () => {
    const browser = await chief();
    const make = () => browser.post("/api/v1/account/recovery-codes", proof);
    expect(await make()).toMatchObject({ status: 409, body: { code: "refused", field: "factor" } });
    const { offer, secret } = (await browser.post("/api/v1/account/totp/offer", proof)).body as unknown as TotpOffer;
    await browser.post("/api/v1/account/totp", { offer, code: codeOf(secret) });
    const made = await make();
    expect(made.status).toBe(201);
    const [code] = made.body.codes as string[];
    expect((await browser.ask("GET", "/api/v1/account/second-factors")).body).toMatchObject({ recoveryCodes: 10 });
    expect(await signIn({ code })).toMatchObject({ status: 200, body: { name: "chief" } });
    expect(await signIn({ code })).toMatchObject({ status: 401, body: { code: "second-factor", field: "code" } });
    expect((await browser.ask("GET", "/api/v1/account/second-factors")).body).toMatchObject({ recoveryCodes: 9 });
  });

  it("signs in with a passkey alone, under the name that it was made for", async () => {
    const browser = await chief();
    expect((await browser.ask("GET", "/api/v1/session/ways")).body).toEqual({
      passkey: true,
      oidc: { title: "City ID" },
    });
    const made = await browser.post("/api/v1/account/passkeys/options", proof);
    expect(made.body).toMatchObject({ rp: { id: NAME }, user: { name: "chief" } });
    const authenticator = new TestAuthenticator();
    const at = { origin: `http://${NAME}:${port}`, rpId: NAME };
    const response = authenticator.make({ challenge: String(made.body.challenge), ...at });
    const added = await browser.post("/api/v1/account/passkeys", { title: "grey", response });
    expect(added).toMatchObject({ status: 201, body: { title: "grey", used: null } });

    const visitor = new Browser();
    const ask = async () => String((await visitor.post("/api/v1/session/passkey/options")).body.challenge);
    const answer = authenticator.answer({ challenge: await ask(), ...at });
    const first = await visitor.post("/api/v1/session/passkey", { response: answer });
    expect(first).toMatchObject({ status: 200, body: { name: "chief" } });
    expect(await visitor.me()).toMatchObject({ kind: "account", name: "chief" });
    const again = await new Browser().post("/api/v1/session/passkey", { response: answer });
    expect(again).toMatchObject({ status: 401, body: { code: "sign-in-refused" } });
    const elsewhere = authenticator.answer({ challenge: await ask(), ...at, origin: `http://127.0.0.1:${port}` });
    expect(await new Browser().post("/api/v1/session/passkey", { response: elsewhere })).toMatchObject({ status: 401 });

    const gone = await browser.post(`/api/v1/account/passkeys/${String(added.body.id)}/remove`, proof);
    expect(gone.status).toBe(200);
    const late = authenticator.answer({ challenge: await ask(), ...at });
    expect(await new Browser().post("/api/v1/session/passkey", { response: late })).toMatchObject({ status: 401 });
  });

  it("has no passkeys under an address, and names what is wrong with an answer", async () => {
    const browser = new Browser("127.0.0.1");
    expect((await browser.ask("GET", "/api/v1/session/ways")).body).toMatchObject({ passkey: false });
    expect(await browser.post("/api/v1/session/passkey/options")).toMatchObject({
      status: 409,
      body: { code: "refused" },
    });
    const junk = await new Browser().post("/api/v1/session/passkey", {
      response: { id: "x", rawId: "%", type: "public-key" },
    });
    expect(junk).toMatchObject({ status: 400, body: { field: "response.rawId" } });
    const empty = { id: "x", rawId: "x", type: "public-key", clientExtensionResults: {} };
    const told = { clientDataJSON: "bm90IEpTT04", authenticatorData: "", signature: "" };
    expect(
      await new Browser().post("/api/v1/session/passkey", { response: { ...empty, response: told } }),
    ).toMatchObject({
      status: 401,
      body: { code: "sign-in-refused" },
    });
  });

  it("has refused passkeys in the audit log as one line a minute, however many somebody makes up", async () => {
    const response = {
      ...{ id: "x", rawId: "x", type: "public-key", clientExtensionResults: {} },
      response: { clientDataJSON: "bm90IEpTT04", authenticatorData: "", signature: "" },
    };
    const made = Array.from({ length: 20 }, () => new Browser().post("/api/v1/session/passkey", { response }));
    expect(new Set((await Promise.all(made)).map(({ status }) => status))).toEqual(new Set([401]));
    // What was not written yet is as it ends.
    await gateway.close();
    const db = await openControl({ data: path.join(site.folder, `factors-${count - 1}`) });
    const object = "POST /api/v1/session/passkey";
    const told = { who: "anonymous", action: "refuse", object, address: "127.0.0.1", detail: '{"count":20}' };
    expect(await lines(db, { who: "anonymous" })).toMatchObject([told]);
    await db.destroy();
  });

  it("is nobody's without an account", async () => {
    const visitor = new Browser();
    for (const where of ["totp/offer", "totp/remove", "passkeys/options", "passkeys/x/remove"])
      expect(await visitor.post(`/api/v1/account/${where}`, proof)).toMatchObject({
        status: 401,
        body: { code: "sign-in" },
      });
    expect(await visitor.ask("GET", "/api/v1/account/second-factors")).toMatchObject({ status: 401 });
  });
});

describe("sign-in by an issuer", () => {
  const map = async (browser: Browser, more: object = {}) =>
    browser.post("/api/v1/role-mappings", {
      claim: "groups",
      value: "ops",
      role: "operator",
      scopes: [{ city: "hangzhou", districts: "*" }],
      ...more,
    });
  /** Goes to the issuer and back. */
  async function through(who: string, browser = new Browser(), to = "/wall/hangzhou/overview?lang=en") {
    const start = await browser.ask("GET", `/api/v1/oidc/start?to=${encodeURIComponent(to)}`);
    expect(start.status).toBe(302);
    const back = await throughIssuer(start.location ?? "", who);
    expect(back.origin + back.pathname).toBe(`http://${NAME}:${port}/api/v1/oidc/callback`);
    return { browser, back: back.pathname + back.search, came: await browser.ask("GET", back.pathname + back.search) };
  }

  it("lets in whom a mapping fits, to the page that was asked for, and ends with the mapping", async () => {
    const admin = await chief();
    expect(await map(admin, { scopes: [{ city: "atlantis", districts: "*" }] })).toMatchObject({
      status: 400,
      body: { field: "scopes[0].city" },
    });
    expect(await map(admin, { role: "king" })).toMatchObject({ status: 400, body: { field: "role" } });
    const made = (await map(admin)).body as unknown as RoleMappingOut;
    expect(await map(admin)).toMatchObject({ status: 409, body: { code: "taken", field: "value" } });
    expect((await admin.ask("GET", "/api/v1/role-mappings")).body).toEqual({ issuer: "City ID", mappings: [made] });

    const { browser, came, back } = await through("7");
    expect(came).toMatchObject({ status: 302, location: "/wall/hangzhou/overview?lang=en" });
    expect(came.set.join("\n")).toMatch(
      /^citywall-oidc=; .*Max-Age=0.*\ncitywall-session=[\w-]{43}; Path=\/; .*HttpOnly; SameSite=Lax/,
    );
    expect(await browser.me()).toMatchObject({
      name: "oda",
      title: "Oda",
      role: "operator",
      scopes: [{ city: "hangzhou" }],
    });
    // Once, and by no other browser.
    expect(await browser.ask("GET", back)).toMatchObject({ status: 302, location: "/sign-in?refused=issuer-refused" });
    expect(await new Browser().ask("GET", back)).toMatchObject({
      status: 302,
      location: "/sign-in?refused=issuer-refused",
    });
    // It has no factors here.
    expect((await browser.ask("GET", "/api/v1/account/second-factors")).body).toMatchObject({ local: false });
    expect(await browser.post("/api/v1/account/totp/offer", proof)).toMatchObject({ status: 409 });
    expect(await map(browser)).toMatchObject({ status: 403 });

    expect(await admin.ask("DELETE", `/api/v1/role-mappings/${made.id}`)).toMatchObject({ status: 200 });
    expect(await browser.me()).toMatchObject({ kind: "anonymous" });
    expect((await through("7")).came).toMatchObject({ status: 302, location: "/sign-in?refused=issuer-unknown" });
  });

  it("lets nobody in whom none fits, and leads nobody to another site", async () => {
    await map(await chief());
    const { came, browser } = await through("8");
    expect(came.location).toBe("/sign-in?refused=issuer-unknown");
    expect(await browser.me()).toMatchObject({ kind: "anonymous" });
    expect((await through("7", undefined, "//evil.example/")).came.location).toBe("/");
    const denied = await new Browser().ask("GET", "/api/v1/oidc/callback?error=access_denied");
    expect(denied.location).toBe("/sign-in?refused=issuer-refused");
  });

  it("says where there is none", async () => {
    await gateway.close();
    const data = path.join(site.folder, `factors-${count++}`);
    control = await controlHere({ data });
    gateway = await site.open({ data, control, closed: true, screenTopics, port });
    const visitor = new Browser();
    expect((await visitor.ask("GET", "/api/v1/session/ways")).body).toEqual({ passkey: true, oidc: null });
    expect(await visitor.ask("GET", "/api/v1/oidc/start")).toMatchObject({ status: 404, body: { code: "not-there" } });
    expect(await visitor.ask("GET", "/api/v1/oidc/callback")).toMatchObject({ status: 404 });
  });
});
