/**
 * What a site demands of a sign-in (GB/T 22239-2019, 8.1.4.1 d; OWASP ASVS 5.0, 6.3.3). Pure, so that gateway, pages and commands go by
 * the same.
 */
import { ROLES, type Role } from "./rights";

/** Whom a second factor is demanded of, by their roles; from the least to the most. */
const DEMANDED = {
  nobody: [],
  editors: ["editor", "administrator"],
  everybody: ROLES,
} as const satisfies Record<string, readonly Role[]>;

/** `editors`: of editors and administrators, who change what others see. */
export type Demand = keyof typeof DEMANDED;
export const DEMANDS = Object.keys(DEMANDED) as [Demand, ...Demand[]];

/** Roles of which a second factor is demanded. */
export const rolesDemanded = (demand: Demand): readonly Role[] => DEMANDED[demand];

/** Whether a second factor is demanded of who has a role. */
export const isDemanded = (demand: Demand, role: Role): boolean => rolesDemanded(demand).includes(role);
