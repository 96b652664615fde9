/** For tests: accounts as people make them, by a link. */
import { hash } from "node:crypto";
import { EVERYWHERE, type Role, type Scope } from "../../contract/rights";
import { BY, type TestControl } from "../test-engines";

export const PASSWORD = "seven brown foxes at noon";
export const BROWSER = { address: "10.0.0.7", agent: "test", before: null };

export const sha256 = (secret: string): string => hash("sha256", secret);

/** Makes an account by an invitation. Gives its id and the session that it began with. */
export async function makeAccount(
  control: TestControl,
  name: string,
  { role = "administrator", scopes = [...EVERYWHERE] }: { role?: Role; scopes?: Scope[] } = {},
): Promise<{ id: string; secret: string }> {
  const link = await control.call("invite", { by: BY, scopes: EVERYWHERE, role, given: scopes });
  const asked = { ...BROWSER, hash: sha256(link.secret), name, title: name, password: PASSWORD };
  const { session } = await control.call("acceptInvitation", asked);
  const known = await control.call("accountOf", { hash: sha256(session.secret) });
  if (!known) throw new Error("the session does not hold");
  return { id: known.id, secret: session.secret };
}
