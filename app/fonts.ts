import { readFileSync } from "node:fs";
import path from "node:path";
import { SHEETS } from "@/components/ui/font-ranges";

/** Of pages that are about no single place, and of a place that there was not yet when the fonts were made. */
const COMMON = "/fonts/core.css";

/** Where the fonts are. The build must not take files along for this: those that count are there now. */
const folderNow = (): string =>
  path.join(/* turbopackIgnore: true */ process.env.CITYWALL_FILES ?? process.cwd(), "public/fonts");

/** Which sheet is which place's, as scripts/fonts.ts made them last; none where it has made none. */
function sheetsIn(folder: string): Map<string, string> {
  try {
    const text = readFileSync(path.join(/* turbopackIgnore: true */ folder, SHEETS), "utf8");
    return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
  } catch {
    return new Map();
  }
}

/**
 * The style sheet with the glyphs that a page is likely to need (scripts/fonts.ts): its place's own, where there is one, else that of
 * all places. @param place id of a place that the page's visitor may know of
 */
export function fontSheet(place: string | null, folder = folderNow()): string {
  const own = place === null ? undefined : sheetsIn(folder).get(place);
  return own === undefined ? COMMON : `/fonts/${own}`;
}
