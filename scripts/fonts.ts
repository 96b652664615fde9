/**
 * Makes the fonts of the pages: for each place a style sheet with few small slices of what its pages are likely to
 * write, core.css for pages that are about no single place, and rest.json with everything that the fonts can draw, of
 * which pages take up the rest after their first paint (components/ui/fonts.ts). Both together draw every
 * character that the fonts have: no name of a city is without its glyph.
 */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { create } from "fontkit";
import subsetFont from "subset-font";
import { codesIn, formatRange, packCodes, parseRange, SHEETS, type RestFont } from "../components/ui/font-ranges";
import { planFonts, type Plan, type Plans } from "./font-plan";

const ROOT = path.resolve(import.meta.dirname, "..");
const SOURCE = path.join(ROOT, "node_modules/@fontsource");
/** Figures, signs and letters of both languages' numbers and units. */
const LATIN = [...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)), ..." °±²³µ·×÷–—‘’“”…"].join("");

/**
 * What the pages' style sheet can ask of a font; vertical writing, fractions and a programmer's ligatures are not among
 * it.
 */
const FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum", "lnum", "halt"];

/** A font whose name in style sheets, package and weights are these. */
const FONTS = [
  { family: "Noto Sans SC", name: "noto-sans-sc", weights: [400, 500, 700], chinese: true },
  { family: "Barlow Condensed", name: "barlow-condensed", weights: [500, 600], chinese: false },
  { family: "JetBrains Mono", name: "jetbrains-mono", weights: [400, 500], chinese: false },
];
type FontSource = (typeof FONTS)[number];

export interface Face {
  family: string;
  weight: number;
  /** address of the file, below /fonts/ */
  file: string;
  /** as a style sheet writes it */
  range: string;
}

const codesOf = (text: string): number[] => [...text].map((character) => character.codePointAt(0) ?? 0);
const json = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;

/** A file of glyphs that slices are cut from, unpacked once. */
class Source {
  private constructor(
    private readonly bytes: Buffer,
    readonly drawn: ReadonlySet<number>,
  ) {}

  static async open(file: string): Promise<Source> {
    const packed = readFileSync(file);
    const drawn = new Set((create(packed) as { characterSet: number[] }).characterSet);
    return new Source(await subsetFont(packed, "", { targetFormat: "sfnt", keepAllGlyphs: true }), drawn);
  }

  cut(codes: number[]): Promise<Buffer> {
    return subsetFont(this.bytes, String.fromCodePoint(...codes), {
      targetFormat: "woff2",
      keepFeatures: FEATURES,
      noHinting: true,
    });
  }
}

/** Cuts slices of a font at a weight into a folder. */
class Cutter {
  private readonly sources = new Map<string, Promise<Source>>();
  private readonly cuts = new Map<string, Promise<string>>();

  constructor(
    private readonly font: FontSource,
    private readonly weight: number,
    private readonly out: string,
  ) {}

  private source(subset: string): Promise<Source> {
    const { name } = this.font;
    const known = this.sources.get(subset);
    const source =
      known ?? Source.open(path.join(SOURCE, name, "files", `${name}-${subset}-${this.weight}-normal.woff2`));
    this.sources.set(subset, source);
    return source;
  }

  /** The file of a cut: one for all places that need the same. */
  private cut(source: Source, codes: number[]): Promise<string> {
    const key = codes.join();
    const known = this.cuts.get(key);
    const made = known ?? this.write(source.cut(codes));
    this.cuts.set(key, made);
    return made;
  }

  private async write(cutting: Promise<Buffer>): Promise<string> {
    const bytes = await cutting;
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
    const file = `${this.font.name}-${this.weight}-${hash}.woff2`;
    writeFileSync(path.join(this.out, file), bytes);
    return file;
  }

  /** Faces for texts, one each. What the font's main file lacks, which are signs, is cut from the package's slices. */
  async faces(texts: string[]): Promise<Face[]> {
    const taken = new Set<number>();
    const faces: Face[] = [];
    const add = async (source: Source, codes: number[]): Promise<void> => {
      const own = codes.filter((code) => source.drawn.has(code) && !taken.has(code));
      if (own.length === 0) return;
      for (const code of own) taken.add(code);
      const file = await this.cut(source, own);
      faces.push({ family: this.font.family, weight: this.weight, file, range: formatRange(own) });
    };
    const main = await this.source(this.font.chinese ? "chinese-simplified" : "latin");
    for (const text of texts) await add(main, codesOf(text));
    if (!this.font.chinese) return faces;
    const left = texts.flatMap(codesOf).filter((code) => !taken.has(code));
    for (const [subset, codes] of slicesOf(this.font)) {
      const own = left.filter((code) => codes.includes(code));
      if (own.length > 0) await add(await this.source(subset), own);
    }
    return faces;
  }
}

/** Names and code points of a font's slices as its package cuts it. */
function slicesOf({ name }: FontSource): [string, number[]][] {
  const slices = json<Record<string, string>>(path.join(SOURCE, name, "unicode.json"));
  return Object.entries(slices).map(([subset, range]) => [subset.replace(/[[\]]/g, ""), codesIn(parseRange(range))]);
}

/** A font as its package slices it. Pages leave out what the core draws (components/ui/fonts.ts). */
function restOf(font: FontSource, out: string): RestFont {
  const folder = path.join(SOURCE, font.name);
  const { version } = json<{ version: string }>(path.join(folder, "package.json"));
  const slices = slicesOf(font).map(([subset, codes]) => [subset, packCodes(codes)] as const);
  const rest = {
    family: font.family,
    weights: font.weights,
    folder: `${font.name}@${version}`,
    slices: Object.fromEntries(slices),
  };
  mkdirSync(path.join(out, rest.folder), { recursive: true });
  for (const weight of font.weights)
    for (const [subset] of slices)
      copyFileSync(
        path.join(folder, "files", `${font.name}-${subset}-${weight}-normal.woff2`),
        path.join(out, rest.folder, `${subset}-${weight}.woff2`),
      );
  return rest;
}

function sheet(faces: Face[]): string {
  return faces
    .map(
      ({ family, weight, file, range }) =>
        `@font-face{font-family:"${family}";font-weight:${weight};font-display:swap;` +
        `src:url(/fonts/${file})format("woff2");unicode-range:${range}}\n`,
    )
    .join("");
}

/** Under another name until it is whole: a gateway may be serving it. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}

function textsOf({ chinese }: FontSource, weight: number, plan: Plan): string[] {
  if (!chinese) return [LATIN];
  // A heading in Chinese has no letters, so those that are bold lie apart. A map's classes have a sign that figures' own font lacks.
  if (weight === 700) return [`${plan.bold.join("")} ·≥`, LATIN];
  const [first = [], ...more] = weight === 500 ? plan.headings : plan.slices;
  return [LATIN + first.join(""), ...more.map((slice) => slice.join(""))];
}

export interface Made {
  /** by place */
  sheets: Record<string, Face[]>;
  /** of pages that are about no single place */
  common: Face[];
  /** names of the style sheets, by place */
  files: Record<string, string>;
  rest: RestFont[];
}

/** The style sheet of pages that are about no single place. */
export const COMMON = "core.css";
/** Of no place's name: whoever may ask for any file here is not told which places there are, by whatever name he guesses. */
const sheetName = (text: string): string => `core-${createHash("sha256").update(text).digest("hex").slice(0, 16)}.css`;

/** Takes away sheets of before: a page has its own since it began. */
function dropOthers(out: string, files: Record<string, string>): void {
  const kept = Object.values(files);
  for (const name of readdirSync(out))
    if (/^core-.*\.css/.test(name) && !kept.some((file) => name.startsWith(file))) rmSync(path.join(out, name));
}

/** Makes all of it in a folder: core.css, each place's sheet, which sheet that is, rest.json and their files. */
export async function makeFonts(out: string, { places, common }: Plans): Promise<Made> {
  mkdirSync(out, { recursive: true });
  const sheets: Record<string, Face[]> = {};
  const shared: Face[] = [];
  for (const font of FONTS)
    for (const weight of font.weights) {
      const cutter = new Cutter(font, weight, out);
      shared.push(...(await cutter.faces(textsOf(font, weight, common))));
      for (const [place, plan] of Object.entries(places))
        (sheets[place] ??= []).push(...(await cutter.faces(textsOf(font, weight, plan))));
    }
  const rest = FONTS.map((font) => restOf(font, out));
  const files: Record<string, string> = {};
  for (const [place, faces] of Object.entries(sheets)) {
    const text = sheet(faces);
    writeWhole(path.join(out, (files[place] = sheetName(text))), text);
  }
  writeWhole(path.join(out, COMMON), sheet(shared));
  writeWhole(path.join(out, "rest.json"), JSON.stringify(rest));
  writeWhole(path.join(out, SHEETS), JSON.stringify(files));
  dropOthers(out, files);
  return { sheets, common: shared, files, rest };
}

/**
 * Makes the fonts again when a name, a word or a package has changed. Files of before stay: a page that is open may
 * still ask for one.
 */
async function main(): Promise<void> {
  const cities = path.resolve(process.env.CITYWALL_CITIES ?? path.join(ROOT, "cities"));
  const plans = planFonts(ROOT, cities);
  const makers = ["scripts/fonts.ts", "package-lock.json"].map((name) => readFileSync(path.join(ROOT, name), "utf8"));
  const stamp = createHash("sha256")
    .update(JSON.stringify([plans, makers]))
    .digest("hex");
  const folder = path.join(ROOT, "public/fonts");
  const known = path.join(folder, "stamp");
  if (existsSync(known) && readFileSync(known, "utf8") === stamp) return;
  await makeFonts(folder, plans);
  writeFileSync(known, stamp);
}

if (process.argv[1] === import.meta.filename) await main();
