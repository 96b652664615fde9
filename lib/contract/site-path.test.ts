import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enrolPath, signInPath, sitePath } from "./site-path";

const SITE = "https://wall.example.org";

describe("sitePath", () => {
  it("lets a path of this site through as it is, with its query", () => {
    for (const path of [
      "/",
      "/wall/lianyungang/overview",
      "/compare?indicator=a%2Fb&lang=en",
      "/?at=2026-11-20T10:20:00+08:00",
    ])
      expect(sitePath(path)).toBe(path);
  });

  it("leads to the front page instead of to another site, whatever it is written as", () => {
    const away = [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "/\t/evil.example",
      "/\n/evil.example",
      " //evil.example",
      "/.//evil.example",
      "/a/..//evil.example",
      "javascript:alert(1)",
      "wall/lianyungang/overview",
      "@evil.example",
      "",
      null,
      undefined,
    ];
    expect(away.map(sitePath)).toEqual(away.map(() => "/"));
  });

  it("does not lead from the sign-in to the sign-in", () => {
    expect(["/sign-in", "/sign-in?to=%2Fsign-in", "/./sign-in"].map(sitePath)).toEqual(["/", "/", "/"]);
  });

  it("never leaves the site, by any text", () => {
    const part = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "@",
      ":",
      "?",
      "#",
      "%2f",
      "%5c",
      "evil.example",
      "\t",
      "\n",
      " ",
      "//",
      "http:",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join("")),
        ),
        (text) => {
          for (const path of [sitePath(text), sitePath(`/${text}`)]) {
            expect(new URL(path, SITE).origin).toBe(SITE);
            // Also where its resolved path is resolved once more.
            expect(new URL(new URL(path, SITE).pathname, SITE).origin).toBe(SITE);
          }
        },
      ),
    );
  });
});

describe("enrolPath", () => {
  it("takes the page along that was asked for, of this site alone", () => {
    expect(enrolPath("/wall/lianyungang/overview?_rsc=1a2b")).toBe("/account?to=%2Fwall%2Flianyungang%2Foverview");
    expect(enrolPath("/")).toBe("/account");
    expect(enrolPath("//evil.example")).toBe("/account");
  });
});

describe("signInPath", () => {
  it("takes the page along that was asked for", () => {
    expect(signInPath("/district/lianyungang/320706?view=analysis")).toBe(
      "/sign-in?to=%2Fdistrict%2Flianyungang%2F320706%3Fview%3Danalysis",
    );
    expect(signInPath("/")).toBe("/sign-in");
    expect(signInPath("//evil.example")).toBe("/sign-in");
  });

  it("is in the language of the page that was asked for", () => {
    expect(signInPath("/compare?lang=en")).toBe("/sign-in?to=%2Fcompare%3Flang%3Den&lang=en");
    expect(signInPath("/?lang=zh")).toBe("/sign-in?to=%2F%3Flang%3Dzh&lang=zh");
    expect(signInPath("/compare?lang=%26to=x")).toBe("/sign-in?to=%2Fcompare%3Flang%3D%2526to%3Dx");
  });

  it("takes a page along, and not the part of it that a script asked for", () => {
    expect(signInPath("/compare?_rsc=1a2b")).toBe("/sign-in?to=%2Fcompare");
    expect(signInPath("/compare?_rsc=1a2b&at=1")).toBe("/sign-in?to=%2Fcompare%3Fat%3D1");
    expect(signInPath("/compare?at=1&_rsc=1a2b")).toBe("/sign-in?to=%2Fcompare%3Fat%3D1");
    expect(signInPath("/compare?_rsc")).toBe("/sign-in?to=%2Fcompare");
    expect(signInPath("/compare?x_rsc=1&_rscx=2")).toBe("/sign-in?to=%2Fcompare%3Fx_rsc%3D1%26_rscx%3D2");
  });
});
