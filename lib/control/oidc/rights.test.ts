import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ROLES, type Scope } from "../../contract/rights";
import { rightsOf, valuesOf, type Claims, type RoleMapping } from "./rights";

const city = (id: string): Scope => ({ city: id, districts: "*" });
const mapping = (value: string, role: RoleMapping["role"], ...scopes: Scope[]): RoleMapping => ({
  id: value,
  claim: "groups",
  value,
  role,
  scopes,
});

describe("valuesOf", () => {
  it.each<[string, Claims, string, string[]]>([
    ["a text", { department: "water" }, "department", ["water"]],
    ["a list", { groups: ["a", "b"] }, "groups", ["a", "b"]],
    ["a number, and whether something is so", { level: [3, true] }, "level", ["3", "true"]],
    ["one within another", { realm_access: { roles: ["ops"] } }, "realm_access.roles", ["ops"]],
    ["a name that is an address", { "https://idp.example/groups": ["ops"] }, "https://idp.example/groups", ["ops"]],
    ["what is not there", { groups: ["a"] }, "roles", []],
    ["what every object has", {}, "constructor.name", []],
    ["an object", { groups: { a: 1 } }, "groups", []],
    ["nothing", { groups: null }, "groups", []],
    ["lists of lists", { groups: [["a"]] }, "groups", []],
  ])("reads %s", (_what, claims, name, values) => expect(valuesOf(claims, name)).toEqual(values));
});

describe("rightsOf", () => {
  it("gives nobody anything without a mapping that fits", () => {
    expect(rightsOf([], { groups: ["ops"] })).toBeNull();
    expect(rightsOf([mapping("ops", "viewer", city("*"))], { groups: ["op", "OPS", "ops "] })).toBeNull();
  });

  it("gives the highest role, where a mapping gives just this one", () => {
    const all = [
      mapping("all", "viewer", city("*")),
      mapping("ops", "operator", city("hangzhou")),
      mapping("night", "operator", city("zhengzhou"), city("hangzhou")),
    ];
    expect(rightsOf(all, { groups: ["all"] })).toEqual({ role: "viewer", scopes: [city("*")] });
    expect(rightsOf(all, { groups: ["all", "ops"] })).toEqual({ role: "operator", scopes: [city("hangzhou")] });
    expect(rightsOf(all, { groups: ["ops", "night"] })).toEqual({
      role: "operator",
      scopes: [city("hangzhou"), city("zhengzhou")],
    });
  });

  it("never gives a role in a place for which no mapping that fits says so, in whatever order they are", () => {
    const value = fc.constantFrom("a", "b", "c");
    const scope = fc.record({
      city: fc.constantFrom("*", "hangzhou", "zhengzhou"),
      districts: fc.constantFrom("*" as const, ["330102"]),
    });
    const one = fc.record({
      id: fc.uuid(),
      claim: fc.constantFrom("groups", "department"),
      value,
      role: fc.constantFrom(...ROLES),
      scopes: fc.array(scope, { minLength: 1, maxLength: 3 }),
    });
    const claims = fc.record({ groups: fc.array(value), department: value });
    fc.assert(
      fc.property(fc.array(one), claims, (mappings, said) => {
        const rights = rightsOf(mappings, said);
        const fitting = mappings.filter((each) => valuesOf(said, each.claim).includes(each.value));
        expect(rights === null).toBe(fitting.length === 0);
        for (const given of rights?.scopes ?? [])
          expect(
            fitting.some(
              ({ role, scopes }) =>
                role === rights?.role && scopes.some((each) => JSON.stringify(each) === JSON.stringify(given)),
            ),
          ).toBe(true);
        expect(rightsOf([...mappings].reverse(), said)).toEqual(rights);
      }),
    );
  });
});
