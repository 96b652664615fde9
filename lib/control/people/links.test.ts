import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVERYWHERE, type Scope } from "../../contract/rights";
import { BY, ENGINES, TestControl } from "../test-engines";
import { BROWSER, makeAccount, PASSWORD, sha256 } from "./test-accounts";

const LIANYUNGANG: Scope[] = [{ city: "lianyungang", districts: "*" }];
const OTHER = "nine grey herons at dusk";
const all = { by: BY, scopes: EVERYWHERE };
const gone = { code: "unknown", field: "secret" };

describe.each(ENGINES)("what proves an account, %s", (engine) => {
  let control: TestControl;
  beforeEach(async () => {
    control = await TestControl.open(engine);
    await makeAccount(control, "chief");
  });
  afterEach(() => control.drop());

  const accept = (secret: string, more: object = {}) =>
    control.call("acceptInvitation", { ...BROWSER, hash: sha256(secret), name: "eve", password: OTHER, ...more });
  const signIn = (name: string, password: string, more: object = {}) =>
    control.call("signIn", { ...BROWSER, name, password, network: "10.0.0.7", ...more });
  const madeBy = (name: string) => ({ by: { who: `account ${name}`, address: "" }, scopes: EVERYWHERE });
  const change = (id: string, to: object) => control.call("changePerson", { ...all, id, change: to });

  it.each([{ disabled: true }, { role: "viewer" as const }, { scopes: LIANYUNGANG }])(
    "is no link that somebody made who is less by now: %j",
    async (to) => {
      const { id } = await makeAccount(control, "ada");
      const own = await control.call("invite", { ...madeBy("ada"), role: "administrator", given: [...EVERYWHERE] });
      const bob = await makeAccount(control, "bob");
      const reset = await control.call("resetPerson", { ...madeBy("ada"), id: bob.id });
      await change(id, to);
      for (const { secret } of [own, reset]) await expect(accept(secret)).rejects.toMatchObject(gone);
    },
  );

  it("is no link that was made for who was less than he is now", async () => {
    const { id } = await makeAccount(control, "ada", { role: "operator", scopes: LIANYUNGANG });
    const reset = await control.call("resetPerson", { ...madeBy("bob"), scopes: LIANYUNGANG, id });
    await change(id, { role: "administrator", scopes: [...EVERYWHERE] });
    await expect(accept(reset.secret)).rejects.toMatchObject(gone);
  });

  it("is one link alone: once it was used the others are of no use", async () => {
    const { id, secret } = await makeAccount(control, "ada");
    const links = [
      await control.call("resetPerson", { ...all, id }),
      await control.call("resetPerson", { ...all, id }),
      await control.call("resetPerson", { ...all, id }),
    ];
    await accept(links[0]?.secret ?? "");
    await expect(accept(links[1]?.secret ?? "")).rejects.toMatchObject(gone);
    expect(await control.call("accountOf", { hash: sha256(secret) })).toBeNull();
  });

  it("is the password of a link, whatever somebody who knew the one before had under way", async () => {
    const { id, secret } = await makeAccount(control, "ada");
    const known = await control.call("accountOf", { hash: sha256(secret) });
    if (known?.kind !== "account") throw new Error("no session");
    const reset = await control.call("resetPerson", { ...all, id });
    const own = { by: BY, account: id, session: known.session, network: "10.0.0.9" };
    const underWay = ["one", "two", "three"].map((word) =>
      control.call("ownPassword", { ...own, current: PASSWORD, password: `${word} blue kites in the wind` }),
    );
    await Promise.allSettled([...underWay, accept(reset.secret)]);
    expect(await signIn("ada", OTHER)).toMatchObject({ kind: "in" });
  });

  it("is a code that nobody guesses from many networks, and that adds no passkey alone", async () => {
    const { id } = await makeAccount(control, "ada");
    await control.db
      .updateTable("account")
      .set({ totp: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" })
      .where("id", "=", id)
      .execute();
    for (let i = 0; i < 10; i++)
      expect(await signIn("ada", PASSWORD, { code: "abcdef", network: `10.1.${i}.0` })).toEqual({
        kind: "second-factor",
      });
    const further = signIn("ada", PASSWORD, { code: "abcdef", network: "10.2.0.0" });
    await expect(further).rejects.toMatchObject({ code: "locked" });
    control.clock += 24 * 3_600_000;
    expect(await signIn("ada", PASSWORD, { code: "abcdef", network: "10.2.0.0" })).toEqual({ kind: "second-factor" });
    const site = { id: "wall.example.org", origin: "https://wall.example.org" };
    const proof = { code: "123456", network: "10.0.0.7" };
    const asked = control.call("passkeyOptions", { account: id, proof, site });
    await expect(asked).rejects.toMatchObject({ code: "no-right", field: "current" });
  });
});

describe.each(ENGINES)("the first administrator's link, %s", (engine) => {
  it("is of no use once somebody administers everything: it may stand in a log", async () => {
    const control = await TestControl.open(engine);
    const first = await control.call("firstAdministrator", {});
    await makeAccount(control, "chief");
    const asked = { ...BROWSER, hash: sha256(first?.secret ?? ""), name: "eve", password: OTHER };
    await expect(control.call("acceptInvitation", asked)).rejects.toMatchObject(gone);
    await control.drop();
  });
});
