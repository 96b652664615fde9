/** What the site's sign-in policy means for accounts and their sessions. */
import type { Kysely } from "kysely";
import type { Role } from "../../contract/rights";
import { isDemanded, rolesDemanded, type Demand } from "../../contract/sign-in-policy";
import { ControlRefusal } from "../refusal";
import type { AccountRow, SessionRow, Tables } from "../tables";

type Db = Kysely<Tables>;

/** Whom a second factor is demanded of; of nobody where nobody said otherwise. */
export async function demandOf(db: Db): Promise<Demand> {
  const row = await db.selectFrom("sign_in_policy").select("second_factor").where("one", "=", 1).executeTakeFirst();
  return (row?.second_factor ?? "nobody") as Demand;
}

/** Whether a second factor is demanded of who has a role. */
export async function isDemandedOf(db: Db, { role }: Pick<AccountRow, "role">): Promise<boolean> {
  return isDemanded(await demandOf(db), role as Role);
}

export async function hasPasskey(db: Db, account: string): Promise<boolean> {
  const found = await db.selectFrom("passkey").select("id").where("account", "=", account).executeTakeFirst();
  return found !== undefined;
}

/** Whether an account has anything to prove itself with besides its password. */
export async function hasFactor(db: Db, { id, totp }: Pick<AccountRow, "id" | "totp">): Promise<boolean> {
  return totp !== null || hasPasskey(db, id);
}

/**
 * What a session is good for. `enrolling`: it began with a password alone and more is demanded, of who has nothing else: he may set a
 * second factor up. `none`: more is demanded and he has it, or his issuer says that it asked for nothing else: he has to sign in anew, as
 * whoever knows a password alone could set up a second factor of his own beside it.
 */
export type Standing = "whole" | "enrolling" | "none";

export async function standingOf(
  db: Db,
  account: Pick<AccountRow, "id" | "role" | "oidc" | "totp">,
  { multi_factor }: Pick<SessionRow, "multi_factor">,
): Promise<Standing> {
  if (multi_factor === 1 || !(await isDemandedOf(db, account))) return "whole";
  return account.oidc !== null || (await hasFactor(db, account)) ? "none" : "enrolling";
}

/** Ends sessions that stand for nothing any more, as their roles, factors or the policy have changed. */
export async function endVoidSessionsIn(step: Db): Promise<void> {
  const roles = rolesDemanded(await demandOf(step));
  if (roles.length === 0) return;
  await step
    .deleteFrom("session")
    .where("multi_factor", "=", 0)
    .where("account", "in", (query) =>
      query
        .selectFrom("account")
        .select("id")
        .where("role", "in", roles)
        .where(({ eb, or }) =>
          or([
            eb("oidc", "is not", null),
            eb("totp", "is not", null),
            eb("id", "in", query.selectFrom("passkey").select("passkey.account")),
          ]),
        ),
    )
    .execute();
}

/**
 * Holds who sets up a second factor to what his session is good for. @param session SHA-256 of its secret; null: he has none
 * @throws ControlRefusal `refused` where it has ended, or another second factor was set up meanwhile
 */
export async function mustMayEnrol(step: Db, account: AccountRow, session: string | null): Promise<void> {
  const row =
    session === null
      ? { multi_factor: 0 as const }
      : await step.selectFrom("session").select("multi_factor").where("hash", "=", session).executeTakeFirst();
  if (!row || (await standingOf(step, account, row)) === "none")
    throw new ControlRefusal("refused", "the sign-in has ended meanwhile");
}

/**
 * Takes away what nobody can need any more as a factor is gone: without one no code is asked for, and recovery codes open nothing.
 * @throws ControlRefusal `refused` that names `factor` where it was the last one, and one is demanded
 */
export async function factorGoneIn(step: Db, id: string): Promise<void> {
  const account = await step.selectFrom("account").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  if (await hasFactor(step, account)) return;
  if (await isDemandedOf(step, account))
    throw new ControlRefusal("refused", "is the last one, and one is demanded; set up another one first", "factor");
  await step.deleteFrom("recovery_code").where("account", "=", id).execute();
}
