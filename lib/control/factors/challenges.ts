import { hash, randomBytes } from "node:crypto";
import { patiently } from "../audit";
import type { Control } from "../context";
import type { ChallengeRow } from "../tables";

/** A challenge as it is kept, apart from what its answer has to bring along. */
type Asked = Pick<ChallengeRow, "kind" | "account" | "value">;

/** ms that an answer has to come. */
export const ANSWERED_WITHIN = 5 * 60_000;

const hashOf = (secret: string): string => hash("sha256", secret);

/**
 * Keeps what an answer is held against. What nobody answered in time goes with it.
 * @param secret what the answer has to bring along; left out, 256 random bits
 * @returns the secret
 */
export async function challenge(
  { db, now }: Control,
  { kind, account, value }: Asked,
  secret = randomBytes(32).toString("base64url"),
): Promise<string> {
  const row = { hash: hashOf(secret), kind, account, value, expires: now() + ANSWERED_WITHIN };
  await patiently(async () => {
    await db.deleteFrom("challenge").where("expires", "<=", now()).execute();
    await db.insertInto("challenge").values(row).execute();
  });
  return secret;
}

type Answered = Pick<ChallengeRow, "kind" | "account"> & { secret: string };

/** What an answer is held against; null where nothing was asked, by others, or too long ago. It goes on waiting. */
export async function asked({ db, now }: Control, { kind, account, secret }: Answered): Promise<string | null> {
  const found = await db
    .selectFrom("challenge")
    .select("value")
    .where("hash", "=", hashOf(secret))
    .where("kind", "=", kind)
    .where("account", account === null ? "is" : "=", account)
    .where("expires", ">", now())
    .executeTakeFirst();
  return found?.value ?? null;
}

/** The same, and nobody can answer it any more: of two that answer at once one has it. */
export async function takeAsked(control: Control, answered: Answered): Promise<string | null> {
  const value = await asked(control, answered);
  if (value === null) return null;
  const { numDeletedRows } = await patiently(() =>
    control.db.deleteFrom("challenge").where("hash", "=", hashOf(answered.secret)).executeTakeFirst(),
  );
  return numDeletedRows === 1n ? value : null;
}
