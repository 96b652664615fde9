import { PLAIN_TEXT } from "../../contract/plain-text";
import { liesWithin, type Role, type Scope } from "../../contract/rights";
import type { By, Control } from "../context";
import { ControlRefusal } from "../refusal";
import type { AccountRow } from "../tables";

/** Who gives rights, and how far his own reach. */
export interface Giver {
  by: By;
  scopes: readonly Scope[];
}

export const scopesOf = ({ scopes }: { scopes: string | null }): Scope[] => JSON.parse(scopes ?? "[]") as Scope[];
export const roleOf = ({ role }: { role: string | null }): Role => role as Role;

/** @throws ControlRefusal where somebody would give rights that he does not have */
export function mustReach(scopes: readonly Scope[], own: readonly Scope[]): void {
  if (!liesWithin(scopes, own)) throw new ControlRefusal("no-right", "must lie within one's own", "scopes");
}

/** An account that somebody may change; what lies beyond his own rights is as if it were not there. @throws ControlRefusal `unknown` */
export async function reached(db: Control["db"], id: string, own: readonly Scope[]): Promise<AccountRow> {
  // What PostgreSQL could not even be asked for is none's.
  const row = PLAIN_TEXT.test(id)
    ? await db.selectFrom("account").selectAll().where("id", "=", id).executeTakeFirst()
    : undefined;
  if (!row || !liesWithin(scopesOf(row), own)) throw new ControlRefusal("unknown", "there is no such account", "id");
  return row;
}
