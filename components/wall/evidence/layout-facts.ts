import type { Lang } from "@/lib/contract/city";
import type { CityFiles } from "@/lib/contract/api/cities";
import { momentText } from "@/components/ui/reader-moment";
import { whoText } from "@/components/ui/who";
import type { Fact } from "./told";
import { say } from "./words";

type File = CityFiles["files"][number];

/** The screen that a page shows; null where it shows none of a file. @param path of the page */
export function screenAt(path: string): { city: string; screen: string } | null {
  const [, city, screen] = /^\/wall\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  return city === undefined || screen === undefined ? null : { city, screen };
}

function factOf(key: string, term: string, { modified, who, why }: File, lang: Lang, timeZone: string): Fact {
  const refused = why === null ? {} : { note: `${say(lang, "notInForce")}: ${why}` };
  return { key, term, text: `${momentText(modified, lang, timeZone)} · ${whoText(lang, who)}`, ...refused };
}

/** What is known of a screen's file, and of the one of its place's others that was changed last. @param timeZone the place's */
export function fileFacts(
  files: readonly File[],
  { city, screen }: { city: string; screen: string },
  lang: Lang,
  timeZone: string,
): Fact[] {
  const layout = files.find(({ file }) => file === `${city}/screens/${screen}.json`);
  const others = files.filter(({ file }) => !file.startsWith(`${city}/screens/`));
  const [last] = [...others].sort((a, b) => b.modified - a.modified);
  return [
    ...(layout ? [factOf("layout", say(lang, "layout"), layout, lang, timeZone)] : []),
    ...(last ? [factOf("place-file", last.file.slice(city.length + 1), last, lang, timeZone)] : []),
  ];
}
