/** Characters of an attribution at most: it stands in a line under a map. */
const LONGEST = 160;

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", copy: "©", nbsp: " " };

function character(entity: string): string {
  const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number.parseInt(entity.slice(1), 10);
  if (!entity.startsWith("#")) return ENTITIES[entity.toLowerCase()] ?? "";
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "";
}

/**
 * Whom a map's makers want to be named, as they wrote it in HTML, as plain text: links lead nowhere on a site that is cut off, and
 * what cannot be seen (control characters, turns of the writing's direction) has no business under a map.
 */
export function plainAttribution(told: unknown): string {
  if (typeof told !== "string") return "";
  const text = told
    .slice(0, 10_000)
    .replace(/<[^>]*>/g, " ")
    .replace(/&(#x?[\da-f]{1,6}|[a-z]{2,6});/gi, (_all, entity: string) => character(entity))
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}<>]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const letters = [...text];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : text;
}
