import { hash, randomBytes, randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Role, Scope } from "../contract/rights";
import { now as clockNow } from "../clock";
import { touch } from "./context";
import type { Tables } from "./tables";

/** Everything, everywhere. */
export const EVERYWHERE: readonly Scope[] = [{ city: "*", districts: "*" }];

/** Puts somebody into the control data who is signed in, by a password or more; gives the secret of his session's cookie. */
export async function signedIn(
  db: Kysely<Tables>,
  {
    role,
    scopes = EVERYWHERE,
    now = clockNow(),
    multiFactor = false,
  }: { role: Role; scopes?: readonly Scope[]; now?: number; multiFactor?: boolean },
): Promise<{ account: string; session: string; secret: string }> {
  const [account, session, secret] = [randomUUID(), randomUUID(), randomBytes(32).toString("base64url")];
  const name = `test-${role}-${account.slice(0, 8)}`;
  const more = { password: null, totp: null, totp_step: null, oidc: null, disabled: 0 as const };
  await db
    .insertInto("account")
    .values({ id: account, name, title: name, role, scopes: JSON.stringify(scopes), created: now, ...more })
    .execute();
  await db
    .insertInto("session")
    .values({
      hash: hash("sha256", secret),
      id: session,
      account,
      created: now,
      seen: now,
      expires: now + 86_400_000,
      address: "127.0.0.1",
      agent: "test",
      method: "password",
      multi_factor: multiFactor ? 1 : 0,
    })
    .execute();
  await touch(db);
  return { account, session, secret };
}
