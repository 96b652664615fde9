import { challenge, takeAsked } from "../factors/challenges";
import { isDemandedOf } from "../factors/demand";
import { audited, changing, type Control } from "../context";
import { beginSessionIn, endLinksIn, endSessionsIn, type Begun as Session, type SignIn } from "../sessions";
import { accountOfIdentity, identityOf, keepAccount } from "./accounts";
import { saysOneFactor } from "./factors";
import { IssuerAway, type Expected, type Issuer } from "./issuer";
import { rightsOf, type Claims, type RoleMapping } from "./rights";
import type { AccountRow } from "../tables";

/** Where somebody comes from. */
export type From = Pick<SignIn, "address" | "agent" | "before">;

export type Begun = { kind: "away" } | { kind: "asked"; url: string; secret: string };
/**
 * `refused`: what came is no answer to what was asked; `unknown`: no mapping fits, or the account is disabled; `one-factor`: the issuer
 * says that it asked for a password alone, and more is demanded
 */
export type Finished =
  { kind: "away" | "refused" | "unknown" | "one-factor" } | { kind: "signed-in"; session: Session; to: string };

export async function mappingsOf({ db }: Control): Promise<RoleMapping[]> {
  const rows = await db
    .selectFrom("role_mapping")
    .selectAll()
    .orderBy("claim")
    .orderBy("value")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    ...row,
    scopes: JSON.parse(row.scopes) as RoleMapping["scopes"],
    role: row.role as RoleMapping["role"],
  }));
}

/** @param to the page that is opened afterwards */
export async function begin(
  control: Control,
  issuer: Issuer,
  { redirectUri, to }: { redirectUri: string; to: string },
): Promise<Begun> {
  try {
    const { url, expected } = await issuer.begin(redirectUri);
    const secret = await challenge(control, { kind: "oidc", account: null, value: JSON.stringify({ expected, to }) });
    return { kind: "asked", url, secret };
  } catch (error) {
    if (error instanceof IssuerAway) return { kind: "away" };
    throw error;
  }
}

/** Writes down that somebody whom the issuer knows is not let in. */
function tellRefused(control: Control, known: AccountRow | undefined, { address }: From, why: string): Promise<void> {
  const object = known ? `account ${known.name}` : "issuer";
  return audited(control, { who: "anonymous", address }, { action: "session.refuse", object, detail: { why } });
}

async function admit(
  control: Control,
  issuer: Issuer,
  claims: Claims & { sub: string },
  from: From,
): Promise<Session | "unknown" | "one-factor"> {
  const identity = identityOf(issuer.name, claims);
  const known = await accountOfIdentity(control, identity);
  const rights = rightsOf(await mappingsOf(control), claims);
  if (rights === null || known?.disabled === 1) {
    await tellRefused(control, known, from, rights === null ? "no mapping" : "disabled");
    // Who belongs to nothing any more is out of what he still has open as well.
    if (known)
      await changing(control, async ({ step }) => {
        await endLinksIn(step, known);
        await endSessionsIn(step, known.id);
      });
    return "unknown";
  }
  const multiFactor = !saysOneFactor(claims);
  if (!multiFactor && (await isDemandedOf(control.db, rights))) {
    await tellRefused(control, known, from, "one factor");
    return "one-factor";
  }
  const account = await keepAccount(control, { identity, claims, rights });
  return changing(control, async (change) => {
    const still = rightsOf(await mappingsOf({ ...control, db: change.step }), claims);
    // A mapping that was taken away meanwhile has ended all such sessions, and is given none anew.
    if (JSON.stringify(still) !== JSON.stringify(rights)) return "unknown";
    return beginSessionIn(change, { account: account.id, method: "oidc", multiFactor, ...from });
  });
}

/** @param secret what `begin` gave the browser @param query of the address that the issuer sent it back to */
export async function finish(
  control: Control,
  issuer: Issuer,
  { secret, query, ...from }: From & { secret: string; query: string },
): Promise<Finished> {
  const kept = await takeAsked(control, { kind: "oidc", account: null, secret });
  if (kept === null) return { kind: "refused" };
  const { expected, to } = JSON.parse(kept) as { expected: Expected; to: string };
  try {
    const claims = await issuer.finish(query, expected);
    if (claims === null) return { kind: "refused" };
    const session = await admit(control, issuer, claims, from);
    return typeof session === "string" ? { kind: session } : { kind: "signed-in", session, to };
  } catch (error) {
    if (error instanceof IssuerAway) return { kind: "away" };
    throw error;
  }
}
