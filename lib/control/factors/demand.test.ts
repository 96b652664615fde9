import { Secret, TOTP } from "otpauth";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVERYWHERE, ROLES, type Role } from "../../contract/rights";
import { DEMANDS, isDemanded, type Demand } from "../../contract/sign-in-policy";
import { lines } from "../audit";
import { BROWSER, makeAccount, PASSWORD, sha256 } from "../people/test-accounts";
import { BY, ENGINES, TestControl } from "../test-engines";
import { TestAuthenticator } from "./test-authenticator";

const site = { id: "wall.example", origin: "https://wall.example" };
const network = BROWSER.address;
const proof = { current: PASSWORD, network };

describe("a demand for a second factor", () => {
  it("is of more roles the further it goes, and of administrators before anybody else", () => {
    const of = (demand: Demand): Role[] => ROLES.filter((role) => isDemanded(demand, role));
    expect(DEMANDS.map(of)).toEqual([[], ["editor", "administrator"], [...ROLES]]);
  });
});

describe.each(ENGINES)("a second factor that is demanded, %s", (engine) => {
  let control: TestControl;
  beforeEach(async () => {
    control = await TestControl.open(engine);
  });
  afterEach(() => control.drop());

  interface Person {
    id: string;
    name: string;
    /** secret of his browser's session */
    secret: string;
  }
  const person = async (name: string, role: Role = "administrator"): Promise<Person> => ({
    name,
    ...(await makeAccount(control, name, { role })),
  });
  const known = (secret: string) => control.call("accountOf", { hash: sha256(secret) });
  const own = ({ id, name, secret }: Person) => ({
    ...{ account: id, by: { who: `account ${name}`, address: network } },
    ...{ ...BROWSER, before: sha256(secret) },
  });
  const demand = (secondFactor: Demand) => control.call("setSignInPolicy", { by: BY, session: null, secondFactor });
  const demandBy = async (who: Person, secondFactor: Demand) =>
    control.call("setSignInPolicy", {
      by: { who: `account ${who.name}`, address: network },
      session: (await sessionOf(who.secret)) ?? "none",
      secondFactor,
    });
  const sessionOf = async (secret: string): Promise<string | undefined> =>
    (await control.db.selectFrom("session").select("id").where("hash", "=", sha256(secret)).executeTakeFirst())?.id;
  const signIn = (name: string, more: object = {}) =>
    control.call("signIn", { name, password: PASSWORD, network, ...BROWSER, ...more });
  const codeOf = (secret: string): string =>
    TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: control.clock });

  /** Sets up codes as an app does. */
  async function setUpCodes(who: Person): Promise<string> {
    const { offer, secret } = await control.call("offerTotp", { account: who.id, proof });
    const session = await control.call("acceptTotp", { ...own(who), offer, code: codeOf(secret) });
    who.secret = session.secret;
    control.clock += 60_000;
    return secret;
  }
  async function setUpPasskey(who: Person, authenticator = new TestAuthenticator()): Promise<TestAuthenticator> {
    const { challenge } = await control.call("passkeyOptions", { account: who.id, proof, site });
    const response = authenticator.make({ challenge, origin: site.origin, rpId: site.id });
    const { session } = await control.call("addPasskey", { ...own(who), site, title: "grey", response });
    who.secret = session.secret;
    return authenticator;
  }

  it("is of nobody at first, and of those alone whose role it is demanded of", async () => {
    const [ada, eve] = [await person("ada"), await person("eve", "viewer")];
    expect(await control.call("signInPolicy", {})).toEqual({ secondFactor: "nobody" });
    expect(await known(ada.secret)).not.toHaveProperty("enrolling");
    await demand("editors");
    expect(await known(ada.secret)).toMatchObject({ name: "ada", enrolling: true });
    expect(await known(eve.secret)).not.toHaveProperty("enrolling");
    await demand("everybody");
    expect(await known(eve.secret)).toMatchObject({ enrolling: true });
    // Who is more than he was is asked for more from then on.
    await demand("editors");
    await control.call("changePerson", { by: BY, scopes: EVERYWHERE, id: eve.id, change: { role: "editor" } });
    expect(await known(eve.secret)).toMatchObject({ enrolling: true });
    await demand("nobody");
    expect(await known(eve.secret)).not.toHaveProperty("enrolling");
    const told = (await lines(control.db, { action: "policy.change" })).map(
      ({ detail }) => JSON.parse(detail) as object,
    );
    expect(told[0]).toEqual({ secondFactor: "nobody", before: "editors" });
    expect(told).toHaveLength(4);
  });

  it("lets who has none sign in to set one up, and everything after, by another session than he did that with", async () => {
    const ada = await person("ada");
    await demand("everybody");
    const signedIn = await signIn("ada");
    if (signedIn.kind !== "in") throw new Error(signedIn.kind);
    const { secret: begun } = signedIn.session;
    expect(await known(begun)).toMatchObject({ enrolling: true });
    await setUpCodes(Object.assign(ada, { secret: begun }));
    expect(await known(ada.secret)).toMatchObject({ name: "ada" });
    expect(await known(ada.secret)).not.toHaveProperty("enrolling");
    // A copy of the cookie before is worth nothing.
    expect(ada.secret).not.toBe(begun);
    expect(await known(begun)).toBeNull();
  });

  it("is a passkey as well, under which the password alone lets nobody in any more", async () => {
    const ada = await person("ada");
    await demand("everybody");
    const authenticator = await setUpPasskey(ada);
    expect(await known(ada.secret)).not.toHaveProperty("enrolling");
    expect(await signIn("ada")).toEqual({ kind: "second-factor" });
    expect(await signIn("ada", { code: "000000" })).toEqual({ kind: "second-factor" });
    const { challenge } = await control.call("passkeyQuestion", { site });
    const response = authenticator.answer({ challenge, origin: site.origin, rpId: site.id }, ada.id);
    const found = await control.call("passkeySignIn", { site, response, ...BROWSER });
    expect(await known(found?.session.secret ?? "")).not.toHaveProperty("enrolling");
    await demand("nobody");
    expect(await signIn("ada")).toMatchObject({ kind: "in" });
  });

  it("is set up by nobody beside one that is there: not by a session that began without it, nor as two try at once", async () => {
    const [ada, thief] = [await person("ada"), { id: "", name: "ada", secret: "" }];
    const early = await signIn("ada");
    if (early.kind !== "in") throw new Error(early.kind);
    Object.assign(thief, { id: ada.id, secret: early.session.secret });
    await demand("everybody");
    // Both begin while there is none; the one who is first is the one.
    const theirs = await control.call("offerTotp", { account: thief.id, proof });
    await setUpCodes(ada);
    expect(await known(thief.secret)).toBeNull();
    const late = { ...own(thief), offer: theirs.offer, code: codeOf(theirs.secret) };
    await expect(control.call("acceptTotp", late)).rejects.toMatchObject({ code: "refused" });
    const { totp } = await control.db
      .selectFrom("account")
      .selectAll()
      .where("id", "=", ada.id)
      .executeTakeFirstOrThrow();
    expect(totp).not.toBe(theirs.secret);
    expect(await known(ada.secret)).toMatchObject({ name: "ada" });
  });

  it("ends sign-ins without it of who has one, as it is demanded", async () => {
    const ada = await person("ada");
    await setUpPasskey(ada);
    const weak = await signIn("ada");
    if (weak.kind !== "in") throw new Error(weak.kind);
    expect(await known(weak.session.secret)).toMatchObject({ name: "ada" });
    await demand("editors");
    expect(await known(weak.session.secret)).toBeNull();
    const strong = await sessionOf(ada.secret);
    const listed = await control.call("ownSessions", { account: ada.id, session: strong ?? "" });
    expect(listed.map(({ id }) => id)).toEqual([strong]);
    // Also where nobody had ended them: a session is looked at each time.
    await demand("nobody");
    const again = await signIn("ada");
    if (again.kind !== "in") throw new Error(again.kind);
    await control.db
      .insertInto("sign_in_policy")
      .values({ one: 1, second_factor: "everybody" })
      .onConflict((conflict) => conflict.column("one").doUpdateSet({ second_factor: "everybody" }))
      .execute();
    expect(await known(again.session.secret)).toBeNull();
  });

  it("can be made anew and be another, and the last one stays while it is demanded", async () => {
    const ada = await person("ada");
    await demand("everybody");
    await setUpCodes(ada);
    const remove = () => control.call("removeTotp", { ...own(ada), proof });
    await expect(remove()).rejects.toMatchObject({ code: "refused", field: "factor" });
    expect(await control.call("secondFactors", { account: ada.id })).toMatchObject({ totp: true, demanded: true });
    // To another phone.
    await setUpCodes(ada);
    await setUpPasskey(ada);
    await remove();
    const { passkeys } = await control.call("secondFactors", { account: ada.id });
    const gone = { ...own(ada), proof, id: passkeys[0]?.id ?? "" };
    await expect(control.call("removePasskey", gone)).rejects.toMatchObject({ code: "refused", field: "factor" });
    await demand("nobody");
    await control.call("removePasskey", gone);
    expect(await control.call("secondFactors", { account: ada.id })).toMatchObject({ passkeys: [], demanded: false });
  });

  it("is demanded by nobody who did not sign in with one himself, and would be locked out", async () => {
    const [ada, eve] = [await person("ada"), await person("eve")];
    await expect(demandBy(ada, "everybody")).rejects.toMatchObject({ code: "refused", field: "secondFactor" });
    await expect(demandBy(ada, "editors")).rejects.toMatchObject({ code: "refused", field: "secondFactor" });
    expect(await control.call("signInPolicy", {})).toEqual({ secondFactor: "nobody" });
    expect(await lines(control.db, { action: "policy.change" })).toEqual([]);
    // Who has one and signed in without it has not shown that he can use it.
    await setUpPasskey(eve);
    const weak = await signIn("eve");
    if (weak.kind !== "in") throw new Error(weak.kind);
    await expect(demandBy({ ...eve, secret: weak.session.secret }, "everybody")).rejects.toMatchObject({
      field: "secondFactor",
    });
    await expect(
      control.call("setSignInPolicy", { by: BY, session: "none", secondFactor: "everybody" }),
    ).rejects.toMatchObject({ code: "refused" });
    await setUpCodes(ada);
    await demandBy(ada, "everybody");
    expect(await control.call("signInPolicy", {})).toEqual({ secondFactor: "everybody" });
    expect(await known(ada.secret)).toMatchObject({ name: "ada" });
  });

  it("has to be set up anew behind a link that sets the password anew", async () => {
    const ada = await person("ada");
    await demand("everybody");
    await setUpCodes(ada);
    const link = await control.call("resetPerson", { by: BY, scopes: EVERYWHERE, id: ada.id });
    const { session } = await control.call("acceptInvitation", {
      ...{ ...BROWSER, hash: sha256(link.secret), password: "nine green snails at dusk" },
    });
    expect(await known(session.secret)).toMatchObject({ name: "ada", enrolling: true });
  });
});
