import { existsSync } from "node:fs";
import path from "node:path";

/**
 * The style sheet with the glyphs that a page is likely to need (scripts/fonts.ts): its place's own, when there was such a place
 * when the fonts were made, else that of all places. @param place as in the address
 */
export function fontSheet(place: string | null): string {
  const own = `core-${place ?? ""}.css`;
  return place && /^[\w-]+$/.test(place) && existsSync(path.join(process.cwd(), "public/fonts", own))
    ? `/fonts/${own}`
    : "/fonts/core.css";
}
