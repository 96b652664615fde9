import { expect, it } from "vitest";
import { browserText } from "./browser-text";

it("a browser is called by its name and its system, also where it names others besides", () => {
  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
  expect(browserText(chrome)).toBe("Chrome 141, Linux");
  expect(browserText(`${chrome.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64")} Edg/141.0.0.0`)).toBe(
    "Edge 141, Windows",
  );
  expect(browserText("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0")).toBe(
    "Firefox 144, Linux",
  );
  const safari =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";
  expect(browserText(safari)).toBe("Safari 18, iOS");
  expect([browserText("curl/8.5.0"), browserText(""), browserText("x".repeat(99)).length]).toEqual([
    "curl/8.5.0",
    "–",
    40,
  ]);
});
