import type { Kysely } from "kysely";
import { append, appendIn, patiently, type Deed } from "./audit";
import type { Issuer } from "./oidc/issuer";
import type { Tables } from "./tables";

/** What the methods of the control data work on. */
export interface Control {
  db: Kysely<Tables>;
  /** ms since 1970 */
  now: () => number;
  /** the site's own issuer of identities; left out, there is none */
  issuer?: Issuer;
}

/** Who asks for a change, as the audit log has it. */
export interface By {
  /** such as `account ada`, `display hall`, `command root` */
  who: string;
  /** where it came from; empty for a command */
  address: string;
}

/** A transaction under way, and how it writes into the audit log. */
export interface Change {
  step: Kysely<Tables>;
  /** ms since 1970 */
  at: number;
  /** Writes into the audit log, with the change or not at all. */
  audit(by: By, deed: Pick<Deed, "action" | "object" | "detail">): Promise<void>;
}

/**
 * Changes who may do what, one change after the other over all processes: what is looked at in it holds until it is done. Each process
 * that goes by it looks again.
 */
export function changing<T>({ db, now }: Control, change: (change: Change) => Promise<T>): Promise<T> {
  return patiently(() =>
    db.transaction().execute(async (step) => {
      // First of all: it is by this row that changes wait for each other.
      await touch(step);
      const at = now();
      return change({
        step,
        at,
        audit: ({ who, address }, deed) => appendIn(step, { who, address, ...deed }, at),
      });
    }),
  );
}

/** Writes into the audit log what is about to be done, so that nothing is done that the log does not have. */
export function audited({ db, now }: Control, by: By, deed: Pick<Deed, "action" | "object" | "detail">): Promise<void> {
  return append(db, { who: by.who, address: by.address, ...deed }, now());
}

/**
 * Says that who may do what has changed: every process that goes by it looks again within a second. To be called after each change of
 * accounts, sessions, displays and screens that are open, in its transaction where it has one.
 */
export async function touch(db: Kysely<Tables>): Promise<void> {
  await db
    .updateTable("control_revision")
    .set(({ eb }) => ({ revision: eb("revision", "+", 1) }))
    .where("one", "=", 1)
    .execute();
}

export async function revisionOf(db: Kysely<Tables>): Promise<number> {
  return (await db.selectFrom("control_revision").select("revision").where("one", "=", 1).executeTakeFirstOrThrow())
    .revision;
}
