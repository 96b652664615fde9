import fc from "fast-check";
import { expect, it } from "vitest";
import { plainAttribution } from "./plain-attribution";

it.each<[unknown, string]>([
  [
    '<a href="https://www.openstreetmap.org/copyright" target="_blank">&copy; OpenStreetMap contributors</a>',
    "© OpenStreetMap contributors",
  ],
  ["a &amp; b &#169; &#xA9; &lt;script&gt;", "a & b © © script"],
  ["<script>alert(1)</script>", "alert(1)"],
  ["  ©\n  天地图 \u202e GS(2024)0001号 ", "© 天地图 GS(2024)0001号"],
  [undefined, ""],
  [{ html: "x" }, ""],
  ["<img src=x onerror='alert(1)'", "img src=x onerror='alert(1)'"],
])("%j is shown as %j", (told, shown) => expect(plainAttribution(told)).toBe(shown));

it("is a short line without anything that could be read as a tag, whatever is told", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (told) => {
      const shown = plainAttribution(told);
      expect(shown).not.toMatch(/[<>\p{Cc}\p{Cf}]/u);
      expect([...shown].length).toBeLessThanOrEqual(160);
    }),
  );
});
