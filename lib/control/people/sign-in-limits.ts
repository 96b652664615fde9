import { hash } from "node:crypto";
import type { Kysely } from "kysely";
import { ControlRefusal } from "../refusal";
import type { SignInFailureRow, Tables } from "../tables";

/** How sign-ins that fail are slowed down. Times are in ms. */
interface Slowing {
  /** failures that cost nothing */
  free: number;
  /** the wait behind the next one; each further one doubles it */
  first: number;
  /** the longest wait */
  longest: number;
  /** when the last failure is forgotten, and with it all before */
  forgotten: number;
}

const MINUTE = 60_000;

/**
 * By account and network, so that nobody keeps the owner of an account out who is somewhere else; and by network, so that nobody goes
 * through all accounts from there. Whoever shares an attacker's network waits with him, for a minute at the most.
 */
export const SLOWING = {
  account: { free: 5, first: 1_000, longest: 15 * MINUTE, forgotten: 24 * 60 * MINUTE },
  network: { free: 30, first: 1_000, longest: MINUTE, forgotten: 60 * MINUTE },
} as const satisfies Record<string, Slowing>;
type Kind = keyof typeof SLOWING;
const KINDS = Object.keys(SLOWING) as Kind[];

/** Who tries, and where from. Neither is kept: a name may be a password that was typed in the wrong field. */
export interface Try {
  name: string;
  network: string;
}

/** The keys under which a try's failures are counted. */
function keysOf({ name, network }: Try): Record<Kind, string> {
  return {
    account: hash("sha256", JSON.stringify(["account", name, network])),
    network: hash("sha256", JSON.stringify(["network", network])),
  };
}

function waitOf({ free, first, longest }: Slowing, count: number): number {
  return count < free ? 0 : Math.min(longest, first * 2 ** Math.min(count - free, 30));
}

/** Ms after a failure until the next try is looked at. @param count failures so far */
export function waitAfter(kind: Kind, count: number): number {
  return waitOf(SLOWING[kind], count);
}

type Db = Kysely<Tables>;

async function counted(
  db: Db,
  keys: Record<Kind, string>,
  now: number,
): Promise<Record<Kind, { count: number; last: number }>> {
  const rows = await db.selectFrom("sign_in_failure").selectAll().where("key", "in", Object.values(keys)).execute();
  const of = (kind: Kind): { count: number; last: number } => {
    const row = rows.find(({ key }) => key === keys[kind]);
    return row && row.last + SLOWING[kind].forgotten > now ? row : { count: 0, last: 0 };
  };
  return { account: of("account"), network: of("network") };
}

/** Keeps how many failed under a key. */
async function keep(db: Db, row: SignInFailureRow): Promise<void> {
  await db
    .insertInto("sign_in_failure")
    .values(row)
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ count: row.count, last: row.last }))
    .execute();
}

/** Costs no more than a look at two rows. @throws ControlRefusal `locked` with the seconds to wait, whether or not the account exists */
export async function mayTry(db: Db, who: Try, now: number): Promise<void> {
  const found = await counted(db, keysOf(who), now);
  const left = Math.max(...KINDS.map((kind) => found[kind].last + waitAfter(kind, found[kind].count) - now));
  if (left > 0) throw new ControlRefusal("locked", "too many sign-ins failed here", undefined, Math.ceil(left / 1_000));
}

/** Counts a try as failed. Before it is looked at: who hangs up has tried as well. Returns how many of the account failed. */
export async function countFailure(db: Db, who: Try, now: number): Promise<number> {
  const keys = keysOf(who);
  const found = await counted(db, keys, now);
  for (const kind of KINDS) await keep(db, { key: keys[kind], count: found[kind].count + 1, last: now });
  await db
    .deleteFrom("sign_in_failure")
    .where("last", "<=", now - Math.max(...KINDS.map((kind) => SLOWING[kind].forgotten)))
    .execute();
  return found.account.count + 1;
}

/** Takes a try back that did not fail. @param all of the account, what failed before is forgotten as well */
export async function takeBack(db: Db, who: Try, all: boolean): Promise<void> {
  const keys = keysOf(who);
  await db
    .updateTable("sign_in_failure")
    .set(({ eb }) => ({ count: eb("count", "-", 1) }))
    .where("key", "in", Object.values(keys))
    .where("count", ">", 0)
    .execute();
  if (all) await db.deleteFrom("sign_in_failure").where("key", "=", keys.account).execute();
}

/**
 * Codes of one account behind its right password, from wherever they come: so many are free, then each waits for longer. Strangers do
 * not come so far, so nobody is locked out by them (OWASP ASVS 5.0, 6.6.3).
 */
const CODES: Slowing = { free: 10, first: 1_000, longest: 5 * MINUTE, forgotten: 24 * 60 * MINUTE };
const codeKey = (id: string): string => hash("sha256", JSON.stringify(["code", id]));

/** Counts a code of an account before it is looked at. @throws ControlRefusal `locked` */
export async function countCode(db: Db, id: string, now: number): Promise<void> {
  const key = codeKey(id);
  const row = await db.selectFrom("sign_in_failure").selectAll().where("key", "=", key).executeTakeFirst();
  const count = row && row.last + CODES.forgotten > now ? row.count : 0;
  const left = (row?.last ?? 0) + waitOf(CODES, count) - now;
  if (left > 0) throw new ControlRefusal("locked", "too many codes were wrong", undefined, Math.ceil(left / 1_000));
  await keep(db, { key, count: count + 1, last: now });
}

/** Forgets wrong codes of who brought the right one. */
export async function codeWasRight(db: Db, id: string): Promise<void> {
  await db.deleteFrom("sign_in_failure").where("key", "=", codeKey(id)).execute();
}
