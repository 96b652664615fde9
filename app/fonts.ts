import { existsSync } from "node:fs";
import path from "node:path";

/**
 * The style sheet with the glyphs that a page is likely to need (scripts/fonts.ts): its place's own, when there was such a place
 * when the fonts were made, else that of all places. @param place as in the address
 */
export function fontSheet(place: string | null): string {
  // The build must not take files along for this: those that count are there now.
  const folder = path.join(/* turbopackIgnore: true */ process.env.CITYWALL_FILES ?? process.cwd(), "public/fonts");
  const own = `core-${place ?? ""}.css`;
  return place && /^[\w-]+$/.test(place) && existsSync(path.join(/* turbopackIgnore: true */ folder, own))
    ? `/fonts/${own}`
    : "/fonts/core.css";
}
