import { randomBytes } from "node:crypto";
import { hash, hashRaw, verify } from "@node-rs/argon2";
import { LIMITS } from "../../contract/api/limits";
import { ControlRefusal } from "../refusal";
import { isEasyToGuess } from "./easy-passwords";

/**
 * argon2id (RFC 9106) with 19 MiB, two passes and one lane, as OWASP's Password Storage Cheat Sheet has it. Each takes some ms of a
 * core and so much memory, so they are taken one at a time.
 */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** A password as it is compared: the same letters count as the same, however a keyboard writes them (NIST SP 800-63B, 3.1.1.2). */
const normal = (password: string): string => password.normalize("NFKC");

/**
 * Refuses a password that is too short, or that many use: length and what is known to be tried, and no rules of what it is made of
 * (OWASP ASVS 5.0, 6.2.1, 6.2.4 and 6.2.5). @param about words that are no secret, such as the account's name
 * @throws ControlRefusal that names the field `password`
 */
export function checkNewPassword(password: string, about: readonly string[]): void {
  const { least, most } = LIMITS.accounts.passwordLength;
  const { length } = [...normal(password)];
  const refuse = (why: string): ControlRefusal => new ControlRefusal("invalid", why, "password");
  if (length < least) throw refuse(`must have at least ${least} characters`);
  if (length > most) throw refuse(`must have at most ${most} characters`);
  if (isEasyToGuess(normal(password), about))
    throw refuse("is among those that are tried first: used by many, a row of keys, repeated, or made of the name");
}

/** The PHC string of a password: algorithm, cost, salt and hash. */
export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), COST);
}

/** The same of a code by chance, by a salt that is given: whoever knows it can look for the code by its hash. @param salt base64url */
export async function hashBySalt(code: string, salt: string): Promise<string> {
  return (await hashRaw(code, { ...COST, salt: Buffer.from(salt, "base64url") })).toString("base64url");
}

/** What nobody's password is compared with, so that it takes as long as anybody's. */
let nobodys: Promise<string> | null = null;

/** Whether a password is right. Takes as long, and says no, where there is none: nothing tells whether an account exists. */
export async function isPassword(kept: string | null, typed: string): Promise<boolean> {
  nobodys ??= hash(randomBytes(32), COST);
  const matches = await verify(kept ?? (await nobodys), normal(typed));
  return kept !== null && matches;
}
