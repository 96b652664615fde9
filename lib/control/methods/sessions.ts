import type { SessionOut } from "../../contract/api/accounts";
import { PLAIN_TEXT } from "../../contract/plain-text";
import { changing, type By, type Control } from "../context";
import { checkNewPassword, hashPassword, isPassword } from "../people/passwords";
import { passwordQueue } from "../people/queue";
import { countFailure, mayTry, takeBack, type Try } from "../people/sign-in-limits";
import { ControlRefusal } from "../refusal";
import { endSessionsIn, IDLE } from "../sessions";

/** Somebody's own session. */
interface Own {
  by: By;
  /** id of his account, and of the session that asks */
  account: string;
  session: string;
}

export const sessionMethods = {
  /** Ends a session by the SHA-256 of its secret; none where there is none. */
  async signOut(control: Control, { hash, address }: { hash: string; address: string }): Promise<void> {
    const found = await control.db
      .selectFrom("session")
      .innerJoin("account", "account.id", "session.account")
      .select("account.name")
      .where("session.hash", "=", hash)
      .executeTakeFirst();
    if (!found) return;
    await changing(control, async ({ step, audit }) => {
      await audit(
        { who: `account ${found.name}`, address },
        { action: "session.end", object: `account ${found.name}` },
      );
      await step.deleteFrom("session").where("hash", "=", hash).execute();
    });
  },
  /** Somebody's sign-ins that hold, the one used last first. */
  async ownSessions({ db, now }: Control, { account, session }: Omit<Own, "by">): Promise<SessionOut[]> {
    const rows = await db
      .selectFrom("session")
      .select(["id", "created", "seen", "expires", "address", "agent", "method"])
      .where("account", "=", account)
      .where("expires", ">", now())
      .where("seen", ">", now() - IDLE)
      .orderBy("seen", "desc")
      .orderBy("created", "desc")
      .execute();
    return rows.map((row) => ({ ...row, current: row.id === session }));
  },
  /** Ends one of somebody's own sessions. @throws ControlRefusal `unknown` */
  endSession: (control: Control, { by, account, id }: { by: By; account: string; id: string }): Promise<void> =>
    changing(control, async ({ step, audit }) => {
      const unknown = new ControlRefusal("unknown", "no sign-in of one's own has this id", "id");
      if (!PLAIN_TEXT.test(id)) throw unknown;
      const ended = await step
        .deleteFrom("session")
        .where("account", "=", account)
        .where("id", "=", id)
        .executeTakeFirst();
      if (Number(ended.numDeletedRows) === 0) throw unknown;
      await audit(by, { action: "session.end", object: by.who });
    }),
  /** Ends all of somebody's own sessions but the one that asks. Returns how many ended */
  endOtherSessions: (control: Control, { by, account, session }: Own): Promise<number> =>
    changing(control, async ({ step, audit }) => {
      const ended = await endSessionsIn(step, account, session);
      if (ended > 0) await audit(by, { action: "session.end", object: by.who, detail: { count: ended } });
      return ended;
    }),
  /** Sets somebody's own password anew, and ends his other sessions. @throws ControlRefusal that names `current` or `password`, `locked` */
  async ownPassword(
    control: Control,
    { by, account, session, current, password, network }: Own & { current: string; password: string; network: string },
  ): Promise<void> {
    const { db, now } = control;
    const row = await db.selectFrom("account").selectAll().where("id", "=", account).executeTakeFirst();
    if (!row || row.password === null) throw new ControlRefusal("refused", "the account has no password here");
    checkNewPassword(password, [row.name, row.title]);
    // Who found a browser that is signed in guesses no faster than anybody.
    const who: Try = { name: row.name, network };
    const hashed = await passwordQueue.take(network, async () => {
      await mayTry(db, who, now());
      await countFailure(db, who, now());
      if (!(await isPassword(row.password, current)))
        throw new ControlRefusal("no-right", "is not the password", "current");
      await takeBack(db, who, true);
      return hashPassword(password);
    });
    await changing(control, async ({ step, audit }) => {
      // A link that was used meanwhile has the last word: who knew the password before it may not set it anew.
      const holds = await step
        .selectFrom("session")
        .innerJoin("account", "account.id", "session.account")
        .select("account.password")
        .where("session.id", "=", session)
        .where("account.id", "=", account)
        .where("account.disabled", "=", 0)
        .executeTakeFirst();
      if (holds?.password !== row.password) throw new ControlRefusal("refused", "the account was changed meanwhile");
      await audit(by, { action: "account.password", object: `account ${row.name}` });
      await step.updateTable("account").set({ password: hashed }).where("id", "=", account).execute();
      await endSessionsIn(step, account, session);
    });
  },
};
