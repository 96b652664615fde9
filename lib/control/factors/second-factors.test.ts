import { randomUUID } from "node:crypto";
import { TOTP, Secret } from "otpauth";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lines } from "../audit";
import { changing, type Control } from "../context";
import { METHODS } from "../methods";
import { hashPassword } from "../people/passwords";
import { hasSecondFactor, isSecondFactor, SECOND_FACTORS } from "../people/second-factors";
import { ENGINES, TestControl } from "../test-engines";
import type { AccountRow } from "../tables";
import { ANSWERED_WITHIN, asked, challenge, takeAsked } from "./challenges";
import { TestAuthenticator } from "./test-authenticator";
import { newTotp, stepOf } from "./totp";

const PASSWORD = "a horse that counts stairs";
const STEP = 30_000;
const site = { id: "wall.example", origin: "https://wall.example" };
const from = { address: "10.0.0.7", agent: "test", before: null };
const network = "10.0.0.7";

const codeOf = (secret: string, at: number): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: at });

describe("codes", () => {
  it("has a secret of 160 bits that an app takes from one address", () => {
    const { secret, uri } = newTotp("ada");
    expect(Secret.fromBase32(secret).bytes).toHaveLength(20);
    expect(newTotp("ada").secret).not.toBe(secret);
    const read = new URL(uri);
    expect(`${read.protocol}//${read.host}${read.pathname}`).toBe("otpauth://totp/Citywall:ada");
    expect(read.searchParams.get("secret")).toBe(secret);
  });

  it("is that of RFC 6238, appendix B, one step before and after as well", () => {
    const secret = new Secret({ buffer: new TextEncoder().encode("12345678901234567890").buffer }).base32;
    // The last six digits of its eight.
    expect(stepOf(secret, "287082", 59_000)).toBe(1);
    expect(stepOf(secret, "287 082", 59_000)).toBe(1);
    expect(stepOf(secret, "287082", 89_000)).toBe(1);
    expect(stepOf(secret, "287082", 29_000)).toBe(1);
    expect(stepOf(secret, "287082", 90_000)).toBeNull();
    for (const wrong of ["", "28708", "2870820", "28708x", "２８７０８２", "-87082"])
      expect(stepOf(secret, wrong, 59_000)).toBeNull();
  });
});

describe.each(ENGINES)("second factors, %s", (engine) => {
  let place: TestControl;
  let control: Control;
  let at: number;
  let account: AccountRow;
  const by = () => ({ who: `account ${account.name}`, address: "10.0.0.7" });
  const own = () => ({ account: account.id, by: by(), ...from });
  const proof = { current: PASSWORD, network };

  async function make(name: string, more: Partial<AccountRow> = {}): Promise<AccountRow> {
    const row: AccountRow = {
      id: randomUUID(),
      name,
      title: name,
      role: "viewer",
      scopes: "[]",
      password: await hashPassword(PASSWORD),
      totp: null,
      totp_step: null,
      oidc: null,
      disabled: 0,
      created: at,
      ...more,
    };
    await control.db.insertInto("account").values(row).execute();
    return row;
  }
  const now = () => control.db.selectFrom("account").selectAll().where("id", "=", account.id).executeTakeFirstOrThrow();

  beforeEach(async () => {
    place = await TestControl.open(engine);
    at = 1_764_586_800_000;
    control = { db: place.db, now: () => at };
    account = await make("ada");
  });
  afterEach(() => place.drop());

  it("asks something once, of whom it was asked of, for five minutes", async () => {
    const answered = { kind: "totp", account: account.id, secret: "" } as const;
    const secret = await challenge(control, { ...answered, value: "what" });
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(await control.db.selectFrom("challenge").selectAll().execute())).not.toContain(secret);
    expect(await asked(control, { ...answered, secret: "other" })).toBeNull();
    expect(await takeAsked(control, { ...answered, account: null, secret })).toBeNull();
    expect(await takeAsked(control, { ...answered, kind: "oidc", secret })).toBeNull();
    expect(await asked(control, { ...answered, secret })).toBe("what");
    const both = await Promise.all([1, 2].map(() => takeAsked(control, { ...answered, secret })));
    expect(both.filter((value) => value !== null)).toEqual(["what"]);
    const late = await challenge(control, { ...answered, value: "late" });
    at += ANSWERED_WITHIN;
    expect(await takeAsked(control, { ...answered, secret: late })).toBeNull();
    await challenge(control, { ...answered, value: "next" });
    expect(await control.db.selectFrom("challenge").select("value").execute()).toEqual([{ value: "next" }]);
  });

  it("asks for codes once one came, and none counts twice", async () => {
    const { offer, secret } = await METHODS.offerTotp(control, { account: account.id, proof });
    expect(await hasSecondFactor(control, await now())).toBe(false);
    const wrong = codeOf(secret, at + 40 * STEP);
    await expect(METHODS.acceptTotp(control, { ...own(), offer, code: wrong })).rejects.toMatchObject({
      field: "code",
    });
    const other = await make("eve");
    const stolen = { ...own(), account: other.id, offer, code: codeOf(secret, at) };
    await expect(METHODS.acceptTotp(control, stolen)).rejects.toMatchObject({ code: "expired", field: "offer" });
    await METHODS.acceptTotp(control, { ...own(), offer, code: codeOf(secret, at) });
    await expect(METHODS.acceptTotp(control, { ...own(), offer, code: codeOf(secret, at) })).rejects.toMatchObject({
      code: "expired",
    });
    expect(await hasSecondFactor(control, await now())).toBe(true);

    const isRight = async (code: string): Promise<boolean> => isSecondFactor(control, await now(), code);
    // The one it began with was used.
    expect(await isRight(codeOf(secret, at))).toBe(false);
    at += STEP;
    const row = await now();
    const twice = await Promise.all([1, 2].map(() => isSecondFactor(control, row, codeOf(secret, at))));
    expect([...twice].sort()).toEqual([false, true]);
    // A later one counts at once, and none before it after that.
    expect(await isRight(codeOf(secret, at + STEP))).toBe(true);
    expect(await isRight(codeOf(secret, at))).toBe(false);
    const told = (await lines(control.db)).map(({ who, action, object, detail }) => ({ who, action, object, detail }));
    expect(told).toContainEqual({
      who: "account ada",
      action: "factor.add",
      object: "account ada",
      detail: '{"factor":"totp","again":false}',
    });
    expect(JSON.stringify(await lines(control.db))).not.toContain(secret);
  });

  it("is asked of another phone once a code of that came, and of the one before until then", async () => {
    const first = await METHODS.offerTotp(control, { account: account.id, proof });
    await METHODS.acceptTotp(control, { ...own(), offer: first.offer, code: codeOf(first.secret, at) });
    const second = await METHODS.offerTotp(control, { account: account.id, proof });
    at += 2 * STEP;
    const isRight = async (secret: string) => isSecondFactor(control, await now(), codeOf(secret, at));
    expect([await isRight(second.secret), await isRight(first.secret)]).toEqual([false, true]);
    await METHODS.acceptTotp(control, { ...own(), offer: second.offer, code: codeOf(second.secret, at) });
    at += 2 * STEP;
    expect([await isRight(first.secret), await isRight(second.secret)]).toEqual([false, true]);
  });

  it("is taken away with the password or a code, and with neither not", async () => {
    const { secret } = newTotp("ada");
    const set = () =>
      control.db.updateTable("account").set({ totp: secret, totp_step: null }).where("id", "=", account.id).execute();
    await set();
    const remove = (proof: object) => METHODS.removeTotp(control, { ...own(), proof: { network, ...proof } });
    await expect(remove({ current: "a horse that counts chairs" })).rejects.toMatchObject({
      code: "no-right",
      field: "current",
    });
    await expect(remove({ code: codeOf(secret, at + 40 * STEP) })).rejects.toMatchObject({
      code: "no-right",
      field: "code",
    });
    await expect(remove({})).rejects.toMatchObject({ code: "no-right" });
    expect((await now()).totp).toBe(secret);
    await remove({ code: codeOf(secret, at) });
    expect(await now()).toMatchObject({ totp: null, totp_step: null });
    await set();
    await remove({ current: PASSWORD });
    expect((await now()).totp).toBeNull();
  });

  it("slows down who guesses at a page that was left open", async () => {
    const guess = () => METHODS.removeTotp(control, { ...own(), proof: { current: "guess", network } });
    const codes = new Set<string>();
    for (let i = 0; i < 10; i++) await guess().catch(({ code }: { code: string }) => codes.add(code));
    expect([...codes]).toEqual(["no-right", "locked"]);
    // The owner elsewhere is not kept out.
    await METHODS.offerTotp(control, { account: account.id, proof: { current: PASSWORD, network: "10.0.1.1" } });
  });

  it("is asked for at sign-in with the password", async () => {
    const { secret } = newTotp("ada");
    await control.db.updateTable("account").set({ totp: secret }).where("id", "=", account.id).execute();
    const typed = { name: "ada", password: PASSWORD, network, ...from };
    expect(await METHODS.signIn(control, typed)).toEqual({ kind: "second-factor" });
    expect(await METHODS.signIn(control, { ...typed, password: "wrong", code: codeOf(secret, at) })).toEqual({
      kind: "refused",
    });
    expect(await METHODS.signIn(control, { ...typed, code: "000000" })).toEqual({ kind: "second-factor" });
    expect(await METHODS.signIn(control, { ...typed, code: codeOf(secret, at) })).toMatchObject({ kind: "in" });
    expect(await METHODS.signIn(control, { ...typed, code: codeOf(secret, at) })).toEqual({ kind: "second-factor" });
    expect((await control.db.selectFrom("session").select("method").execute()).map(({ method }) => method)).toEqual([
      "totp",
    ]);
  });

  describe("passkeys", () => {
    async function add(authenticator = new TestAuthenticator(), wrong: object = {}) {
      const { challenge } = await METHODS.passkeyOptions(control, { account: account.id, proof, site });
      const response = authenticator.make({ challenge, origin: site.origin, rpId: site.id, ...wrong });
      await METHODS.addPasskey(control, { ...own(), site, title: "the grey one", response });
      return authenticator;
    }
    async function signIn(authenticator: TestAuthenticator, wrong: object = {}, holder = account.id) {
      const { challenge } = await METHODS.passkeyQuestion(control, { site });
      const response = authenticator.answer({ challenge, origin: site.origin, rpId: site.id, ...wrong }, holder);
      return METHODS.passkeySignIn(control, { site, response, ...from });
    }

    it("is made, listed, signed in with and removed", async () => {
      const options = await METHODS.passkeyOptions(control, { account: account.id, proof, site });
      expect(options).toMatchObject({
        rp: { id: "wall.example" },
        user: { name: "ada", displayName: "ada" },
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
      });
      const authenticator = await add();
      expect(await METHODS.secondFactors(control, { account: account.id })).toMatchObject({
        totp: false,
        local: true,
        passkeys: [{ title: "the grey one", created: at, used: null }],
      });
      at += 1_000;
      const found = await signIn(authenticator);
      expect(found).toMatchObject({ name: "ada", session: { expires: expect.any(Number) as number } });
      const [session] = await control.db.selectFrom("session").selectAll().execute();
      expect(session).toMatchObject({ account: account.id, method: "passkey" });
      const [passkey] = (await METHODS.secondFactors(control, { account: account.id })).passkeys;
      expect(passkey?.used).toBe(at);
      const gone = { ...own(), proof, id: passkey?.id ?? "" };
      const wrong = { ...gone, proof: { current: "guess", network } };
      await expect(METHODS.removePasskey(control, wrong)).rejects.toMatchObject({ field: "current" });
      const eve = { ...gone, account: (await make("eve")).id };
      await expect(METHODS.removePasskey(control, eve)).rejects.toMatchObject({ code: "unknown" });
      await METHODS.removePasskey(control, gone);
      for (const unknown of [gone, { ...gone, id: "a\0b" }])
        await expect(METHODS.removePasskey(control, unknown)).rejects.toMatchObject({ code: "unknown", field: "id" });
      expect(await signIn(authenticator)).toBeNull();
      const actions = (await lines(control.db)).map(({ action }) => action);
      // That a passkey was refused is told by the gateway, which folds it.
      expect(actions).toEqual(["factor.remove", "session.begin", "session.begin", "factor.add"]);
    });

    it("does not ask who has one for a code: the password alone goes on", async () => {
      await add();
      expect(await hasSecondFactor(control, await now())).toBe(false);
    });

    it.each([
      ["of another site", { origin: "https://evil.example" }],
      ["without TLS", { origin: "http://wall.example" }],
      ["for another site", { rpId: "evil.example" }],
      ["of a holder who did not prove himself to it", { verified: false }],
      ["to what nobody asked", { challenge: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }],
    ])("takes no answer %s", async (_what, wrong) => {
      await expect(add(undefined, wrong)).rejects.toMatchObject({ code: "challenge" in wrong ? "expired" : "invalid" });
      expect(await control.db.selectFrom("passkey").selectAll().execute()).toEqual([]);
      const authenticator = await add();
      expect(await signIn(authenticator, wrong)).toBeNull();
      expect(await signIn(authenticator)).not.toBeNull();
    });

    it("takes an answer once, and none of a copy whose counter is behind", async () => {
      const authenticator = await add();
      const { challenge } = await METHODS.passkeyQuestion(control, { site });
      const response = authenticator.answer({ challenge, origin: site.origin, rpId: site.id });
      const both = await Promise.all([1, 2].map(() => METHODS.passkeySignIn(control, { site, response, ...from })));
      expect(both.filter((found) => found !== null)).toHaveLength(1);
      authenticator.counter -= 2;
      expect(await signIn(authenticator)).toBeNull();
    });

    it("signs nobody else in: not by another's signature, nor under another's name, nor who is disabled", async () => {
      const authenticator = await add();
      await control.db.deleteFrom("session").execute();
      const stranger = new TestAuthenticator();
      expect(await signIn(stranger)).toBeNull();
      stranger.id.set(authenticator.id);
      expect(await signIn(stranger)).toBeNull();
      expect(await signIn(authenticator, {}, (await make("eve")).id)).toBeNull();
      await control.db.updateTable("account").set({ disabled: 1 }).where("id", "=", account.id).execute();
      expect(await signIn(authenticator)).toBeNull();
      expect(await control.db.selectFrom("session").selectAll().execute()).toEqual([]);
    });

    it("is taken by nobody who has another account, and is asked of nobody else's page", async () => {
      const authenticator = await add();
      const eve = await make("eve");
      const { challenge } = await METHODS.passkeyOptions(control, { account: eve.id, proof, site });
      const response = authenticator.make({ challenge, origin: site.origin, rpId: site.id });
      const stolen = { site, title: "mine", response, by: by(), ...from };
      await expect(METHODS.addPasskey(control, { ...stolen, account: account.id })).rejects.toMatchObject({
        code: "expired",
      });
      await expect(METHODS.addPasskey(control, { ...stolen, account: eve.id })).rejects.toMatchObject({
        code: "taken",
      });
      expect((await control.db.selectFrom("passkey").select("account").execute()).map((row) => row.account)).toEqual([
        account.id,
      ]);
    });
  });

  it("goes with the password where an administrator resets it", async () => {
    const { secret } = newTotp("ada");
    await control.db.updateTable("account").set({ totp: secret, totp_step: 7 }).where("id", "=", account.id).execute();
    const key = { id: "k", public_key: "", counter: 0, transports: "[]", title: "", created: at, used: null };
    await control.db
      .insertInto("passkey")
      .values({ ...key, account: account.id })
      .execute();
    await changing(control, async ({ step }) => {
      for (const factor of SECOND_FACTORS) await factor.drop(step, account.id);
    });
    expect(await now()).toMatchObject({ totp: null, totp_step: null });
    expect(await control.db.selectFrom("passkey").selectAll().execute()).toEqual([]);
  });

  it("has none where another system signs in", async () => {
    account = await make("oda", { password: null, oidc: "https://issuer.example 1" });
    await expect(METHODS.offerTotp(control, { account: account.id, proof })).rejects.toMatchObject({ code: "refused" });
    await expect(METHODS.passkeyOptions(control, { account: account.id, proof, site })).rejects.toMatchObject({
      code: "refused",
    });
  });
});
