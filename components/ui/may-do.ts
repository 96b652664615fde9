import type { Permission } from "@/lib/contract/rights";

/**
 * Whether there is anything with which who looks at this page may do something, as its server said; true where it could not say. What may
 * not be asked need not be: the gateway has the last word.
 */
export function mayDo(permission: Permission): boolean {
  const { may } = document.documentElement.dataset;
  return may === undefined || may.split(" ").includes(permission);
}
