import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { lines } from "../audit";
import type { Control } from "../context";
import { METHODS } from "../methods";
import { ControlRefusal } from "../refusal";
import { ENGINES, TestControl } from "../test-engines";
import { nameIn, titleIn } from "./accounts";
import { isIssuerAddress } from "./address";
import { Issuer, type OidcSettings } from "./issuer";
import { CLIENT, startIssuer, throughIssuer, type TestIssuer } from "./test-issuer";

const REDIRECT = "http://127.0.0.1:3000/api/v1/oidc/callback";
const from = { address: "10.0.0.7", agent: "test", before: null };
const by = { who: "command root", address: "" };
const PEOPLE = {
  "1001": { name: "王小明", preferred_username: "Wang.XM", groups: ["ops", "all"] },
  "1002": { name: "Eve", preferred_username: "eve", groups: ["kitchen"] },
  "1003": { name: "Ada", preferred_username: "ada", groups: ["all"] },
};

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer([REDIRECT], PEOPLE);
});
afterAll(() => issuer.stop());

function settings(more: Partial<OidcSettings> = {}): OidcSettings {
  const { client_id: clientId, client_secret: clientSecret } = CLIENT;
  const scope = "openid profile groups";
  return { issuer: issuer.address, clientId, clientSecret, scope, title: "City ID", ...more };
}

describe("an issuer's address", () => {
  it.each([
    "https://id.example.org",
    "https://id.example.org/realms/city",
    "http://127.0.0.1:8080",
    "http://[::1]/",
    "http://localhost:9",
  ])("may be %s", (address) => expect(isIssuerAddress(address)).toBe(true));
  it.each([
    "http://id.example.org",
    "http://10.0.0.7",
    "https://a:b@id.example.org",
    "https://id.example.org/?a",
    "ftp://127.0.0.1",
    "id",
    "http://127.0.0.1.evil.example",
  ])("may not be %s", (address) => expect(isIssuerAddress(address)).toBe(false));
});

describe("somebody's name", () => {
  it.each([
    [{ preferred_username: "Wang.XM" }, "wang.xm"],
    [{ email: "ada@example.org" }, "ada@example.org"],
    [{ preferred_username: " -- ", sub: "x" }, "somebody"],
    [{ preferred_username: "CORP\\ada" }, "corp-ada"],
    [{ preferred_username: 7, sub: "u7" }, "u7"],
    [{ preferred_username: "a".repeat(500) }, "a".repeat(64)],
  ])("of %j is %s", (claims, name) => expect(nameIn(claims)).toBe(name));

  it("is shown as the issuer writes it, where that is a plain text", () => {
    expect(titleIn({ name: "王小明" }, "wang")).toBe("王小明");
    expect(titleIn({ name: "a\u0000b" }, "wang")).toBe("wang");
    expect(titleIn({}, "wang")).toBe("wang");
    expect(titleIn({ name: "x".repeat(500) }, "wang")).toBe("x".repeat(80));
  });
});

describe.each(ENGINES)("sign-in by an issuer, %s", (engine) => {
  let place: TestControl;
  let control: Control;
  beforeEach(async () => {
    place = await TestControl.open(engine);
    control = { db: place.db, now: () => Date.now(), issuer: new Issuer(settings()) };
    await issuer.tell(PEOPLE);
  });
  afterEach(() => place.drop());

  const map = (value: string, role: "viewer" | "operator" | "administrator", city = "*") =>
    METHODS.addRoleMapping(control, {
      by,
      mapping: { claim: "groups", value, role, scopes: [{ city, districts: "*" }] },
    });
  async function begin(to = "/") {
    const begun = await METHODS.oidcBegin(control, { redirectUri: REDIRECT, to });
    if (begun.kind === "away") throw new Error("the issuer is away");
    return begun;
  }
  async function signIn(who: string, to = "/") {
    const { url, secret } = await begin(to);
    const back = await throughIssuer(url, who);
    return METHODS.oidcFinish(control, { secret, query: back.search, ...from });
  }
  const accounts = () => control.db.selectFrom("account").selectAll().orderBy("created").execute();

  it("sends a browser there with PKCE, state and nonce, none of which it keeps", async () => {
    const { url, secret } = await begin();
    const asked = new URL(url);
    expect(asked.origin).toBe(issuer.address);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      client_id: "citywall",
      redirect_uri: REDIRECT,
      response_type: "code",
      scope: "openid profile groups",
      code_challenge_method: "S256",
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    expect(url).not.toContain(secret);
    expect(url).not.toContain(CLIENT.client_secret);
  });

  it("lets in whom a mapping fits, with its rights, and asks anew each time", async () => {
    await map("all", "viewer");
    const operator = await map("ops", "operator", "hangzhou");
    expect(await signIn("1001", "/wall/hangzhou/overview")).toMatchObject({
      kind: "signed-in",
      to: "/wall/hangzhou/overview",
    });
    const [account] = await accounts();
    expect(account).toMatchObject({
      name: "wang.xm",
      title: "王小明",
      role: "operator",
      scopes: '[{"city":"hangzhou","districts":"*"}]',
      password: null,
      oidc: `${issuer.address} 1001`,
    });
    const [session] = await control.db.selectFrom("session").selectAll().execute();
    expect(session).toMatchObject({ account: account?.id, method: "oidc", address: "10.0.0.7" });

    await issuer.tell({ "1001": { ...PEOPLE["1001"], name: "王晓明", groups: ["all"] } });
    expect(await signIn("1001")).toMatchObject({ kind: "signed-in", to: "/" });
    expect(await accounts()).toMatchObject([
      { name: "wang.xm", title: "王晓明", role: "viewer", scopes: '[{"city":"*","districts":"*"}]' },
    ]);

    // Whoever came by it has to come again once a mapping is gone.
    await METHODS.removeRoleMapping(control, { by, id: operator.id });
    expect(await control.db.selectFrom("session").selectAll().execute()).toEqual([]);
    const actions = (await lines(control.db)).reverse().map(({ action, who }) => `${who}: ${action}`);
    expect(actions).toEqual([
      "command root: mapping.add",
      "command root: mapping.add",
      "issuer: account.create",
      "account wang.xm: session.begin",
      "issuer: account.change",
      "account wang.xm: session.begin",
      "command root: mapping.remove",
    ]);
  });

  it("says itself how many factors it asked for, and is refused where it says one and more is demanded", async () => {
    await map("all", "viewer");
    await map("ops", "administrator");
    const tell = (amr?: string[]) =>
      issuer.tell({ "1001": { ...PEOPLE["1001"], amr }, "1003": { ...PEOPLE["1003"], amr } });
    const demand = (secondFactor: "editors" | "everybody") =>
      METHODS.setSignInPolicy(control, { by, session: null, secondFactor });
    await tell(["pwd"]);
    const before = await signIn("1001");
    if (before.kind !== "signed-in") throw new Error(before.kind);
    const known = (secret: string) => METHODS.accountOf(control, { hash: hash("sha256", secret) });
    expect(await known(before.session.secret)).toMatchObject({ name: "wang.xm" });
    await demand("editors");
    // Whoever had signed in so has to come again, and is not asked for a second factor here.
    expect(await known(before.session.secret)).toBeNull();
    expect(await signIn("1001")).toEqual({ kind: "one-factor" });
    expect(await signIn("1003")).toMatchObject({ kind: "signed-in" });
    await tell(["pwd", "otp", "mfa"]);
    const both = await signIn("1001");
    if (both.kind !== "signed-in") throw new Error(both.kind);
    expect(await known(both.session.secret)).toMatchObject({ name: "wang.xm" });
    expect(await known(both.session.secret)).not.toHaveProperty("enrolling");
    // One that says nothing of it is believed.
    await tell();
    await demand("everybody");
    expect(await signIn("1003")).toMatchObject({ kind: "signed-in" });
    const refused = await lines(control.db, { action: "session.refuse" });
    expect(refused).toMatchObject([{ object: "account wang.xm", detail: '{"why":"one factor"}' }]);
  });

  it("lets nobody in without a mapping, and out whom none fits any more", async () => {
    expect(await signIn("1001")).toEqual({ kind: "unknown" });
    await map("ops", "viewer");
    expect(await signIn("1002")).toEqual({ kind: "unknown" });
    expect(await accounts()).toEqual([]);
    expect(await signIn("1001")).toMatchObject({ kind: "signed-in" });
    await issuer.tell({ "1001": { ...PEOPLE["1001"], groups: [] } });
    expect(await signIn("1001")).toEqual({ kind: "unknown" });
    expect(await control.db.selectFrom("session").selectAll().execute()).toEqual([]);
  });

  it("gives no session by a mapping that is taken away while somebody signs in by it", async () => {
    const mapping = await map("ops", "viewer");
    const { db } = control;
    let isTaken = false;
    /** Takes the mapping away, another process as it were, once the account is made and before its session is. */
    const meanwhile = async (): Promise<void> => {
      if (isTaken || (await accounts()).length === 0) return;
      isTaken = true;
      await METHODS.removeRoleMapping({ ...control, db }, { by, id: mapping.id });
    };
    const execute: ReturnType<typeof db.transaction>["execute"] = async (steps) => {
      await meanwhile();
      return db.transaction().execute(steps);
    };
    control.db = new Proxy(db, {
      get: (target, name) => {
        const member = Reflect.get(target, name, target) as unknown;
        if (name === "transaction") return () => ({ execute });
        return typeof member === "function" ? (member.bind(target) as unknown) : member;
      },
    });
    expect(await signIn("1001")).toEqual({ kind: "unknown" });
    expect(isTaken).toBe(true);
    expect(await accounts()).toHaveLength(1);
    expect(await db.selectFrom("session").selectAll().execute()).toEqual([]);
  });

  it("lets nobody in who is disabled here", async () => {
    await map("ops", "viewer");
    await signIn("1001");
    await control.db.updateTable("account").set({ disabled: 1 }).execute();
    expect(await signIn("1001")).toEqual({ kind: "unknown" });
    expect(await accounts()).toMatchObject([{ disabled: 1 }]);
  });

  it("never takes over an account of the same name", async () => {
    await map("all", "administrator");
    const local = { password: "x", totp: null, totp_step: null, oidc: null, disabled: 0 as const };
    const row = { id: "local", name: "ada", title: "Ada", role: "viewer", scopes: "[]", created: 0, ...local };
    await control.db.insertInto("account").values(row).execute();
    await signIn("1003");
    expect(await accounts()).toMatchObject([
      { id: "local", name: "ada", role: "viewer", password: "x" },
      { name: "ada-2", role: "administrator", password: null },
    ]);
  });

  it("takes an answer once, of the browser that was sent, and unchanged", async () => {
    await map("ops", "viewer");
    const { url, secret } = await begin();
    const { search } = await throughIssuer(url, "1001");
    const other = await begin();
    // Another browser's secret: the state is not the one that it was sent with.
    expect(await METHODS.oidcFinish(control, { secret: other.secret, query: search, ...from })).toEqual({
      kind: "refused",
    });
    const wrong = new URLSearchParams(search);
    wrong.set("code", "made-up");
    expect(await METHODS.oidcFinish(control, { secret: "made-up", query: search, ...from })).toEqual({
      kind: "refused",
    });
    expect(await METHODS.oidcFinish(control, { secret, query: search, ...from })).toMatchObject({ kind: "signed-in" });
    expect(await METHODS.oidcFinish(control, { secret, query: search, ...from })).toEqual({ kind: "refused" });
    // The right browser and the right code, but not what it was sent with.
    const changed = await begin();
    const came = new URLSearchParams((await throughIssuer(changed.url, "1001")).search);
    came.set("state", "made-up");
    expect(await METHODS.oidcFinish(control, { secret: changed.secret, query: came.toString(), ...from })).toEqual({
      kind: "refused",
    });
    const again = await begin();
    wrong.set("state", new URL(again.url).searchParams.get("state") ?? "");
    expect(await METHODS.oidcFinish(control, { secret: again.secret, query: wrong.toString(), ...from })).toEqual({
      kind: "refused",
    });
    const denied = await begin();
    const state = new URL(denied.url).searchParams.get("state") ?? "";
    const query = `error=access_denied&state=${state}&iss=${encodeURIComponent(issuer.address)}`;
    expect(await METHODS.oidcFinish(control, { secret: denied.secret, query, ...from })).toEqual({ kind: "refused" });
    expect(await accounts()).toHaveLength(1);
  });

  it("refuses a mapping that is there already, and one that is not", async () => {
    await map("ops", "viewer");
    await expect(map("ops", "viewer")).rejects.toMatchObject({ code: "taken" });
    await expect(METHODS.removeRoleMapping(control, { by, id: "none" })).rejects.toThrow(ControlRefusal);
    expect(await METHODS.roleMappings(control, {})).toMatchObject([{ claim: "groups", value: "ops", role: "viewer" }]);
  });

  it("has nothing to do without an issuer", async () => {
    const bare = { db: control.db, now: control.now };
    expect(await METHODS.issuerTitle(bare, {})).toBeNull();
    expect(await METHODS.issuerTitle(control, {})).toBe("City ID");
    expect(() => METHODS.oidcBegin(bare, { redirectUri: REDIRECT, to: "/" })).toThrow(ControlRefusal);
  });
});

describe("an issuer that cannot be asked", () => {
  let place: TestControl;
  beforeEach(async () => {
    place = await TestControl.open("embedded");
  });
  afterEach(() => place.drop());

  const controlOf = (more: Partial<OidcSettings>): Control => ({
    db: place.db,
    now: Date.now,
    issuer: new Issuer(settings(more)),
  });

  it("is away, and is asked again the next time", async () => {
    const closed: Server = createServer();
    await new Promise<void>((resolve) => void closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const control = controlOf({ issuer: `http://127.0.0.1:${port}` });
    expect(await METHODS.oidcBegin(control, { redirectUri: REDIRECT, to: "/" })).toEqual({ kind: "away" });

    const fake = createServer((_request, response) => {
      const at = `http://127.0.0.1:${port}`;
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          issuer: at,
          authorization_endpoint: `${at}/auth`,
          token_endpoint: `${at}/token`,
          jwks_uri: `${at}/jwks`,
        }),
      );
    });
    await new Promise<void>((resolve) => void fake.listen(port, "127.0.0.1", resolve));
    expect(await METHODS.oidcBegin(control, { redirectUri: REDIRECT, to: "/" })).toMatchObject({ kind: "asked" });
    await new Promise((resolve) => fake.close(resolve));
  });

  it.each([
    ["leads elsewhere without TLS", { token_endpoint: "http://id.example.org/token" }],
    ["calls itself something else", { issuer: "https://id.example.org" }],
    ["answers with no JSON", null],
  ])("is away where it %s", async (_what, wrong) => {
    const fake = createServer((_request, response) => {
      const { port } = fake.address() as AddressInfo;
      const at = `http://127.0.0.1:${port}`;
      const right = {
        issuer: at,
        authorization_endpoint: `${at}/auth`,
        token_endpoint: `${at}/token`,
        jwks_uri: `${at}/jwks`,
      };
      response.setHeader("content-type", wrong === null ? "text/html" : "application/json");
      response.end(wrong === null ? "<p>" : JSON.stringify({ ...right, ...wrong }));
    });
    await new Promise<void>((resolve) => void fake.listen(0, "127.0.0.1", resolve));
    const { port } = fake.address() as AddressInfo;
    const begun = await METHODS.oidcBegin(controlOf({ issuer: `http://127.0.0.1:${port}` }), {
      redirectUri: REDIRECT,
      to: "/",
    });
    expect(begun).toEqual({ kind: "away" });
    await new Promise((resolve) => fake.close(resolve));
  });

  it("refuses who has another secret than the issuer knows", async () => {
    const control = controlOf({ clientSecret: "another one" });
    const begun = await METHODS.oidcBegin(control, { redirectUri: REDIRECT, to: "/" });
    if (begun.kind === "away") throw new Error("the issuer is away");
    const { search } = await throughIssuer(begun.url, "1001");
    expect(await METHODS.oidcFinish(control, { secret: begun.secret, query: search, ...from })).toEqual({
      kind: "refused",
    });
  });
});
