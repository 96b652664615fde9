/** Which characters a wall is likely to write, and in which order of likelihood. Pure but for the files that it reads. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Most characters in one file: smaller ones are fetched more exactly, larger ones with fewer requests. */
const SLICE = 64;
/** Fewest: a request's own head weighs as much as two or three glyphs. */
const SMALL_SLICE = 12;

/** What a date and a weekday are written with; and the character by which ECharts measures how wide the others are. */
const DATES = "年月日星期一二三四五六时分秒国";

/**
 * Words that every wall shows, some only until it is connected and some once it no longer is, when no glyph can be fetched any more;
 * comparisons name theirs in a file of their own.
 */
const STATE_WORDS = ["live", "late", "stale", "offline", "connected", "disconnected", "reconnecting"];
const SEEN_WORDS = [...STATE_WORDS, "replay", "target", "yesterday"];
const SEEN_IN = "components/ui/comparison.ts";

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
    // A faulty file is refused by the gateway with its reason; its characters are drawn all the same, from the rare slices.
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

/** Widgets that write events' titles. */
const TELLS_EVENTS = /"widget": *"event-list"/;

interface Place {
  /** all that it can write */
  every: Set<string>;
  /** by screen: what that screen writes by its file and by its widgets */
  screens: Set<string>[];
  /** the same of its headings, which are bolder: titles and names */
  headings: Set<string>[];
  /** what its feeds say */
  events: Set<string>;
}

type Facts = Partial<Record<"name" | "center" | "zones" | "mapNotice" | "notice", unknown>>;

interface Metric {
  id: string;
  name: unknown;
  unit: unknown;
}

/** A screen's place among the tabs. */
function orderOf(text: string): number {
  return Number(/"order": *(\d+)/.exec(text)?.[1] ?? Infinity);
}

/** What titles in a screen's file say, the screen's own and its tiles'. */
function titlesIn(file: string): string {
  return [...file.matchAll(/"title": *\{[^}]*\}/g)].join("");
}

const BACKDROP = /"backdrop": *true/;

/** The names of a place's neighbours. */
function neighboursIn(folder: string): string {
  const around = read(path.join(folder, "surroundings.geojson")) as { features?: { properties?: Facts }[] } | null;
  return textsIn((around?.features ?? []).map(({ properties }) => properties?.name)).join("");
}

/** @param words what is written on every wall, and what each type of widget writes */
function placeOf(folder: string, feeds: string, words: Words): Place {
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
  const { name, center, zones, mapNotice, notice } = facts;
  const shorts = textsIn(districts.map(({ short }) => short)).join("");
  const common = textsIn([name, center, zones, mapNotice, notice, titles]).join("") + shorts + DATES + words.seen;
  const shownOn = (text: string): string =>
    textsIn(metrics.filter(({ id }) => text.includes(`"${id}"`)).map(({ name, unit }) => [name, unit])).join("");
  // Titles that its feeds write, and the words for the kinds of events that they tell of.
  const told =
    words.events +
    words.named(
      filesUnder(feeds, /events\.ts$/)
        .map((file) => readFileSync(file, "utf8"))
        .join(""),
    );
  // On a screen whose map is its ground, the names of what lies around.
  const around = neighboursIn(folder);
  const screens = files.map((text) => {
    const types = new Set([...text.matchAll(/"widget": *"([\w-]+)"/g)].map(([, type = ""]) => type));
    const widgets = [...types].map((type) => words.widgets.get(type) ?? "").join("");
    return chineseIn(
      text +
        common +
        shownOn(text) +
        widgets +
        (TELLS_EVENTS.test(text) ? told : "") +
        (BACKDROP.test(text) ? around : ""),
    );
  });
  const headings = files.map((text) =>
    chineseIn(titlesIn(text) + shownOn(text) + titles.join("") + shorts + words.states),
  );
  const all = [
    ...filesUnder(folder, /\.json$/).flatMap((file) => textsIn(read(file))),
    around,
    // What the mock feeds say of a place: the titles of its events.
    ...filesUnder(feeds, /\.ts$/).map((file) => readFileSync(file, "utf8")),
  ];
  return { every: chineseIn(all.join("")), screens, headings, events: chineseIn(told) };
}

interface Words {
  /** a source's own text with that of the words that it names */
  named: (source: string) => string;
  /** on every wall */
  seen: string;
  /** how connection and readings stand: on every wall as well, and half bold */
  states: string;
  /** what all mock feeds say of events */
  events: string;
  /** by type of widget: what its own files say */
  widgets: Map<string, string>;
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
  const words = [...table.matchAll(/^ {2}"?([\w-]+)"?: \{([^}]*)\}/gm)].map(([, key = "", texts = ""]) => ({
    key,
    texts,
  }));
  const of = (fits: (key: string) => boolean): string =>
    words
      .filter(({ key }) => fits(key))
      .map(({ texts }) => texts)
      .join("");
  const every = table + sources("components", "app");
  const styles = ["app", "components"]
    .flatMap((folder) => filesUnder(path.join(root, folder), /\.css$/))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const named = (text: string): string => of((key) => text.includes(`"${key}"`)) + text;
  const types = readdirSync(path.join(root, "components/widgets"), { withFileTypes: true });
  return {
    named,
    states: of((key) => STATE_WORDS.includes(key)),
    events: sources("mock-feeds/kit"),
    seen: of((key) => SEEN_WORDS.includes(key)) + named(readFileSync(path.join(root, SEEN_IN), "utf8")),
    widgets: new Map(
      types
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => [name, named(sources(`components/widgets/${name}`))] as const),
    ),
    wall: chineseIn(named(wall)),
    every: chineseIn(every),
    signs: signsIn(every + styles),
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
  /** the same characters for what is written half bold: those of headings first */
  headings: string[][];
  /** characters of headings and units, which are written bold */
  bold: string[];
}

/** A plan for the pages of each place, and one for pages that are about all of them. */
export interface Plans {
  places: Record<string, Plan>;
  common: Plan;
}

function cut(characters: string[]): string[][] {
  return Array.from({ length: Math.ceil(characters.length / SLICE) }, (_, i) =>
    characters.slice(i * SLICE, (i + 1) * SLICE),
  );
}

/**
 * What some screens write, so that each fetches little that it does not write: characters that the same screens write lie
 * together, those of the most screens first. Where few are alike, they share a slice with those most like them.
 */
export function slicesOf(screens: Set<string>[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const character of [...new Set(screens.flatMap((screen) => [...screen]))].sort()) {
    const on = screens.map((screen) => (screen.has(character) ? "1" : "0")).join("");
    groups.set(on, [...(groups.get(on) ?? []), character]);
  }
  const count = (on: string): number => on.replaceAll("0", "").length;
  const sorted = [...groups].sort(([a], [b]) => count(b) - count(a) || (a < b ? 1 : -1)).map(([, group]) => group);
  const slices: string[][] = [];
  let few: string[] = [];
  for (const group of sorted) {
    if (group.length >= SMALL_SLICE) slices.push(...cut(group));
    else few.push(...group);
    if (few.length < SMALL_SLICE) continue;
    slices.push(few);
    few = [];
  }
  return few.length > 0 ? [...slices, few] : slices;
}

/**
 * What the pages of each place are likely to write, so that a page fetches few slices and little in them that it does not
 * write: half of what a wall of one city writes is never written in another.
 * @param root the program's folder @param cities the folder of places
 */
export function planFonts(root: string, cities: string): Plans {
  const names = readdirSync(cities, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const words = wordsOf(root);
  const places = names.map((name) => placeOf(path.join(cities, name), path.join(root, "mock-feeds", name), words));
  const planOf = (of: Place[], folders: string[]): Plan => {
    // After what screens write: what feeds tell, a wall's other words, and what only other pages are known to write.
    const told = of.flatMap(({ events }) => [...events]);
    const others = [...words.every, ...of.flatMap(({ every }) => [...every])];
    const slices = (screens: Set<string>[]): string[][] => {
      const taken = new Set(screens.flatMap((screen) => [...screen]));
      const more = [told, [...words.wall], others].map((group) => {
        const own = [...new Set(group)].filter((character) => !taken.has(character)).sort();
        for (const character of own) taken.add(character);
        return cut(own);
      });
      return [...slicesOf(screens), ...more.flat(), [...words.signs]];
    };
    return {
      slices: slices(of.flatMap(({ screens }) => screens)),
      headings: slices(of.flatMap(({ headings }) => headings)),
      bold: boldOf(folders, words.figure),
    };
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
