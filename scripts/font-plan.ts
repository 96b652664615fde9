/**
 * Which characters a wall is likely to write, and in which order of likelihood. Pure but for the files that it reads.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * How likely a word of the program's own is seen on a wall, beside a city's texts: 1 is on every screen of every city.
 */
const WORD = 0.5;
/** The same of what a place's feeds say: titles of events. */
const EVENT = 0.4;
/** Characters in one file: smaller ones are fetched more exactly, larger ones with fewer requests. */
const SLICE = 64;

/** What a date and a weekday are written with. */
const DATES = "年月日星期一二三四五六时分秒";

/** Every text of both languages in a value: what a page may write. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** What is beyond Latin: the characters of a text that a Chinese font is needed for. */
export function chineseIn(text: string): Set<string> {
  return new Set([...text].filter((character) => character > "\u2e7f"));
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // A faulty file is refused by the gateway with its reason; its characters are drawn all the same, from the rare
    // slices.
    return null;
  }
}

function filesUnder(folder: string, ending: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

interface Place {
  /** all that it can write */
  every: Set<string>;
  /** by screen: what that screen writes by its file */
  screens: Set<string>[];
  /** what its feeds say */
  events: Set<string>;
}

type Facts = Partial<Record<"name" | "center" | "zones" | "mapNotice", unknown>>;

interface Metric {
  id: string;
  name: unknown;
  unit: unknown;
}

/** A screen's place among the tabs. */
function orderOf(text: string): number {
  return Number(/"order": *(\d+)/.exec(text)?.[1] ?? Infinity);
}

function placeOf(folder: string, feeds: string): Place {
  const city = read(path.join(folder, "city.json")) as ({ districts?: { short: unknown }[] } & Facts) | null;
  const metrics = ((read(path.join(folder, "metrics.json")) as { metrics?: Metric[] } | null)?.metrics ?? []).filter(
    (metric) => metric?.id,
  );
  const { districts = [], ...facts } = city ?? {};
  const files = filesUnder(path.join(folder, "screens"), /\.json$/)
    .map((file) => readFileSync(file, "utf8"))
    .sort((a, b) => orderOf(a) - orderOf(b));
  // The titles of all screens are the tabs of each.
  const titles = files.flatMap((text) => /"title": \{[^}]*\}/.exec(text)?.[0] ?? []);
  const { name, center, zones, mapNotice } = facts;
  const common = textsIn([name, center, zones, mapNotice, titles, districts.map(({ short }) => short), DATES]).join("");
  const screens = files.map((text) => {
    const shown = metrics.filter(({ id }) => text.includes(`"${id}"`));
    return chineseIn(text + common + textsIn(shown.map(({ name, unit }) => [name, unit])).join(""));
  });
  const all = [
    ...filesUnder(folder, /\.json$/).flatMap((file) => textsIn(read(file))),
    // What the mock feeds say of a place: the titles of its events.
    ...filesUnder(feeds, /\.ts$/).map((file) => readFileSync(file, "utf8")),
  ];
  const events = filesUnder(feeds, /events\.ts$/).map((file) => readFileSync(file, "utf8"));
  return { every: chineseIn(all.join("")), screens, events: chineseIn(events.join("")) };
}

interface Words {
  /** those that a wall or its widgets name */
  wall: Set<string>;
  every: Set<string>;
  signs: Set<string>;
  /** those beside figures */
  figure: string;
}

/** The characters of the program's own words. */
function wordsOf(root: string): Words {
  const table = readFileSync(path.join(root, "components/ui/i18n.ts"), "utf8");
  const sources = (...folders: string[]): string =>
    folders
      .flatMap((folder) => filesUnder(path.join(root, folder), /(?<!\.test)\.tsx?$/))
      .filter((file) => !file.endsWith("i18n.ts"))
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
  const wall = sources("components/ui", "components/wall", "components/widgets", "lib/contract", "lib/live");
  const words = [...table.matchAll(/^ {2}(\w+): \{([^}]*)\}/gm)].map(([, key = "", texts = ""]) => ({ key, texts }));
  const of = (fits: (key: string) => boolean): string =>
    words
      .filter(({ key }) => fits(key))
      .map(({ texts }) => texts)
      .join("");
  const every = table + sources("components", "app");
  return {
    wall: chineseIn(of((key) => wall.includes(`"${key}"`)) + wall),
    every: chineseIn(every),
    signs: signsIn(every + readFileSync(path.join(root, "app/globals.css"), "utf8")),
    figure: of((key) => FIGURE_WORDS.includes(key)),
  };
}

/** Signs that are neither Latin nor Chinese and stand in texts all the same: arrows, triangles, bullets. */
export function signsIn(text: string): Set<string> {
  return new Set([...text].filter((character) => character > "\u00ff" && character <= "\u2e7f"));
}

/** Words that stand beside figures and are as bold as they are. */
const FIGURE_WORDS = ["inAll", "inAllAfter", "andMore", "andMoreAfter"];

export interface Plan {
  /** characters in slices, likely ones first */
  slices: string[][];
  /** characters of headings and units, which are written bold */
  bold: string[];
}

/** A plan for the pages of each place, and one for pages that are about all of them. */
export interface Plans {
  places: Record<string, Plan>;
  common: Plan;
}

/**
 * What the pages of each place are likely to write, so that a page fetches few slices and little in them that it does
 * not write: half of what a wall of one city writes is never written in another.
 * @param root the program's folder @param cities the folder of places
 */
export function planFonts(root: string, cities: string): Plans {
  const names = readdirSync(cities, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const words = wordsOf(root);
  const kit = chineseIn(
    filesUnder(path.join(root, "mock-feeds/kit"), /\.ts$/)
      .map((file) => readFileSync(file, "utf8"))
      .join(""),
  );
  const places = names.map((name) => placeOf(path.join(cities, name), path.join(root, "mock-feeds", name)));
  const planOf = (of: Place[], folders: string[]): Plan => {
    const likely = (character: string): number => {
      const shares = of.map(
        ({ screens }) => screens.filter((has) => has.has(character)).length / (screens.length || 1),
      );
      const told = of.some(({ events }) => events.has(character)) ? EVENT : 0;
      return Math.max(...shares, 0) + (words.wall.has(character) ? WORD : 0) + told;
    };
    const every = [...new Set([...words.every, ...kit, ...of.flatMap((place) => [...place.every])])];
    const rated = every
      .map((character) => ({ character, likely: likely(character) }))
      .sort((a, b) => b.likely - a.likely || (a.character < b.character ? -1 : 1));
    // What is on every screen first, then what only one has, screen by screen; last what none of them is known to
    // write.
    const known = of.flatMap(({ screens }) => screens);
    const groupOf = ({ character, likely: rate }: (typeof rated)[number]): number => {
      if (rate >= EVENT) return -1;
      const first = known.findIndex((has) => has.has(character));
      return first < 0 ? known.length : first;
    };
    const slices = [-1, ...known.keys(), known.length].flatMap((group) => {
      const own = rated.filter((one) => groupOf(one) === group).map(({ character }) => character);
      return Array.from({ length: Math.ceil(own.length / SLICE) }, (_, i) => own.slice(i * SLICE, (i + 1) * SLICE));
    });
    return { slices: [...slices, [...words.signs]], bold: boldOf(folders, words.figure) };
  };
  return {
    places: Object.fromEntries(
      places.map((place, i) => [names[i] ?? "", planOf([place], [path.join(cities, names[i] ?? "")])]),
    ),
    common: planOf(
      places,
      names.map((name) => path.join(cities, name)),
    ),
  };
}

/** Names of places and centers stand in headings, units beside figures. */
function boldOf(folders: string[], figureWords: string): string[] {
  const texts = folders.flatMap((folder) => {
    const { name, center, zones } = (read(path.join(folder, "city.json")) ?? {}) as Record<string, unknown>;
    const { metrics } = (read(path.join(folder, "metrics.json")) ?? {}) as { metrics?: Metric[] };
    return textsIn([name, center, zones, (metrics ?? []).map(({ unit }) => unit)]);
  });
  return [...chineseIn(`${texts.join("")}${figureWords}万亿`)].sort();
}
