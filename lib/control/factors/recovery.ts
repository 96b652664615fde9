/** Recovery codes (lookup secrets, NIST SP 800-63B, 3.1.2; OWASP ASVS 5.0, 6.5): each counts once in the place of a second factor. */
import { randomBytes } from "node:crypto";
import { patiently } from "../audit";
import type { Control } from "../context";
import { randomLetters, readLetters } from "../letters";
import { hashBySalt } from "../people/passwords";
import type { SecondFactor } from "../people/second-factors";
import type { RecoveryCodeRow } from "../tables";

/** Codes that are made at once, and letters of one: about 51.9 bits, so a slow hash keeps them (OWASP ASVS 5.0, 6.5.2). */
const RECOVERY_CODES = 10;
const LETTERS = 12;
const GROUP = 4;
const SALT_BYTES = 16;

/** Codes as people are given them, and as they are kept. All have one salt, so that one hash tells whether a code is among them. */
export async function newRecoveryCodes(account: string): Promise<{ codes: string[]; rows: RecoveryCodeRow[] }> {
  const salt = randomBytes(SALT_BYTES).toString("base64url");
  const letters = new Set<string>();
  while (letters.size < RECOVERY_CODES) letters.add(randomLetters(LETTERS));
  const rows: RecoveryCodeRow[] = [];
  for (const code of letters) rows.push({ account, hash: await hashBySalt(code, salt), salt });
  const codes = [...letters].map((code) => code.replaceAll(new RegExp(`(.{${GROUP}})(?=.)`, "g"), "$1-"));
  return { codes, rows };
}

/** How many of an account's codes were not used yet. */
export async function recoveryCodesLeft({ db }: Pick<Control, "db">, account: string): Promise<number> {
  const { left } = await db
    .selectFrom("recovery_code")
    .select(({ fn }) => fn.countAll<number>().as("left"))
    .where("account", "=", account)
    .executeTakeFirstOrThrow();
  return Number(left);
}

/** Whether a code is one that an account has, and was not used before: it counts no more then, and of two that bring it one is right. */
async function useRecoveryCode({ db }: Control, { id }: { id: string }, typed: string): Promise<boolean> {
  const code = readLetters(typed, LETTERS);
  if (code === null) return false;
  const kept = await db.selectFrom("recovery_code").select("salt").where("account", "=", id).executeTakeFirst();
  if (!kept) return false;
  const hash = await hashBySalt(code, kept.salt);
  const { numDeletedRows } = await patiently(() =>
    db.deleteFrom("recovery_code").where("account", "=", id).where("hash", "=", hash).executeTakeFirst(),
  );
  return numDeletedRows === 1n;
}

/** Recovery codes as sign-in knows them: nobody is asked for one, and who has any may bring one where a second factor is asked for. */
export const recoveryFactor: SecondFactor = {
  method: "recovery",
  has: () => Promise.resolve(false),
  isRight: useRecoveryCode,
  async drop(step, account) {
    await step.deleteFrom("recovery_code").where("account", "=", account).execute();
  },
};
