import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { create, type Font } from "fontkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codesIn, parseRange, unpackCodes } from "../components/ui/font-ranges";
import { planFonts, slicesOf, textsIn } from "./font-plan";
import { fontSheet } from "../app/fonts";
import { COMMON, makeFonts, type Face, type Made } from "./fonts";

const ROOT = path.resolve(import.meta.dirname, "..");
const CITIES = path.join(ROOT, "cities");
const NOTO = "Noto Sans SC";
const WEIGHTS = [400, 500, 700];
/** Cutting slices of seven fonts is much to do on a busy machine. */
const MAKING = 300_000;

let out: string;
let made: Made;

beforeAll(async () => {
  out = mkdtempSync(path.join(os.tmpdir(), "citywall-fonts-"));
  made = await makeFonts(out, planFonts(ROOT, CITIES));
}, MAKING);
afterAll(() => rmSync(out, { recursive: true, force: true }));

function everyName(): string[] {
  const files = readdirSync(CITIES, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".json") && !name.includes("schema"),
  );
  const words = readFileSync(path.join(ROOT, "components/ui/i18n.ts"), "utf8");
  const mocks = readdirSync(path.join(ROOT, "mock-feeds"), { recursive: true, encoding: "utf8" })
    .filter((name) => /(events|index|place)\.ts$/.test(name))
    .map((name) => readFileSync(path.join(ROOT, "mock-feeds", name), "utf8"));
  return [
    ...files.flatMap((name) => textsIn(JSON.parse(readFileSync(path.join(CITIES, name), "utf8")))),
    words,
    ...mocks,
  ];
}

const open = new Map<string, Font>();
function draws(file: string, code: number): boolean {
  const font = open.get(file) ?? (create(readFileSync(path.join(out, file))) as Font);
  open.set(file, font);
  return font.hasGlyphForCodePoint(code);
}

/** Texts of one language in a value. */
function inLanguage(value: unknown, lang: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key === lang && typeof one === "string" ? [one] : inLanguage(one, lang),
  );
}

interface Slice {
  file: string;
  codes: Set<number>;
}

/** Faces of a place's sheet, or of the common one. */
const facesIn = (sheet: string): Face[] => (sheet === COMMON ? made.common : (made.sheets[sheet] as Face[]));

/**
 * The faces that a page has in the end: its sheet's, and of the rest what they do not draw (components/ui/fonts.ts).
 */
function facesOf(sheet: string, family: string, weight: number): Slice[] {
  const core = facesIn(sheet)
    .filter((face) => face.family === family && face.weight === weight)
    .map(({ file, range }) => ({ file, codes: new Set(codesIn(parseRange(range))) }));
  const taken = new Set(core.flatMap(({ codes }) => [...codes]));
  const rest = made.rest
    .filter((font) => font.family === family)
    .flatMap(({ folder, slices }) =>
      Object.entries(slices).map(([slice, packed]) => ({
        file: `${folder}/${slice}-${weight}.woff2`,
        codes: new Set(unpackCodes(packed).filter((code) => !taken.has(code))),
      })),
    );
  return [...core, ...rest];
}

/** Characters for which a browser would find no glyph in the slices that it would fetch. */
function missing(text: Iterable<string>, slices: Slice[]): string {
  return [...text]
    .filter((character) => {
      const code = character.codePointAt(0) ?? 0;
      return !slices.some(({ file, codes }) => codes.has(code) && draws(file, code));
    })
    .join("");
}

const sheets = (): string[] => [COMMON, ...Object.keys(made.sheets)];

describe("slices", () => {
  const run = (from: number, count: number): string[] =>
    Array.from({ length: count }, (_, i) => String.fromCharCode(0x4e00 + from + i));

  it("a screen fetches no slice of which it writes nothing, and shared characters come first", () => {
    const [both, first, second] = [run(0, 20), run(20, 30), run(50, 40)];
    const slices = slicesOf([new Set([...first, ...both]), new Set([...both, ...second])]);
    expect(slices).toEqual([both, first, second]);
  });

  it("holds every character once, however few screens agree on it", () => {
    const screens = Array.from({ length: 7 }, (_, i) => new Set(run(i * 5, 12)));
    const slices = slicesOf(screens);
    expect(slices.flat().sort()).toEqual([...new Set(screens.flatMap((screen) => [...screen]))].sort());
    expect(Math.max(...slices.map((slice) => slice.length))).toBeLessThanOrEqual(64);
    expect(slices.slice(0, -1).every((slice) => slice.length >= 12)).toBe(true);
  });
});

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

  it("every place has a sheet of its own, and pages about all of them have one", () => {
    const places = readdirSync(CITIES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(sheets().sort()).toEqual([COMMON, ...places.map(({ name }) => name)].sort());
    for (const file of [COMMON, ...Object.values(made.files)])
      expect(readFileSync(path.join(out, file), "utf8")).toContain('font-family:"Noto');
  });

  it("no file's name tells which places there are, and pages find their place's sheet", () => {
    const places = Object.keys(made.sheets);
    expect(places.length).toBeGreaterThan(2);
    const files = readdirSync(out, { recursive: true, encoding: "utf8" });
    expect(files.filter((name) => places.some((place) => name.includes(place)))).toEqual([]);
    for (const place of places) expect(fontSheet(place, out)).toBe(`/fonts/${made.files[place]}`);
    for (const none of ["nowhere", "toString", "__proto__", null]) expect(fontSheet(none, out)).toBe("/fonts/core.css");
    expect(fontSheet("lianyungang", path.join(out, "none"))).toBe("/fonts/core.css");
  });

  it.each(WEIGHTS)(
    "Noto Sans SC %i draws every character of every name in both languages, from the slice a browser would fetch, on any page",
    (weight) => {
      expect(characters.length).toBeGreaterThan(900);
      for (const sheet of sheets()) expect(missing(characters, facesOf(sheet, NOTO, weight))).toBe("");
    },
  );

  it.each(WEIGHTS)("Noto Sans SC %i draws all that its package draws: a place may be called anything", (weight) => {
    const folder = path.join(ROOT, "node_modules/@fontsource/noto-sans-sc");
    const ranges = JSON.parse(readFileSync(path.join(folder, "unicode.json"), "utf8")) as Record<string, string>;
    const all = Object.values(ranges).flatMap((range) => codesIn(parseRange(range)));
    const had = new Set(facesOf("lianyungang", NOTO, weight).flatMap(({ codes }) => [...codes]));
    expect(all.length).toBeGreaterThan(10_000);
    expect(all.filter((code) => !had.has(code))).toEqual([]);
    expect(missing("龘靐囍〇", facesOf("lianyungang", NOTO, weight))).toBe("");
  });

  it("the sign of a map's highest class is bold in each place's own files: the slice it is in else has 33 KB", () => {
    const own = (sheet: string): number[] =>
      facesIn(sheet)
        .filter(({ family, weight }) => family === NOTO && weight === 700)
        .flatMap(({ range }) => codesIn(parseRange(range)));
    expect(sheets().filter((sheet) => !own(sheet).includes("≥".codePointAt(0) ?? 0))).toEqual([]);
  });

  it("what a sheet says a file draws, the file draws; and no character is in two files of a page", () => {
    for (const sheet of sheets())
      for (const { family, weight, file, range } of facesIn(sheet)) {
        const codes = codesIn(parseRange(range));
        expect({ file, lacks: codes.filter((code) => !draws(file, code)) }).toEqual({ file, lacks: [] });
        const others = facesIn(sheet).filter(
          (other) => other.file !== file && other.family === family && other.weight === weight,
        );
        const elsewhere = new Set(others.flatMap((other) => codesIn(parseRange(other.range))));
        expect(codes.filter((code) => elsewhere.has(code))).toEqual([]);
      }
  });

  it.each([
    ["Barlow Condensed", 600],
    ["JetBrains Mono", 500],
  ] as const)("%s %i draws every figure, sign and Latin letter a value can have, on any page", (family, weight) => {
    for (const sheet of sheets()) expect(missing("0123456789.,-–+%<>:/kMB", facesOf(sheet, family, weight))).toBe("");
  });

  it("a place's own names are in the few slices that are there from the start", () => {
    for (const place of Object.keys(made.sheets)) {
      const city = JSON.parse(readFileSync(path.join(CITIES, place, "city.json"), "utf8")) as {
        center: { zh: string };
        districts: { short: { zh: string } }[];
      };
      const faces = (weight: number): Slice[] => facesOf(place, NOTO, weight).filter(({ file }) => !file.includes("/"));
      expect(missing(city.districts.map(({ short }) => short.zh).join(""), faces(500))).toBe("");
      expect(missing(city.center.zh, faces(700))).toBe("");
    }
  });

  it("every file of the rest is there", () => {
    const files = made.rest.flatMap(({ folder, weights, slices }) =>
      weights.flatMap((weight) => Object.keys(slices).map((slice) => `${folder}/${slice}-${weight}.woff2`)),
    );
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => !existsSync(path.join(out, file)))).toEqual([]);
  });
});
