import type { Control } from "../context";
import { passkeyFactor } from "../factors/passkeys";
import { recoveryFactor } from "../factors/recovery";
import { totpFactor } from "../factors/totp";
import type { AccountRow } from "../tables";

/** What an account can be asked for besides its password. */
export interface SecondFactor {
  /** what a session is said to have begun by */
  method: "totp" | "passkey" | "recovery";
  /** whether an account is asked for it */
  has(control: Control, account: AccountRow): Promise<boolean>;
  /** whether a code that was typed is right; none counts twice */
  isRight(control: Control, account: AccountRow, code: string): Promise<boolean>;
  /** takes it away from an account, in a transaction that sets its password anew */
  drop(step: Control["db"], account: string): Promise<void>;
}

/** All there are; the cheapest to look at first. */
export const SECOND_FACTORS: readonly SecondFactor[] = [totpFactor, passkeyFactor, recoveryFactor];

/** Whether an account is asked for more than its password. */
export async function hasSecondFactor(control: Control, account: AccountRow): Promise<boolean> {
  for (const factor of SECOND_FACTORS) if (await factor.has(control, account)) return true;
  return false;
}

/** By which of its second factors a code of an account is right; null: by none. */
export async function secondFactorBy(
  control: Control,
  account: AccountRow,
  code: string,
): Promise<SecondFactor["method"] | null> {
  for (const factor of SECOND_FACTORS) if (await factor.isRight(control, account, code)) return factor.method;
  return null;
}

/** Whether a code is right by one of the second factors that an account has. */
export async function isSecondFactor(control: Control, account: AccountRow, code: string): Promise<boolean> {
  return (await secondFactorBy(control, account, code)) !== null;
}
