import { PLAIN_TEXT } from "../../contract/plain-text";
import { append } from "../audit";
import type { Control } from "../context";
import { isPassword } from "../people/passwords";
import { passwordQueue } from "../people/queue";
import { hasSecondFactor, secondFactorBy, type SecondFactor } from "../people/second-factors";
import { codeWasRight, countCode, countFailure, mayTry, takeBack, waitAfter, type Try } from "../people/sign-in-limits";
import { beginSession, type Begun } from "../sessions";
import type { AccountRow } from "../tables";

/** What was typed, and where. */
export interface Typed extends Omit<Try, "name"> {
  /** as it was typed */
  name: string;
  password: string;
  /** of a second factor */
  code?: string;
  address: string;
  agent: string;
  /** SHA-256 of the secret that the browser had before */
  before: string | null;
}

/** What came of it. `refused` says nothing of what was wrong. */
export type SignInResult =
  { kind: "in"; name: string; title: string; session: Begun } | { kind: "refused" } | { kind: "second-factor" };

/** A name as accounts have it. */
export const accountNameOf = (typed: string): string => typed.normalize("NFKC").trim().toLowerCase();

/** An account by its name. What PostgreSQL could not even be asked for is none's. */
async function accountCalled(db: Control["db"], name: string): Promise<AccountRow | undefined> {
  if (!PLAIN_TEXT.test(name)) return undefined;
  return db.selectFrom("account").selectAll().where("name", "=", name).executeTakeFirst();
}

/** Writes down that a sign-in failed. A name that no account has is not kept: it may be a password in the wrong field. */
async function tellRefused(
  { db, now }: Control,
  { address }: Typed,
  account: AccountRow | undefined,
  wait: number,
): Promise<void> {
  const object = account ? `account ${account.name}` : "no account";
  const detail: Record<string, number> = wait > 0 ? { waits: Math.ceil(wait / 1_000) } : {};
  await append(db, { who: "anonymous", action: "session.refuse", object, address, detail }, now());
}

async function judge(control: Control, typed: Typed, who: Try): Promise<SignInResult> {
  const { db, now } = control;
  await mayTry(db, who, now());
  const failed = await countFailure(db, who, now());
  const account = await accountCalled(db, who.name);
  const usable = account?.disabled === 0 ? account : undefined;
  const refuse = async (kind: "refused" | "second-factor"): Promise<SignInResult> => {
    await tellRefused(control, typed, account, waitAfter("account", failed));
    return { kind };
  };
  // Compared in any case, so that it takes as long where there is no account.
  if (!(await isPassword(usable?.password ?? null, typed.password)) || !usable) return refuse("refused");
  const isAsked = await hasSecondFactor(control, usable);
  if (isAsked && typed.code === undefined) {
    // No failure; but what failed before stands, or codes could be guessed without an end.
    await takeBack(db, who, false);
    return { kind: "second-factor" };
  }
  let factor: SecondFactor["method"] | null = null;
  if (isAsked) {
    await countCode(db, usable.id, now());
    factor = await secondFactorBy(control, usable, typed.code ?? "");
    if (factor === null) return refuse("second-factor");
    await codeWasRight(db, usable.id);
  }
  await takeBack(db, who, true);
  const { id, name, title } = usable;
  const { address, agent, before } = typed;
  const session = await beginSession(control, {
    account: id,
    method: factor ?? "password",
    multiFactor: factor !== null,
    address,
    agent,
    before,
    password: usable.password,
  });
  return { kind: "in", name, title, session };
}

export const signInMethods = {
  /** Signs in by name and password. @throws ControlRefusal `locked` where too many failed, by account and network or by network */
  async signIn(control: Control, typed: Typed): Promise<SignInResult> {
    const who: Try = { name: accountNameOf(typed.name), network: typed.network };
    // Looked at before it waits for its turn, too: what is refused costs next to nothing.
    await mayTry(control.db, who, control.now());
    return passwordQueue.take(typed.network, () => judge(control, typed, who));
  },
};
