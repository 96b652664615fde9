import { ROLES, type Role, type Scope } from "../../contract/rights";

/** What an issuer says of somebody (OpenID Connect Core 1.0, 5.1). */
export type Claims = Readonly<Record<string, unknown>>;

/** A claim with a value gives a role somewhere. */
export interface RoleMapping {
  id: string;
  /** name of the claim; one within another as `realm_access.roles` */
  claim: string;
  /** what it has to be, or to have among its values */
  value: string;
  role: Role;
  scopes: Scope[];
}

const isRecord = (value: unknown): value is Claims =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function ownOf(claims: unknown, name: string): unknown {
  return isRecord(claims) && Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** The values of a claim as texts; none where it has another form. A name that is an address has dots of its own. */
export function valuesOf(claims: Claims, name: string): string[] {
  const whole = ownOf(claims, name);
  const found =
    whole === undefined ? name.split(".").reduce<unknown>((inside, part) => ownOf(inside, part), claims) : whole;
  return [found].flat().flatMap((value) => {
    if (typeof value === "string") return [value];
    return typeof value === "number" || typeof value === "boolean" ? [String(value)] : [];
  });
}

/**
 * The rights that somebody's claims give: the highest role of those whose mapping fits, wherever a mapping gives just this role. What a
 * lower one gives elsewhere is no part of it, so nobody gets a role in a place for which no mapping says so. Null: none fits.
 */
export function rightsOf(mappings: readonly RoleMapping[], claims: Claims): { role: Role; scopes: Scope[] } | null {
  const fitting = mappings.filter(({ claim, value }) => valuesOf(claims, claim).includes(value));
  const role = ROLES.findLast((one) => fitting.some((mapping) => mapping.role === one));
  if (role === undefined) return null;
  const scopes = fitting.filter((mapping) => mapping.role === role).flatMap((mapping) => mapping.scopes);
  const texts = [...new Set(scopes.map((scope) => JSON.stringify(scope)))].sort();
  return { role, scopes: texts.map((text) => JSON.parse(text) as Scope) };
}
