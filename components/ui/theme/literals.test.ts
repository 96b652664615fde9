import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { themeCss } from "@/scripts/theme-css";

const ROOT = path.resolve(import.meta.dirname, "../../..");
/** Where colours have their values, and what is made of that. */
const VALUES = ["components/ui/theme/tokens.ts", "app/styles/tokens.css"];

/** A colour as hexadecimal digits or by a function of CSS with numbers in it. */
const WRITTEN = /#(?:[\da-f]{8}|[\da-f]{6}|[\da-f]{3,4})\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(\s*[\d.]/gi;
const NAMES = "white|black|gr[ae]y|silver|red|green|blue|yellow|orange|purple|pink|brown|cyan|magenta|teal|navy|gold";
/** A colour by its English name, as a value in a style sheet or as a text of its own in a program. */
const NAMED = {
  css: new RegExp(`[:,\\s(](?:${NAMES})(?=[\\s,;)])(?![^{}]*\\{)`, "gi"),
  ts: new RegExp(`"(?:${NAMES})"`, "gi"),
};
/** What a map is given: three numbers or four, each of up to three digits and one of them of two at least. */
const NUMBERS = /\[\s*(?=[^\]]*\d\d)(?:\d{1,3}\s*,\s*){2,3}\d{1,3}\s*\]/g;

const files = ["app", "components"].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name}`)
    .filter((name) => /\.(css|tsx?)$/.test(name) && !/\.test\.tsx?$/.test(name) && !VALUES.includes(name)),
);

function literalsIn(name: string): string[] {
  const css = name.endsWith(".css");
  const text = readFileSync(path.join(ROOT, name), "utf8").replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
  return [
    ...(text.match(WRITTEN) ?? []),
    ...(text.match(css ? NAMED.css : NAMED.ts) ?? []),
    ...(name.startsWith("components/widgets/map/") ? (text.match(NUMBERS) ?? []) : []),
  ];
}

describe("colours", () => {
  it("have their values in tokens.ts and nowhere else", () => {
    expect(files.length).toBeGreaterThan(200);
    expect(files.flatMap((name) => literalsIn(name).map((literal) => `${name}: ${literal.trim()}`))).toEqual([]);
  });

  it("have names that are known: what a style sheet asks for is there", () => {
    const known = new Set(themeCss().match(/--color-[\w-]+(?=:)/g));
    const asked = files.flatMap((name) =>
      (readFileSync(path.join(ROOT, name), "utf8").match(/var\(--color-[\w-]+/g) ?? []).map((one) => [
        name,
        one.slice(4),
      ]),
    );
    expect(asked.filter(([, one]) => one !== "--color-" && !known.has(one as string))).toEqual([]);
  });

  it("are in the style sheet as they are in tokens.ts (npm run theme writes it)", () => {
    expect(readFileSync(path.join(ROOT, "app/styles/tokens.css"), "utf8") === themeCss()).toBe(true);
  });

  it("are in style sheets of a size that can be read", () => {
    for (const name of files.filter((one) => one.endsWith(".css")))
      expect(readFileSync(path.join(ROOT, name), "utf8").split("\n").length, name).toBeLessThan(400);
  });
});
