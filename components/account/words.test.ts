import { describe, expect, it } from "vitest";
import { ROLES } from "@/lib/contract/rights";
import { whoText } from "@/components/ui/who";
import { refusalText, ROLE_WORDS, scopesText } from "./words";

const HAN = /\p{Script=Han}/u;

describe("what pages about accounts say", () => {
  it("of a refusal is in the reader's language, and tells the field that is wrong", () => {
    for (const refusal of [
      { code: "sign-in-refused" },
      { code: "bad-parameter", field: "password" },
      { code: "bad-parameter", field: "scopes[0].districts[1]" },
      { code: "taken", field: "name" },
      { code: "too-many-requests", wait: 7 },
      { code: "something new" },
    ]) {
      expect(refusalText("zh", refusal)).toMatch(HAN);
      expect(refusalText("en", refusal)).not.toMatch(HAN);
    }
    expect(refusalText("en", { code: "too-many-requests", wait: 7 })).toContain("7 s");
    const all = ["password", "name", "title", "scopes"].map((field) =>
      refusalText("en", { code: "bad-parameter", field }),
    );
    expect(new Set(all).size).toBe(all.length);
  });

  it("of roles and of who did something has both languages", () => {
    for (const role of ROLES)
      expect([ROLE_WORDS[role].name.zh, ROLE_WORDS[role].says.zh].every((text) => HAN.test(text))).toBe(true);
    expect([whoText("zh", "account ada"), whoText("en", "account ada")]).toEqual(["账号 ada", "account ada"]);
    expect([whoText("zh", "local"), whoText("en", "local")]).toEqual(["本机", "this machine"]);
    expect(whoText("zh", "somebody")).toBe("somebody");
  });

  it("of scopes names cities and their places", () => {
    const nameOf = (city: string, district?: string): string => (district ? `place ${district}` : `city ${city}`);
    const scopes = [
      { city: "a", districts: "*" },
      { city: "b", districts: ["1", "2"] },
    ] as const;
    expect(scopesText("en", scopes, nameOf)).toBe("city a; city b (place 1, place 2)");
    expect(scopesText("zh", [{ city: "*", districts: "*" }], nameOf)).toBe("全部城市");
  });
});
