import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { may, mayAnywhere, PERMISSIONS, ROLES, type Permission, type Principal, type Scope } from "./rights";

const names = Object.keys(PERMISSIONS) as Permission[];
const account = (role: (typeof ROLES)[number], scopes: Scope[]): Principal => ({
  kind: "account",
  id: "1",
  name: "ada",
  role,
  scopes,
  session: "s",
});

const place = fc.constantFrom("320703", "320706", "320707");
const city = fc.constantFrom("lianyungang", "hangzhou");
const scope = fc.record({
  city: fc.oneof(city, fc.constant("*")),
  districts: fc.oneof(fc.constant("*" as const), fc.array(place, { maxLength: 2 })),
});
const role = fc.constantFrom(...ROLES);
const permission = fc.constantFrom(...names);

describe("what somebody may do", () => {
  it("is nothing that his role does not have, whatever his scope", () => {
    fc.assert(
      fc.property(role, permission, city, place, (who, what, where, at) => {
        const allowed = (PERMISSIONS[what] as readonly string[]).includes(who);
        expect(may(account(who, [{ city: "*", districts: "*" }]), what, { city: where, within: [at] })).toBe(allowed);
      }),
    );
  });

  it("is in a place only where some scope of his names it, one that it lies in, or the whole of its city", () => {
    fc.assert(
      fc.property(
        fc.array(scope, { maxLength: 3 }),
        city,
        fc.array(place, { maxLength: 2 }),
        (scopes, where, within) => {
          const named = scopes.filter((one) => one.city === "*" || one.city === where);
          const expected = named.some(
            ({ districts }) => districts === "*" || within.some((at) => districts.includes(at)),
          );
          expect(may(account("viewer", scopes), "look", { city: where, within })).toBe(expected);
        },
      ),
    );
  });

  it("is never less with one scope more", () => {
    fc.assert(
      fc.property(
        fc.array(scope, { maxLength: 3 }),
        scope,
        permission,
        city,
        place,
        (scopes, more, what, where, at) => {
          const asked = { city: where, within: [at] };
          if (may(account("editor", scopes), what, asked))
            expect(may(account("editor", [...scopes, more]), what, asked)).toBe(true);
        },
      ),
    );
  });

  it("is nothing at all before a second factor is set up, where one is demanded", () => {
    fc.assert(
      fc.property(role, permission, fc.array(scope, { maxLength: 3 }), city, place, (who, what, scopes, where, at) => {
        const enrolling: Principal = { ...account(who, scopes), enrolling: true } as Principal;
        for (const asked of [{}, { city: where }, { city: where, within: [] }, { city: where, within: [at] }])
          expect(may(enrolling, what, asked)).toBe(false);
        expect(mayAnywhere(enrolling, what)).toBe(false);
      }),
    );
  });

  it("is for the whole installation only with every city", () => {
    expect(may(account("administrator", [{ city: "lianyungang", districts: "*" }]), "people")).toBe(false);
    expect(may(account("administrator", [{ city: "*", districts: "*" }]), "people")).toBe(true);
    expect(may(account("administrator", [{ city: "*", districts: ["320703"] }]), "people")).toBe(false);
  });

  it("is for the whole of a city not with a district of it, whose name he may know", () => {
    const one = account("viewer", [{ city: "lianyungang", districts: ["320703"] }]);
    expect(may(one, "look", { city: "lianyungang", within: [] })).toBe(false);
    expect(may(one, "look", { city: "lianyungang" })).toBe(true);
    expect(may(one, "look", { city: "lianyungang", within: ["320703001", "320703"] })).toBe(true);
  });

  it("is with a display or for nobody to look at what a screen of theirs shows, and nothing else", () => {
    const grants = [{ city: "lianyungang", screen: "overview", topics: new Set(["events/lianyungang"]) }];
    for (const who of [
      { kind: "display", id: "d", name: "hall", grants },
      { kind: "anonymous", grants },
    ] as const) {
      expect(may(who, "look", { city: "lianyungang" })).toBe(true);
      expect(may(who, "look", { city: "lianyungang", screen: "overview" })).toBe(true);
      expect(may(who, "look", { city: "lianyungang", within: [], topic: "events/lianyungang" })).toBe(true);
      expect(may(who, "look", { city: "lianyungang", within: [], topic: "positions/lianyungang/buses" })).toBe(false);
      expect(may(who, "look", { city: "lianyungang", screen: "services" })).toBe(false);
      expect(may(who, "look", { city: "lianyungang", within: [] })).toBe(false);
      expect(may(who, "look", { city: "hangzhou" })).toBe(false);
      for (const other of names.filter((name) => name !== "look")) expect(mayAnywhere(who, other)).toBe(false);
    }
    expect(mayAnywhere({ kind: "anonymous", grants: [] }, "look")).toBe(false);
  });

  it("is with a monitor's token to read how the gateway does, and nothing else", () => {
    const monitor = { kind: "monitor", id: "12345678" } as const;
    expect([may(monitor, "operate"), mayAnywhere(monitor, "operate")]).toEqual([true, true]);
    expect(may(monitor, "operate", { city: "lianyungang" })).toBe(false);
    for (const other of names.filter((name) => name !== "operate"))
      expect([may(monitor, other), mayAnywhere(monitor, other), may(monitor, other, { city: "x" })]).toEqual([
        false,
        false,
        false,
      ]);
  });

  it("is everything at the machine itself, where nothing else reaches it", () => {
    for (const name of names) expect(may({ kind: "local" }, name)).toBe(true);
  });
});
