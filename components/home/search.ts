import type { Lang, Text } from "@/lib/contract/city";
import type { HomeCity } from "./home";

/** Something that can be found: a place, a screen or an indicator. */
export interface Found {
  kind: "place" | "screen" | "metric";
  href: string;
  title: string;
  /** whose it is */
  of: string;
}

interface Entry {
  kind: Found["kind"];
  href: string;
  title: Text;
  of: Text;
  /** in both languages, small letters */
  names: string[];
}

/** Results of each kind that are shown: more than that nobody reads, and a longer word finds fewer. */
const EACH = 6;
const KINDS: Found["kind"][] = ["place", "screen", "metric"];

const namesOf = (...texts: (Text | string)[]): string[] =>
  texts.flatMap((text) => (typeof text === "string" ? [text] : [text.zh, text.en])).map((name) => name.toLowerCase());

/** All that can be found, in the order of the places' files. */
export function entriesOf(cities: HomeCity[]): Entry[] {
  return cities.flatMap(({ facts, screens }): Entry[] => {
    const { id, name } = facts;
    const districts = facts.districts.flatMap((district) => [district, ...(district.subdivisions ?? [])]);
    const [first] = screens;
    return [
      ...(first
        ? [
            {
              kind: "place" as const,
              href: `/wall/${id}/${first.id}`,
              title: name,
              of: facts.center,
              names: namesOf(name, facts.center, id),
            },
          ]
        : []),
      ...districts.map((d) => ({
        kind: "place" as const,
        href: `/district/${id}/${d.adcode}`,
        title: d.name,
        of: name,
        names: namesOf(d.name, d.short, d.adcode),
      })),
      ...screens.map((screen) => ({
        kind: "screen" as const,
        href: `/wall/${id}/${screen.id}`,
        title: screen.title,
        of: name,
        names: namesOf(screen.title, screen.id),
      })),
      ...facts.metrics.map((metric) => ({
        kind: "metric" as const,
        href: `/metric/${id}/${metric.id}`,
        title: metric.name,
        of: name,
        names: namesOf(metric.name, metric.id),
      })),
    ];
  });
}

/** How well a name is met by what was typed: 0 it is it, 1 it begins with it, 2 it holds it; null: not at all. */
function rankOf({ names, of }: Entry, words: string[]): number | null {
  const whose = namesOf(of);
  const isMet = (word: string): boolean => [...names, ...whose].some((name) => name.includes(word));
  // A place alone does not bring up all that is in it.
  if (!words.every(isMet) || !words.some((word) => names.some((name) => name.includes(word)))) return null;
  const whole = words.join(" ");
  if (names.includes(whole)) return 0;
  return names.some((name) => name.startsWith(words[0] ?? "")) ? 1 : 2;
}

/** What is found by all of some words, the best of each kind first; nothing of no words. */
export function search(entries: Entry[], query: string, lang: Lang): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const ranked = entries.flatMap((entry) => {
    const rank = rankOf(entry, words);
    return rank === null ? [] : [{ entry, rank }];
  });
  return KINDS.flatMap((kind) =>
    ranked
      .filter(({ entry }) => entry.kind === kind)
      .sort((a, b) => a.rank - b.rank)
      .slice(0, EACH),
  ).map(({ entry: { kind, href, title, of } }) => ({ kind, href, title: title[lang], of: of[lang] }));
}
