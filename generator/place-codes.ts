import { createHash } from "node:crypto";

/** Letters that do not come apart into a plain one and its mark. */
const LETTERS: Record<string, string> = { ß: "ss", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", æ: "ae", œ: "oe", ı: "i" };
const LONGEST = 24;

function fingerprint(name: string): string {
  return createHash("sha256").update(name.normalize("NFC")).digest("hex").slice(0, 6).toUpperCase();
}

/** A name in capitals, digits and dashes; empty where it is not written in Latin letters. */
function slug(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[ßøđðþłæœı]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "");
  if (/[^\p{Script=Latin}\p{Script=Common}]/u.test(plain)) return "";
  return plain
    .replace(/[’'ʻ`]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .toUpperCase();
}

/**
 * Codes for districts that have none: `X-` and the name in capitals (Saint-Étienne: X-SAINT-ETIENNE). The same name has
 * the same code whatever else is in the file and in whatever order. Names too long, in another script, or spelled alike
 * carry six digits of their SHA-256. `X` keeps them apart from every official code, as ISO 3166 does with codes for
 * private use.
 * @returns a code for each name, in their order
 */
export function ownCodes(names: string[]): string[] {
  const slugs = new Map(names.map((name) => [name, slug(name)]));
  const uses = new Map<string, number>();
  for (const text of slugs.values()) uses.set(text, (uses.get(text) ?? 0) + 1);
  return names.map((name) => {
    const text = slugs.get(name) ?? "";
    if (text !== "" && text.length <= LONGEST && uses.get(text) === 1) return `X-${text}`;
    const start = text.slice(0, LONGEST - 7).replace(/-$/, "");
    return `X-${start === "" ? "" : `${start}-`}${fingerprint(name)}`;
  });
}

/** Code of a whole place that has none: never that of a district, which begins with a single X. */
export function ownCityCode(id: string): string {
  const text = slug(id);
  return text.length <= LONGEST
    ? `XX-${text}`
    : `XX-${text.slice(0, LONGEST - 7).replace(/-$/, "")}-${fingerprint(id)}`;
}
