import { randomUUID } from "node:crypto";
import type { InvitationAnswer, InvitationOut } from "../../contract/api/accounts";
import { EVERYWHERE, isChief, liesWithin, type Role, type Scope } from "../../contract/rights";
import { changing, type By, type Change, type Control } from "../context";
import { checkNewPassword, hashPassword } from "../people/passwords";
import { mustReach, reached, roleOf, scopesOf, type Giver } from "../people/reach";
import { SECOND_FACTORS } from "../people/second-factors";
import { ControlRefusal } from "../refusal";
import { beginSessionIn, endSessionsIn, newSecret, type Begun } from "../sessions";
import type { InvitationRow } from "../tables";
import { accountNameOf } from "./sign-in";

/** How long a link works, ms: handed on by whatever way, it is used within a day or two; one that a start prints is read at once. */
const HOLDS = 48 * 3_600_000;
const FIRST_HOLDS = 30 * 60_000;
/** Who made a link that a start printed. */
const STARTED = "start";

/** A link's secret, told this once. */
export interface Link {
  secret: string;
  /** ms since 1970 */
  expires: number;
}

/** What is typed behind a link. */
export interface Acceptance {
  /** SHA-256 of the link's secret */
  hash: string;
  name?: string | undefined;
  title?: string | undefined;
  password: string;
  address: string;
  agent: string;
  before: string | null;
}

/** How a link is called in lists: of its hash the beginning, which tells nothing. */
const linkId = (hash: string): string => hash.slice(0, 16);
const gone = (): ControlRefusal => new ControlRefusal("unknown", "was used, is over, or never was", "secret");

type Made = Pick<InvitationRow, "kind" | "account" | "role" | "scopes"> & { by: By; object: string; holds?: number };

async function makeLink({ step, at, audit }: Change, { by, object, holds = HOLDS, ...row }: Made): Promise<Link> {
  const { secret, hash } = newSecret();
  const expires = at + holds;
  const { kind, role, scopes } = row;
  const detail = { kind, ...(role === null ? {} : { role }), ...(scopes === null ? {} : { scopes }) };
  await audit(by, { action: "invitation.create", object, detail });
  await step.deleteFrom("invitation").where("expires", "<=", at).execute();
  await step
    .insertInto("invitation")
    .values({ hash, ...row, expires, made: at, made_by: by.who })
    .execute();
  return { secret, expires };
}

/** Links that work, of whose rights all lie within `own`. */
async function openLinks(
  { db, now }: Pick<Control, "db" | "now">,
  own: readonly Scope[],
): Promise<(InvitationOut & { hash: string })[]> {
  const rows = await db
    .selectFrom("invitation")
    .leftJoin("account", "account.id", "invitation.account")
    .select(["invitation.hash", "invitation.kind", "invitation.expires", "invitation.made_by", "invitation.made"])
    .select(["invitation.role", "invitation.scopes", "account.name", "account.scopes as reach"])
    .where("invitation.expires", ">", now())
    .orderBy("invitation.made", "desc")
    .execute();
  return rows
    .filter(({ scopes, reach }) => liesWithin(scopesOf({ scopes: scopes ?? reach }), own))
    .map(({ hash, kind, expires, made_by: madeBy, made, role, scopes, name }) => ({
      hash,
      id: linkId(hash),
      kind,
      name,
      role: role as Role | null,
      scopes: scopesOf({ scopes }),
      madeBy,
      made,
      expires,
    }));
}

/** @throws ControlRefusal where a link does not work */
async function linkOf(db: Control["db"], hash: string, now: number) {
  const row = await db
    .selectFrom("invitation")
    .leftJoin("account", "account.id", "invitation.account")
    .selectAll("invitation")
    .select(["account.name", "account.title", "account.disabled", "account.scopes as reach"])
    .where("invitation.hash", "=", hash)
    .where("invitation.expires", ">", now)
    .executeTakeFirst();
  if (!row || (row.kind === "reset" && row.disabled !== 0)) throw gone();
  return row;
}

/** Makes the account of an invitation. @throws ControlRefusal `taken` */
async function createAccount(
  { step, at, audit }: Change,
  row: InvitationRow,
  { name, title, password, address }: { name: string; title: string; password: string; address: string },
): Promise<string> {
  const taken = await step.selectFrom("account").select("id").where("name", "=", name).executeTakeFirst();
  if (taken) throw new ControlRefusal("taken", `"${name}" is somebody else's`, "name");
  const id = randomUUID();
  const { role, scopes } = { role: roleOf(row), scopes: row.scopes ?? "[]" };
  const detail = { role, scopes, invited: row.made_by };
  await audit({ who: `account ${name}`, address }, { action: "account.create", object: `account ${name}`, detail });
  const none = { totp: null, totp_step: null, oidc: null };
  await step
    .insertInto("account")
    .values({ id, name, title, role, scopes, password, ...none, disabled: 0, created: at })
    .execute();
  return id;
}

/** Sets the password of an account anew, takes its second factors away and ends its sessions. */
async function resetAccount(
  { step, audit }: Change,
  { account, name, password, address }: { account: string; name: string; password: string; address: string },
): Promise<void> {
  await audit(
    { who: `account ${name}`, address },
    { action: "account.password", object: `account ${name}`, detail: { reset: true } },
  );
  await step.updateTable("account").set({ password }).where("id", "=", account).execute();
  // Another one that went astray is of no use any more.
  await step.deleteFrom("invitation").where("account", "=", account).execute();
  for (const factor of SECOND_FACTORS) await factor.drop(step, account);
  await endSessionsIn(step, account);
}

/** Whether anybody administers everything. */
async function hasChief(db: Control["db"]): Promise<boolean> {
  const accounts = await db.selectFrom("account").select(["role", "scopes"]).where("disabled", "=", 0).execute();
  return accounts.some((row) => isChief(roleOf(row), scopesOf(row)));
}

export const invitationMethods = {
  /** Links that were not used yet, the newest first. */
  async invitations(control: Control, { scopes }: Pick<Giver, "scopes">): Promise<InvitationOut[]> {
    return (await openLinks(control, scopes)).map(({ hash: _hash, ...told }) => told);
  },
  /** Makes a link with which somebody makes an account of his own. @throws ControlRefusal `no-right` */
  invite: (control: Control, { by, scopes: own, role, given }: Giver & { role: Role; given: Scope[] }): Promise<Link> =>
    changing(control, (change) => {
      mustReach(given, own);
      return makeLink(change, {
        kind: "invite",
        account: null,
        role,
        scopes: JSON.stringify(given),
        by,
        object: "invitation",
      });
    }),
  /** Makes a link that sets an account's password anew. @throws ControlRefusal `unknown`; `refused` where it has none here */
  resetPerson: (control: Control, { by, scopes: own, id }: Giver & { id: string }): Promise<Link> =>
    changing(control, async (change) => {
      const { name, oidc } = await reached(change.step, id, own);
      if (oidc !== null)
        throw new ControlRefusal("refused", `${name} signs in by another system and has no password here`);
      return makeLink(change, { kind: "reset", account: id, role: null, scopes: null, by, object: `account ${name}` });
    }),
  /** Takes a link back. @throws ControlRefusal `unknown` */
  uninvite: (control: Control, { by, scopes: own, id }: Giver & { id: string }): Promise<void> =>
    changing(control, async ({ step, at, audit }) => {
      const link = (await openLinks({ db: step, now: () => at }, own)).find((one) => one.id === id);
      if (!link) throw new ControlRefusal("unknown", "there is no such link", "id");
      const object = link.name === null ? "invitation" : `account ${link.name}`;
      await audit(by, { action: "invitation.withdraw", object, detail: { kind: link.kind } });
      await step.deleteFrom("invitation").where("hash", "=", link.hash).execute();
    }),
  /** What a link is for, by the SHA-256 of its secret. @throws ControlRefusal `unknown` */
  async invitation({ db, now }: Control, { hash }: { hash: string }): Promise<Omit<InvitationAnswer, "names">> {
    const { kind, name, role, scopes, expires } = await linkOf(db, hash, now());
    return { kind, name, role: role as Role | null, scopes: scopesOf({ scopes }), expires };
  },
  /**
   * Uses a link: makes the account or sets its password anew, and signs in. A link works once, also where two use it together.
   * @throws ControlRefusal `unknown`; `invalid` that names the field; `taken`
   */
  async acceptInvitation(
    control: Control,
    asked: Acceptance,
  ): Promise<{ name: string; title: string; session: Begun }> {
    const { hash, address, agent, before } = asked;
    const link = await linkOf(control.db, hash, control.now());
    const name = link.name ?? accountNameOf(asked.name ?? "");
    if (name === "") throw new ControlRefusal("invalid", "is missing", "name");
    const title = link.title ?? (asked.title?.trim() || name);
    checkNewPassword(asked.password, [name, title]);
    const password = await hashPassword(asked.password);
    return changing(control, async (change) => {
      const row = await linkOf(change.step, hash, change.at);
      // That of a start may stand in a log: it is for where nobody administers everything yet.
      if (row.made_by === STARTED && (await hasChief(change.step))) throw gone();
      await change.step.deleteFrom("invitation").where("hash", "=", hash).execute();
      let { account } = row;
      if (account === null) account = await createAccount(change, row, { name, title, password, address });
      else await resetAccount(change, { account, name, password, address });
      const how = { method: "invitation", multiFactor: false } as const;
      const session = await beginSessionIn(change, { account, ...how, address, agent, before });
      return { name, title, session };
    });
  },
  /**
   * A link that makes the first administrator, where nobody administers everything; null where somebody does. The one before it that a
   * start made works no more: each start may print one, as nobody knows whether the last was read.
   */
  firstAdministrator: (control: Control, _nothing: object): Promise<Link | null> =>
    changing(control, async (change) => {
      const { step } = change;
      if (await hasChief(step)) return null;
      await step.deleteFrom("invitation").where("made_by", "=", STARTED).execute();
      const by: By = { who: STARTED, address: "" };
      const rights = { role: "administrator", scopes: JSON.stringify(EVERYWHERE) } as const;
      return makeLink(change, {
        kind: "invite",
        account: null,
        ...rights,
        by,
        object: "first administrator",
        holds: FIRST_HOLDS,
      });
    }),
};
