import type { Control } from "../context";
import { isPassword } from "../people/passwords";
import { isSecondFactor } from "../people/second-factors";
import { passwordQueue } from "../people/queue";
import { codeWasRight, countCode, countFailure, mayTry, takeBack } from "../people/sign-in-limits";
import { ControlRefusal } from "../refusal";
import type { AccountRow } from "../tables";

/** What somebody who is signed in proves himself with anew. */
export interface Proof {
  /** the password; where there is one, it alone is looked at */
  current?: string | undefined;
  /** a code, where codes are asked for */
  code?: string | undefined;
  /** where it comes from, as failures are counted */
  network: string;
}

/**
 * The account of who proves himself anew, before how he proves himself is changed (OWASP ASVS 5.0, 7.5.1). Whoever found a page open
 * guesses no faster than anybody who signs in. @throws ControlRefusal `no-right` that names the field, `locked`, `refused`
 */
export function proved(control: Control, id: string, proof: Proof): Promise<AccountRow> {
  return passwordQueue.take(proof.network, () => provedInTurn(control, id, proof));
}

/** The same by the password alone: what lets in for good is not given for a code that holds for half a minute. */
export async function provedByPassword(control: Control, id: string, proof: Proof): Promise<AccountRow> {
  if (proof.current === undefined) throw refused("current");
  return proved(control, id, proof);
}

async function provedInTurn(
  { db, now, ...more }: Control,
  id: string,
  { current, code, network }: Proof,
): Promise<AccountRow> {
  const account = await db.selectFrom("account").selectAll().where("id", "=", id).executeTakeFirst();
  if (!account) throw new ControlRefusal("unknown", "there is no such account");
  if (account.password === null) throw new ControlRefusal("refused", "another system signs this account in");
  const who = { name: account.name, network };
  await mayTry(db, who, now());
  await countFailure(db, who, now());
  if (current === undefined) await countCode(db, id, now());
  const isRight =
    current === undefined
      ? await isSecondFactor({ db, now, ...more }, account, code ?? "")
      : await isPassword(account.password, current);
  if (!isRight) throw refused(current === undefined ? "code" : "current");
  await takeBack(db, who, true);
  if (current === undefined) await codeWasRight(db, id);
  return account;
}

function refused(field: "code" | "current"): ControlRefusal {
  return new ControlRefusal("no-right", field === "code" ? "is no code that counts" : "is not the password", field);
}
