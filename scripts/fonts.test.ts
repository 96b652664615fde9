import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { create, type Font } from "fontkit";
import { describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "..");
const FONTS = path.join(ROOT, "node_modules/@fontsource");

interface Slice {
  file: string;
  ranges: [number, number][];
}

/** Slices of a font as its style sheet names them, with the characters a browser fetches each for. */
function slices(css: string): Slice[] {
  const folder = path.dirname(path.join(FONTS, css));
  return [
    ...readFileSync(path.join(FONTS, css), "utf8").matchAll(/url\(([^)]+\.woff2)\)[\s\S]*?unicode-range: ([^;]+);/g),
  ].map(([, file = "", ranges = ""]) => ({
    file: path.join(folder, file),
    ranges: ranges.split(",").map((range) => {
      const [from = "", to] = range.trim().replace(/^U\+/i, "").split("-");
      return [Number.parseInt(from.replaceAll("?", "0"), 16), Number.parseInt(to ?? from.replaceAll("?", "F"), 16)];
    }),
  }));
}

/** Every text of both languages in a value: what a page may write. */
function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(texts);
}

function everyName(): string[] {
  const cities = path.join(ROOT, "cities");
  const files = readdirSync(cities, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".json") && !name.includes("schema"),
  );
  const words = readFileSync(path.join(ROOT, "components/ui/i18n.ts"), "utf8");
  const mocks = readdirSync(path.join(ROOT, "mock-feeds"), { recursive: true, encoding: "utf8" })
    .filter((name) => /(events|index|place)\.ts$/.test(name))
    .map((name) => readFileSync(path.join(ROOT, "mock-feeds", name), "utf8"));
  return [
    ...files.flatMap((name) => texts(JSON.parse(readFileSync(path.join(cities, name), "utf8")))),
    words,
    ...mocks,
  ];
}

const open = new Map<string, Font>();
function glyphOf(set: Slice[], code: number): boolean {
  return set
    .filter(({ ranges }) => ranges.some(([from, to]) => code >= from && code <= to))
    .some(({ file }) => {
      const font = open.get(file) ?? (create(readFileSync(file)) as Font);
      open.set(file, font);
      return font.hasGlyphForCodePoint(code);
    });
}

/** Texts of one language in a value. */
function inLanguage(value: unknown, lang: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key === lang && typeof one === "string" ? [one] : inLanguage(one, lang),
  );
}

describe("fonts", () => {
  it("English names have the plain apostrophe: the Chinese font draws the curved one as wide as an ideograph", () => {
    const cities = path.join(ROOT, "cities");
    const names = readdirSync(cities, { recursive: true, encoding: "utf8" })
      .filter((name) => /json$/.test(name))
      .flatMap((name) => inLanguage(JSON.parse(readFileSync(path.join(cities, name), "utf8")), "en"));
    expect(names.length).toBeGreaterThan(1_000);
    expect(names.filter((name) => /[‘’“”]/.test(name))).toEqual([]);
  });

  const characters = [...new Set(everyName().join(""))].filter((character) => character > " ");

  it.each(["400", "500", "700"])(
    "Noto Sans SC %s draws every character of every name in both languages, from the slice a browser would fetch",
    (weight) => {
      const set = slices(`noto-sans-sc/${weight}.css`);
      expect(set.length).toBeGreaterThan(90);
      expect(characters.length).toBeGreaterThan(900);
      expect(characters.filter((character) => !glyphOf(set, character.codePointAt(0) ?? 0)).join("")).toBe("");
    },
  );

  it.each(["barlow-condensed/600.css", "jetbrains-mono/500.css"])(
    "%s draws every figure, sign and Latin letter a value can have",
    (css) => {
      const set = slices(css);
      expect(
        [..."0123456789.,-–+%<>:/kMB"].filter((character) => !glyphOf(set, character.codePointAt(0) ?? 0)),
      ).toEqual([]);
    },
  );
});
