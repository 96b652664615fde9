import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVERYWHERE, isChief, type Role, type Scope } from "../../contract/rights";
import { lines, verify } from "../audit";
import { IDLE, LONGEST } from "../sessions";
import { BY, ENGINES, TestControl } from "../test-engines";
import { BROWSER, makeAccount, PASSWORD, sha256 } from "./test-accounts";

const MINUTE = 60_000;
const LIANYUNGANG: Scope[] = [{ city: "lianyungang", districts: ["320706"] }];
const all = { by: BY, scopes: EVERYWHERE };

describe.each(ENGINES)("accounts, %s", (engine) => {
  let control: TestControl;
  beforeEach(async () => {
    control = await TestControl.open(engine);
  });
  afterEach(() => control.drop());

  const signIn = (name: string, more: object = {}) =>
    control.call("signIn", { ...BROWSER, name, password: PASSWORD, network: "10.0.0.7", ...more });
  const holder = async (secret: string) =>
    (await control.call("accountOf", { hash: sha256(secret) })) as { name: string } | null;
  const actions = async (): Promise<string[]> =>
    (await lines(control.db)).map(({ who, action, object }) => `${who}: ${action} ${object}`).reverse();

  it("are made by a link that works once, with the rights that it gives and no others", async () => {
    const { secret } = await control.call("invite", { ...all, role: "viewer", given: LIANYUNGANG });
    const link = { hash: sha256(secret) };
    expect(await control.call("invitation", link)).toMatchObject({
      kind: "invite",
      role: "viewer",
      scopes: LIANYUNGANG,
    });
    const asked = { ...BROWSER, ...link, name: " Ada ", title: "Ada L.", password: PASSWORD };
    const { name, session } = await control.call("acceptInvitation", asked);
    expect(name).toBe("ada");
    expect(await holder(session.secret)).toMatchObject({
      kind: "account",
      name: "ada",
      role: "viewer",
      scopes: LIANYUNGANG,
    });
    await expect(control.call("acceptInvitation", asked)).rejects.toMatchObject({ code: "unknown", field: "secret" });
    await expect(control.call("invitation", link)).rejects.toMatchObject({ code: "unknown" });
    expect(await actions()).toEqual([
      "command test: invitation.create invitation",
      "account ada: account.create account ada",
      "account ada: session.begin account ada",
    ]);
    expect(await verify(control.db)).toMatchObject({ ok: true });
  });

  it("are made once where two use the same link together", async () => {
    const { secret } = await control.call("invite", { ...all, role: "viewer", given: LIANYUNGANG });
    const asked = { ...BROWSER, hash: sha256(secret), password: PASSWORD };
    const both = await Promise.allSettled([
      control.call("acceptInvitation", { ...asked, name: "ada" }),
      control.call("acceptInvitation", { ...asked, name: "bob" }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await control.call("people", all)).toHaveLength(1);
  });

  it("refuse a name that is taken, and a password that is short or easy to guess; the link works after that", async () => {
    await makeAccount(control, "ada");
    const { secret } = await control.call("invite", { ...all, role: "viewer", given: LIANYUNGANG });
    const asked = { ...BROWSER, hash: sha256(secret), name: "bob", password: PASSWORD };
    const refused = (more: object) => expect(control.call("acceptInvitation", { ...asked, ...more })).rejects;
    await refused({ name: "ADA" }).toMatchObject({ code: "taken", field: "name" });
    await refused({ name: undefined }).toMatchObject({ code: "invalid", field: "name" });
    for (const password of ["short", "elevenchars", "password1234", "bob-bob-bob-bob", "qwertyuiop12", "x".repeat(257)])
      await refused({ password }).toMatchObject({ code: "invalid", field: "password" });
    expect((await control.call("acceptInvitation", asked)).name).toBe("bob");
  });

  it("count characters as people do, and the same letters as the same however they were typed", async () => {
    const { secret } = await control.call("invite", { ...all, role: "viewer", given: LIANYUNGANG });
    const asked = { ...BROWSER, hash: sha256(secret), name: "café", password: "Ｃafé 城市运营中心 🦊" };
    await control.call("acceptInvitation", asked);
    expect(await signIn("cafe\u0301", { password: "Cafe\u0301 城市运营中心 🦊" })).toMatchObject({
      kind: "in",
      name: "café",
    });
  });

  it("sign in with the right password, and tell nothing of what was wrong", async () => {
    const { id } = await makeAccount(control, "ada");
    expect(await signIn("ADA")).toMatchObject({ kind: "in", name: "ada" });
    await control.call("changePerson", {
      ...all,
      id: (await makeAccount(control, "bob")).id,
      change: { disabled: true },
    });
    const refused = [
      await signIn("ada", { password: "seven brown foxes at nine" }),
      await signIn("nobody"),
      await signIn("bob"),
    ];
    expect(refused).toEqual(refused.map(() => ({ kind: "refused" })));
    const tries = (await lines(control.db, { action: "session.refuse" })).map(({ object }) => object);
    expect(tries).toEqual(["account bob", "no account", "account ada"]);
    expect(JSON.stringify(await lines(control.db))).not.toContain("nobody");
    expect(id).toMatch(/^[\da-f-]{36}$/);
  });

  it("end a browser's earlier session as it signs in again, and at sign-out: a copied secret is worth nothing", async () => {
    const { secret } = await makeAccount(control, "ada");
    const again = await signIn("ada", { before: sha256(secret) });
    if (again.kind !== "in") throw new Error(again.kind);
    expect([await holder(secret), await holder(again.session.secret)]).toMatchObject([null, { name: "ada" }]);
    await control.call("signOut", { hash: sha256(again.session.secret), address: "10.0.0.7" });
    expect(await holder(again.session.secret)).toBeNull();
    await control.call("signOut", { hash: sha256(again.session.secret), address: "10.0.0.7" });
    expect((await actions()).filter((line) => line.includes("session.end"))).toHaveLength(1);
  });

  it("have sessions that end unused after half a day, and whatever happens after a week", async () => {
    const { secret } = await makeAccount(control, "ada");
    const began = control.clock;
    control.clock += IDLE - MINUTE;
    expect(await holder(secret)).toMatchObject({ name: "ada" });
    control.clock += IDLE - MINUTE;
    expect(await holder(secret)).toMatchObject({ name: "ada" });
    control.clock += IDLE;
    expect(await holder(secret)).toBeNull();
    control.clock = began;
    while (control.clock < began + LONGEST - IDLE / 2) {
      control.clock += IDLE / 2;
      expect(await holder(secret)).toMatchObject({ name: "ada" });
    }
    control.clock = began + LONGEST;
    expect(await holder(secret)).toBeNull();
  });

  it("write down that a session is used once a minute at the most", async () => {
    const { id, secret } = await makeAccount(control, "ada");
    const seen = async (): Promise<number | undefined> =>
      (await control.call("ownSessions", { account: id, session: "" }))[0]?.seen;
    const began = control.clock;
    control.clock += MINUTE - 1;
    await holder(secret);
    expect(await seen()).toBe(began);
    control.clock += 1;
    await holder(secret);
    expect(await seen()).toBe(began + MINUTE);
  });

  it("list their own sessions alone, and end one of them or all the others", async () => {
    const { id, secret } = await makeAccount(control, "ada");
    await makeAccount(control, "bob");
    await signIn("ada", { agent: "second" });
    await signIn("ada", { agent: "third" });
    const own = (await control.call("accountOf", { hash: sha256(secret) })) as { session: string };
    const me = { by: BY, account: id, session: own.session };
    const sessions = await control.call("ownSessions", me);
    expect(sessions.filter(({ current }) => current)).toEqual([
      expect.objectContaining({ id: own.session, method: "invitation" }),
    ]);
    const second = sessions.find(({ agent }) => agent === "second");
    await control.call("endSession", { ...me, id: second?.id ?? "" });
    await expect(control.call("endSession", { ...me, id: second?.id ?? "" })).rejects.toMatchObject({
      code: "unknown",
    });
    const bobs = await control.db
      .selectFrom("session")
      .select("id")
      .where("account", "!=", id)
      .executeTakeFirstOrThrow();
    await expect(control.call("endSession", { ...me, id: bobs.id })).rejects.toMatchObject({ code: "unknown" });
    expect(await control.call("endOtherSessions", me)).toBe(1);
    expect(await control.call("ownSessions", me)).toHaveLength(1);
    expect(await holder(secret)).toMatchObject({ name: "ada" });
  });

  it("set their own password with the one they have, which ends their other sessions", async () => {
    const { id, secret } = await makeAccount(control, "ada");
    const other = await signIn("ada");
    if (other.kind !== "in") throw new Error(other.kind);
    const own = (await control.call("accountOf", { hash: sha256(secret) })) as { session: string };
    const me = { by: BY, account: id, session: own.session, network: "10.0.0.7" };
    const next = "eight grey geese at dusk";
    await expect(control.call("ownPassword", { ...me, current: "wrong", password: next })).rejects.toMatchObject({
      code: "no-right",
      field: "current",
    });
    await expect(control.call("ownPassword", { ...me, current: PASSWORD, password: "ada" })).rejects.toMatchObject({
      field: "password",
    });
    await control.call("ownPassword", { ...me, current: PASSWORD, password: next });
    expect([await holder(secret), await holder(other.session.secret)]).toMatchObject([{ name: "ada" }, null]);
    expect([(await signIn("ada")).kind, (await signIn("ada", { password: next })).kind]).toEqual(["refused", "in"]);
  });

  it("are given a new password by a link, which ends all their sessions", async () => {
    const { id, secret } = await makeAccount(control, "ada");
    const link = await control.call("resetPerson", { ...all, id });
    expect(await control.call("invitation", { hash: sha256(link.secret) })).toMatchObject({
      kind: "reset",
      name: "ada",
    });
    const next = "eight grey geese at dusk";
    const asked = { ...BROWSER, hash: sha256(link.secret), name: "eve", password: next };
    const { name, session } = await control.call("acceptInvitation", asked);
    expect(name).toBe("ada");
    expect([await holder(secret), await holder(session.secret)]).toMatchObject([null, { name: "ada" }]);
    expect([(await signIn("ada")).kind, (await signIn("ada", { password: next })).kind]).toEqual(["refused", "in"]);
    expect(await control.call("people", all)).toHaveLength(1);
  });

  it("have links that are over in time, and that can be taken back", async () => {
    const first = await control.call("invite", { ...all, role: "viewer", given: LIANYUNGANG });
    control.clock = first.expires;
    await expect(control.call("invitation", { hash: sha256(first.secret) })).rejects.toMatchObject({ code: "unknown" });
    const second = await control.call("invite", { ...all, role: "viewer", given: LIANYUNGANG });
    const [told, ...more] = await control.call("invitations", all);
    expect([told, more]).toMatchObject([
      { kind: "invite", role: "viewer", scopes: LIANYUNGANG, madeBy: "command test" },
      [],
    ]);
    expect(JSON.stringify(told)).not.toContain(sha256(second.secret));
    await control.call("uninvite", { ...all, id: told?.id ?? "" });
    await expect(control.call("invitation", { hash: sha256(second.secret) })).rejects.toMatchObject({
      code: "unknown",
    });
    await expect(control.call("uninvite", { ...all, id: told?.id ?? "" })).rejects.toMatchObject({ code: "unknown" });
  });

  it("are changed and seen by those alone whose rights reach as far, who give none that they do not have", async () => {
    const chief = await makeAccount(control, "chief");
    const viewer = await makeAccount(control, "viewer", { role: "viewer", scopes: LIANYUNGANG });
    const own = { by: BY, scopes: [{ city: "lianyungang", districts: "*" }] as Scope[] };
    expect((await control.call("people", own)).map(({ name }) => name)).toEqual(["viewer"]);
    await expect(
      control.call("changePerson", { ...own, id: chief.id, change: { disabled: true } }),
    ).rejects.toMatchObject({ code: "unknown" });
    await expect(control.call("resetPerson", { ...own, id: chief.id })).rejects.toMatchObject({ code: "unknown" });
    await expect(
      control.call("invite", { ...own, role: "administrator", given: [...EVERYWHERE] }),
    ).rejects.toMatchObject({ code: "no-right", field: "scopes" });
    const wider = { scopes: [{ city: "hangzhou", districts: "*" }] as Scope[] };
    await expect(control.call("changePerson", { ...own, id: viewer.id, change: wider })).rejects.toMatchObject({
      code: "no-right",
    });
    const change = { role: "operator", title: "Night shift" } as const;
    expect(await control.call("changePerson", { ...own, id: viewer.id, change })).toMatchObject({
      ...change,
      scopes: LIANYUNGANG,
      disabled: false,
    });
    const reset = await control.call("resetPerson", { ...all, id: chief.id });
    expect(await control.call("invitations", own)).toEqual([]);
    expect((await control.call("invitations", all)).map(({ name }) => name)).toEqual(["chief"]);
    expect(reset.secret).toHaveLength(43);
  });

  it("are not there under an id that none could have, on every engine", async () => {
    const id = "a\0b";
    for (const asked of [
      () => control.call("changePerson", { ...all, id, change: {} }),
      () => control.call("resetPerson", { ...all, id }),
      () => control.call("uninvite", { ...all, id }),
      () => control.call("endSession", { by: BY, account: "nobody", id }),
    ])
      await expect(asked()).rejects.toMatchObject({ code: "unknown", field: "id" });
    await expect(control.call("closeScreen", { by: BY, city: id, screen: id })).rejects.toMatchObject({
      code: "unknown",
    });
  });

  it("are signed out everywhere as they are disabled, and may sign in again when they are enabled", async () => {
    await makeAccount(control, "chief");
    const { id, secret } = await makeAccount(control, "ada");
    await control.call("changePerson", { ...all, id, change: { disabled: true } });
    expect([await holder(secret), (await signIn("ada")).kind]).toEqual([null, "refused"]);
    await control.call("changePerson", { ...all, id, change: { disabled: false } });
    expect([await holder(secret), (await signIn("ada")).kind]).toEqual([null, "in"]);
  });

  it(
    "always have somebody who administers everything, whatever is asked in whatever order",
    { timeout: 60_000 },
    async () => {
      const ids: string[] = [];
      for (const name of ["chief", "second", "third"]) ids.push((await makeAccount(control, name)).id);
      const role = fc.constantFrom<Role>("administrator", "viewer");
      const scopes = fc.constantFrom<Scope[]>([...EVERYWHERE], LIANYUNGANG);
      const change = fc.record({ role, scopes, disabled: fc.boolean() }, { requiredKeys: [] });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(fc.nat(2), change), { maxLength: 6 }), async (asked) => {
          const answers = await Promise.allSettled(
            asked.map(([who, what]) => control.call("changePerson", { ...all, id: ids[who] ?? "", change: what })),
          );
          const people = await control.call("people", all);
          expect(people.some((one) => !one.disabled && isChief(one.role, one.scopes))).toBe(true);
          for (const answer of answers)
            if (answer.status === "rejected")
              expect(String(answer.reason)).toMatch(/(chief|second|third) is the last administrator/);
        }),
        { numRuns: engine === "embedded" ? 40 : 10 },
      );
    },
  );

  it("begin with a link that makes the first administrator, while there is none, and takes the one before it back", async () => {
    const first = await control.call("firstAdministrator", {});
    expect(first?.expires).toBe(control.clock + 30 * MINUTE);
    const second = await control.call("firstAdministrator", {});
    await expect(control.call("invitation", { hash: sha256(first?.secret ?? "") })).rejects.toMatchObject({
      code: "unknown",
    });
    const asked = { ...BROWSER, hash: sha256(second?.secret ?? ""), name: "chief", password: PASSWORD };
    await control.call("acceptInvitation", asked);
    expect(await control.call("people", all)).toMatchObject([
      { name: "chief", role: "administrator", scopes: EVERYWHERE },
    ]);
    expect(await control.call("firstAdministrator", {})).toBeNull();
  });

  it("open screens to everybody and close them again", async () => {
    const screen = { by: BY, city: "lianyungang", screen: "overview" };
    await control.call("openScreen", screen);
    await control.call("openScreen", screen);
    expect(await control.call("openScreensTold", {})).toEqual([
      { city: "lianyungang", screen: "overview", made: control.clock, madeBy: "command test" },
    ]);
    expect(await control.call("openScreens", {})).toEqual([{ city: "lianyungang", screen: "overview" }]);
    await control.call("closeScreen", screen);
    await expect(control.call("closeScreen", screen)).rejects.toMatchObject({ code: "unknown" });
    expect(await actions()).toEqual([
      "command test: screen.open screen lianyungang/overview",
      "command test: screen.close screen lianyungang/overview",
    ]);
  });
});
