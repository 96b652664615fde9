/** Codes of an authenticator app: time-based one-time passwords (TOTP, RFC 6238) by the library otpauth. */
import { Secret, TOTP } from "otpauth";
import { patiently } from "../audit";
import type { Control } from "../context";
import type { SecondFactor } from "../people/second-factors";
import type { AccountRow } from "../tables";

/** Bytes of a shared secret: the 160 bits that RFC 4226 (4, R6) recommends. */
const SECRET_BYTES = 20;
/** Steps of 30 s before and after that count as well, for clocks that differ and codes that are typed slowly (RFC 6238, 5.2). */
const TOLERANCE = 1;
/** What every authenticator app does: six digits by SHA-1, a new code every 30 s. */
const FORM = { algorithm: "SHA1", digits: 6, period: 30 } as const;

/** A new shared secret, and the address that an app takes it from. */
export function newTotp(name: string): { secret: string; uri: string } {
  const secret = new Secret({ size: SECRET_BYTES });
  const uri = new TOTP({ issuer: "Citywall", label: name, secret, ...FORM }).toString();
  return { secret: secret.base32, uri };
}

/** The step of a code, counted from 1970; null where it is that of none that counts now. @param at ms since 1970 */
export function stepOf(secret: string, code: string, at: number): number | null {
  const token = code.replaceAll(/\s/g, "");
  if (!/^\d{6}$/.test(token)) return null;
  const delta = TOTP.validate({
    token,
    secret: Secret.fromBase32(secret),
    timestamp: at,
    window: TOLERANCE,
    ...FORM,
  });
  return delta === null ? null : TOTP.counter({ period: FORM.period, timestamp: at }) + delta;
}

/**
 * Whether a code is right and was not used before: a step counts once (RFC 6238, 5.2), and none before it any more. Of two that bring the
 * same at once one is right.
 */
export async function useTotp(
  { db, now }: Control,
  { id, totp }: Pick<AccountRow, "id" | "totp">,
  code: string,
): Promise<boolean> {
  const step = totp === null ? null : stepOf(totp, code, now());
  if (step === null) return false;
  const { numUpdatedRows } = await patiently(() =>
    db
      .updateTable("account")
      .set({ totp_step: step })
      .where("id", "=", id)
      .where("totp", "=", totp)
      .where(({ eb, or }) => or([eb("totp_step", "is", null), eb("totp_step", "<", step)]))
      .executeTakeFirst(),
  );
  return numUpdatedRows === 1n;
}

/** Codes as sign-in asks for them. */
export const totpFactor: SecondFactor = {
  method: "totp",
  has: (_control, { totp }) => Promise.resolve(totp !== null),
  isRight: useTotp,
  async drop(step, account) {
    await step.updateTable("account").set({ totp: null, totp_step: null }).where("id", "=", account).execute();
  },
};
