import type { Control } from "../context";
import { passkeyFactor } from "../factors/passkeys";
import { totpFactor } from "../factors/totp";
import type { AccountRow } from "../tables";

/** What an account can be asked for besides its password. */
export interface SecondFactor {
  /** whether an account has it */
  has(control: Control, account: AccountRow): Promise<boolean>;
  /** whether a code that was typed is right; none counts twice */
  isRight(control: Control, account: AccountRow, code: string): Promise<boolean>;
  /** takes it away from an account, in a transaction that sets its password anew */
  drop(step: Control["db"], account: string): Promise<void>;
}

/** All there are. */
export const SECOND_FACTORS: readonly SecondFactor[] = [totpFactor, passkeyFactor];

/** Whether an account is asked for more than its password. */
export async function hasSecondFactor(control: Control, account: AccountRow): Promise<boolean> {
  for (const factor of SECOND_FACTORS) if (await factor.has(control, account)) return true;
  return false;
}

/** Whether a code is right by one of the second factors that an account has. */
export async function isSecondFactor(control: Control, account: AccountRow, code: string): Promise<boolean> {
  for (const factor of SECOND_FACTORS)
    if ((await factor.has(control, account)) && (await factor.isRight(control, account, code))) return true;
  return false;
}
