import { Secret, TOTP } from "otpauth";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVERYWHERE } from "../../contract/rights";
import { lines } from "../audit";
import { CODE_LETTERS } from "../letters";
import { BROWSER, makeAccount, PASSWORD, sha256 } from "../people/test-accounts";
import { BY, ENGINES, TestControl } from "../test-engines";

const network = BROWSER.address;
const proof = { current: PASSWORD, network };

describe.each(ENGINES)("recovery codes, %s", (engine) => {
  let control: TestControl;
  let id: string;
  const own = () => ({ account: id, by: { who: "account ada", address: network }, ...BROWSER });
  const make = async () => (await control.call("makeRecoveryCodes", { ...own(), proof })).codes;
  const left = async () => (await control.call("secondFactors", { account: id })).recoveryCodes;
  const signIn = (more: object = {}) =>
    control.call("signIn", { name: "ada", password: PASSWORD, network, ...BROWSER, ...more });

  async function setUpCodes(): Promise<void> {
    const { offer, secret } = await control.call("offerTotp", { account: id, proof });
    const code = TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: control.clock });
    await control.call("acceptTotp", { ...own(), offer, code });
  }

  beforeEach(async () => {
    control = await TestControl.open(engine);
    ({ id } = await makeAccount(control, "ada"));
  });
  afterEach(() => control.drop());

  it("are ten by chance, kept as slow hashes alone, and in no log", async () => {
    await setUpCodes();
    const codes = await make();
    expect(codes).toHaveLength(10);
    expect(new Set(codes).size).toBe(10);
    const group = `[${CODE_LETTERS}]{4}`;
    for (const code of codes) expect(code).toMatch(new RegExp(`^${group}-${group}-${group}$`));
    const rows = await control.db.selectFrom("recovery_code").selectAll().execute();
    expect(rows).toHaveLength(10);
    const kept = JSON.stringify([rows, await lines(control.db)]);
    for (const code of codes) {
      expect(kept).not.toContain(code);
      expect(kept).not.toContain(code.replaceAll("-", ""));
      expect(kept).not.toContain(sha256(code.replaceAll("-", "")));
    }
    // 128 bits of salt, and another one each time.
    const salts = new Set(rows.map(({ salt }) => salt));
    expect([...salts].map((salt) => Buffer.from(salt, "base64url").length)).toEqual([16]);
    await make();
    const [after] = await control.db.selectFrom("recovery_code").select("salt").execute();
    expect(salts).not.toContain(after?.salt);
  });

  it("let in once each in the place of a code, however they are typed, and are counted", async () => {
    await setUpCodes();
    const [first = "", second = "", third = ""] = await make();
    expect(await left()).toBe(10);
    expect(await signIn({ code: first })).toMatchObject({ kind: "in", name: "ada" });
    expect(await left()).toBe(9);
    expect(await signIn({ code: first })).toEqual({ kind: "second-factor" });
    expect(await signIn({ code: ` ${second.toLowerCase().replaceAll("-", " ")} ` })).toMatchObject({ kind: "in" });
    const both = await Promise.all([1, 2].map(() => signIn({ code: third })));
    expect(both.map(({ kind }) => kind).sort()).toEqual(["in", "second-factor"]);
    expect(await left()).toBe(7);
    const begun = await lines(control.db, { action: "session.begin" });
    expect(begun.filter(({ detail }) => detail.includes('"recovery"'))).toHaveLength(3);
  });

  it("are whole: they stand for the second factor where one is demanded", async () => {
    await setUpCodes();
    const [first = ""] = await make();
    await control.call("setSignInPolicy", { by: BY, session: null, secondFactor: "everybody" });
    const found = await signIn({ code: first });
    if (found.kind !== "in") throw new Error(found.kind);
    const known = await control.call("accountOf", { hash: sha256(found.session.secret) });
    expect(known).toMatchObject({ name: "ada" });
    expect(known).not.toHaveProperty("enrolling");
  });

  it("are of no use without the right password, and are answered for as a code is", async () => {
    await setUpCodes();
    const [first = ""] = await make();
    expect(await signIn({ password: "seven brown foxes at night", code: first })).toEqual({ kind: "refused" });
    expect(await signIn({ name: "nobody", code: first })).toEqual({ kind: "refused" });
    expect(await left()).toBe(10);
    const { id: other } = await makeAccount(control, "eve");
    const eve = { account: other, by: { who: "account eve", address: network } };
    await expect(control.call("makeRecoveryCodes", { ...eve, proof })).rejects.toMatchObject({ field: "factor" });
  });

  it("are guessed no faster than codes", async () => {
    await setUpCodes();
    const [first = ""] = await make();
    let wait = 0;
    for (let i = 0; i < 30 && wait === 0; i++)
      await signIn({ code: `BCDF-GHJK-L${CODE_LETTERS[i % 20]}NP`, network: `10.1.${i}.1` }).catch(
        (refused: { code: string; wait: number }) => {
          expect(refused.code).toBe("locked");
          ({ wait } = refused);
        },
      );
    expect(wait).toBeGreaterThan(0);
    await expect(signIn({ code: first, network: "10.2.0.1" })).rejects.toMatchObject({ code: "locked" });
    control.clock += wait * 1_000;
    expect(await signIn({ code: first, network: "10.2.0.1" })).toMatchObject({ kind: "in" });
  });

  it("die as new ones are made, as the last second factor goes, and as the password is set anew by a link", async () => {
    await expect(make()).rejects.toMatchObject({ code: "refused", field: "factor" });
    await setUpCodes();
    const [old = ""] = await make();
    const [young = ""] = await make();
    expect(await signIn({ code: old })).toEqual({ kind: "second-factor" });
    expect(await left()).toBe(10);
    await control.call("removeTotp", { ...own(), proof });
    expect(await left()).toBe(0);
    await setUpCodes();
    expect(await signIn({ code: young })).toEqual({ kind: "second-factor" });
    await make();
    const link = await control.call("resetPerson", { by: BY, scopes: EVERYWHERE, id });
    await control.call("acceptInvitation", { ...BROWSER, hash: sha256(link.secret), password: PASSWORD });
    expect(await left()).toBe(0);
  });

  it("are made with the password alone, by whom they are of", async () => {
    await setUpCodes();
    const wrong = { ...own(), proof: { current: "seven brown foxes at night", network } };
    await expect(control.call("makeRecoveryCodes", wrong)).rejects.toMatchObject({
      code: "no-right",
      field: "current",
    });
    await expect(
      control.call("makeRecoveryCodes", { ...own(), proof: { code: "123456", network } }),
    ).rejects.toMatchObject({ code: "no-right", field: "current" });
    expect(await left()).toBe(0);
  });
});
