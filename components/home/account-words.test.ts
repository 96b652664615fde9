import { expect, it } from "vitest";
import { PERMISSIONS, ROLES, type Permission } from "@/lib/contract/rights";
import { officesOf } from "./account-words";

it("the menu leads to what one's role is for, and to nothing that would say that there is no right", () => {
  const mays = (role: (typeof ROLES)[number]) =>
    (Object.keys(PERMISSIONS) as Permission[]).filter((one) => (PERMISSIONS[one] as readonly string[]).includes(role));
  expect(Object.fromEntries(ROLES.map((role) => [role, officesOf(mays(role))]))).toEqual({
    viewer: [],
    operator: ["displays"],
    analyst: [],
    editor: [],
    administrator: ["people", "displays", "tokens", "audit"],
  });
});
