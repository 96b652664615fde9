import { describe, expect, it } from "vitest";
import { langAsked, pickLang } from "./page-lang";

describe("langAsked", () => {
  it("is what the query says, where that is a language", () => {
    expect(
      ["/?lang=en", "/wall/a/b?theme=day&lang=zh#x", "/?lang=fr", "/?lang=", "/lang=en", "/"].map(langAsked),
    ).toEqual(["en", "zh", null, null, null, null]);
  });
});

describe("pickLang", () => {
  it("goes by the address first, then by what was chosen last, then by the browser", () => {
    expect(pickLang("en", "zh", "zh-CN")).toBe("en");
    expect(pickLang(null, "en", "zh-CN")).toBe("en");
    expect(pickLang(null, "fr", "en-GB,zh;q=0.8")).toBe("en");
    expect(pickLang("fr", undefined, "de,en;q=0.9")).toBe("zh");
    expect(pickLang(null, null, null)).toBe("zh");
  });
});
