import type { PersonOut } from "../../contract/api/accounts";
import { isChief, liesWithin, type Role, type Scope } from "../../contract/rights";
import { changing, type Change, type Control } from "../context";
import { endVoidSessionsIn } from "../factors/demand";
import { mustReach, reached, roleOf, scopesOf, type Giver } from "../people/reach";
import { hasSecondFactor } from "../people/second-factors";
import { ControlRefusal } from "../refusal";
import { endLinksIn, endSessionsIn, IDLE } from "../sessions";
import type { AccountRow } from "../tables";

/** What is to be another; what is left out stays as it is. */
export interface PersonChange {
  title?: string | undefined;
  role?: Role | undefined;
  scopes?: Scope[] | undefined;
  disabled?: boolean | undefined;
}

/** @throws ControlRefusal that names him where nobody else would administer everything */
async function mustNotBeLast(
  { step }: Change,
  row: AccountRow,
  after: { role: Role; scopes: Scope[]; disabled: boolean },
): Promise<void> {
  if (row.disabled === 1 || !isChief(roleOf(row), scopesOf(row))) return;
  if (!after.disabled && isChief(after.role, after.scopes)) return;
  const others = await step
    .selectFrom("account")
    .select(["role", "scopes"])
    .where("id", "!=", row.id)
    .where("disabled", "=", 0)
    .where("role", "=", "administrator")
    .execute();
  if (!others.some((other) => isChief(roleOf(other), scopesOf(other))))
    throw new ControlRefusal("refused", `${row.name} is the last administrator of everything; make another one first`);
}

async function personOf(
  control: Control,
  row: AccountRow,
  sessions: readonly { account: string; seen: number }[],
): Promise<PersonOut> {
  const own = sessions.filter(({ account }) => account === row.id);
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    role: roleOf(row),
    scopes: scopesOf(row),
    disabled: row.disabled === 1,
    created: row.created,
    seen: own.length === 0 ? null : Math.max(...own.map(({ seen }) => seen)),
    sessions: own.length,
    secondFactor: await hasSecondFactor(control, row),
    elsewhere: row.oidc !== null,
  };
}

function sessionsThatHold({ db, now }: Control): Promise<{ account: string; seen: number }[]> {
  return db
    .selectFrom("session")
    .select(["account", "seen"])
    .where("expires", ">", now())
    .where("seen", ">", now() - IDLE)
    .execute();
}

export const peopleMethods = {
  /** How pages call who has an account; null where there is none. */
  async titleOf({ db }: Control, { account }: { account: string }): Promise<string | null> {
    const row = await db.selectFrom("account").select("title").where("id", "=", account).executeTakeFirst();
    return row?.title ?? null;
  },
  /** Accounts whose rights lie within somebody's, by name. */
  async people(control: Control, { scopes }: Pick<Giver, "scopes">): Promise<PersonOut[]> {
    const rows = await control.db.selectFrom("account").selectAll().orderBy("name").execute();
    const sessions = await sessionsThatHold(control);
    const people: PersonOut[] = [];
    for (const row of rows) if (liesWithin(scopesOf(row), scopes)) people.push(await personOf(control, row, sessions));
    return people;
  },
  /**
   * Changes an account. Who is disabled is signed out everywhere.
   * @throws ControlRefusal `unknown`, `no-right`; `refused` where he is the last administrator of everything
   */
  async changePerson(
    control: Control,
    { by, scopes: own, id, change }: Giver & { id: string; change: PersonChange },
  ): Promise<PersonOut> {
    const row = await changing(control, async (at) => {
      const before = await reached(at.step, id, own);
      const after = {
        title: change.title ?? before.title,
        role: change.role ?? roleOf(before),
        scopes: change.scopes ?? scopesOf(before),
        disabled: change.disabled ?? before.disabled === 1,
      };
      mustReach(after.scopes, own);
      await mustNotBeLast(at, before, after);
      const row = {
        ...before,
        ...after,
        scopes: JSON.stringify(after.scopes),
        disabled: after.disabled ? 1 : 0,
      } as const;
      const { title, role, scopes, disabled } = row;
      const detail = { title, role, scopes, disabled: after.disabled };
      await at.audit(by, { action: "account.change", object: `account ${before.name}`, detail });
      await at.step.updateTable("account").set({ title, role, scopes, disabled }).where("id", "=", id).execute();
      if (after.disabled) await endSessionsIn(at.step, id);
      else if (role !== before.role) await endVoidSessionsIn(at.step);
      // A link that somebody made as an administrator, or that was made for who was less than he is now, would give it back.
      if (after.disabled || role !== before.role || scopes !== before.scopes) await endLinksIn(at.step, before);
      return row;
    });
    return personOf(control, row, await sessionsThatHold(control));
  },
};
