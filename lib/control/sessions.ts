import { hash, randomBytes, randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { changing, type Change, type Control } from "./context";
import { ControlRefusal } from "./refusal";
import type { Tables } from "./tables";

/** After so long, ms, a sign-in that nobody used has ended, and after the other one whatever happens (OWASP ASVS 5.0, 7.3.1, 7.3.2). */
export const IDLE = 12 * 3_600_000;
export const LONGEST = 7 * 24 * 3_600_000;
/** Characters that are kept of what a browser says that it is. */
const AGENT = 200;

/** A secret of 256 random bits, and what is kept of it: such a secret needs no slow hash. */
export function newSecret(): { secret: string; hash: string } {
  const secret = randomBytes(32).toString("base64url");
  return { secret, hash: hash("sha256", secret) };
}

/** How somebody signs in, and where from. */
export interface SignIn {
  /** id of the account */
  account: string;
  /** how he proved to be that */
  method: "password" | "totp" | "passkey" | "recovery" | "oidc" | "invitation";
  /** by a second factor as well */
  multiFactor: boolean;
  address: string;
  agent: string;
  /** SHA-256 of the secret that his browser had before, whose session ends: none outlives a sign-in (ASVS 5.0, 7.2.4) */
  before?: string | null;
  /** PHC string that his password was compared with: set anew meanwhile, it lets in nobody who knew the one before */
  password?: string | null;
}

/** A session as its browser is given it. */
export interface Begun {
  secret: string;
  id: string;
  /** ms since 1970 */
  expires: number;
}

/** Begins a session in a change that is under way. @throws ControlRefusal where the account is disabled or not there */
export async function beginSessionIn(
  { step, at, audit }: Change,
  { account, method, multiFactor, address, agent, before, password }: SignIn,
): Promise<Begun> {
  const who = await step
    .selectFrom("account")
    .select(["name", "disabled", "password"])
    .where("id", "=", account)
    .executeTakeFirst();
  if (!who || who.disabled === 1 || (password !== undefined && who.password !== password))
    throw new ControlRefusal("refused", "the account cannot be used");
  await step.deleteFrom("session").where("expires", "<=", at).execute();
  await step
    .deleteFrom("session")
    .where("seen", "<=", at - IDLE)
    .execute();
  if (before) await step.deleteFrom("session").where("hash", "=", before).execute();
  const made = newSecret();
  const [id, expires] = [randomUUID(), at + LONGEST];
  const how = { method, multi_factor: multiFactor ? 1 : 0 } as const;
  const more = { created: at, seen: at, expires, address, agent: agent.slice(0, AGENT), ...how };
  await step
    .insertInto("session")
    .values({ hash: made.hash, id, account, ...more })
    .execute();
  const by = { who: `account ${who.name}`, address };
  await audit(by, { action: "session.begin", object: `account ${who.name}`, detail: { method } });
  return { secret: made.secret, id, expires };
}

/** Begins a session for who has proved to be an account. @throws ControlRefusal where that is disabled or not there */
export function beginSession(control: Control, signIn: SignIn): Promise<Begun> {
  return changing(control, (change) => beginSessionIn(change, signIn));
}

/** Takes back the one-time links that are for an account, and those that it made: none outlives the rights of its maker. */
export async function endLinksIn(step: Kysely<Tables>, { id, name }: { id: string; name: string }): Promise<void> {
  await step
    .deleteFrom("invitation")
    .where(({ eb, or }) => or([eb("account", "=", id), eb("made_by", "=", `account ${name}`)]))
    .execute();
}

/** Ends all sessions of an account. @param but the id of one that holds on. Returns how many ended */
export async function endSessionsIn(step: Kysely<Tables>, account: string, but: string | null = null): Promise<number> {
  let query = step.deleteFrom("session").where("account", "=", account);
  if (but !== null) query = query.where("id", "!=", but);
  return Number((await query.executeTakeFirst()).numDeletedRows);
}
