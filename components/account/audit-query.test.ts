import { describe, expect, it } from "vitest";
import { ACTIONS } from "@/lib/control/audit";
import { actionText, detailText } from "./admin-words";
import { auditQuery } from "./audit-query";

describe("a search of the audit log", () => {
  it("asks for what was typed alone, moments of the reader's clock with their zone", () => {
    expect(auditQuery({})).toBe("");
    expect(auditQuery({ since: "", who: "account ada", text: "a&b=c" })).toBe("who=account+ada&text=a%26b%3Dc");
    const since = new URLSearchParams(auditQuery({ since: "2026-12-01T08:00", until: "soon" }));
    expect(since.get("since")).toBe(new Date("2026-12-01T08:00").toISOString());
    expect(since.get("until")).toBe("soon");
  });
});

describe("a line of the audit log", () => {
  it("has words in both languages, whatever was done", () => {
    for (const action of ACTIONS) {
      expect([action, /\p{Script=Han}/u.test(actionText("zh", action))]).toEqual([action, true]);
      expect([action, /[\p{Script=Han}.]/u.test(actionText("en", action))]).toEqual([action, false]);
    }
  });

  it("is told in the reader's language, and what has no words as it is", () => {
    expect([actionText("zh", "token.create"), actionText("en", "token.create"), actionText("zh", "x.y")]).toEqual([
      "新建令牌",
      "token made",
      "x.y",
    ]);
    expect(detailText("zh", '{"count":3,"unheard":"of"}')).toBe("次数 3 · unheard of");
    expect([detailText("zh", '{"a":true}'), detailText("en", '{"a":false}')]).toEqual(["a 是", "a no"]);
    const told = detailText("en", '{"a":"2027-03-01T12:38:23.010Z"}');
    expect(told).toMatch(/^a 2027-0[23]-\d\d \d\d:\d\d:23$/);
    const hash = "0123456789abcdef".repeat(4);
    expect(detailText("en", JSON.stringify({ before: hash }))).toBe("hash before 0123456789ab…");
    expect([detailText("en", "{}"), detailText("en", "{"), detailText("en", "7")]).toEqual(["", "{", "7"]);
  });
});
