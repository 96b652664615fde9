import { randomInt } from "node:crypto";

/** Letters of codes: none is a vowel, so that no words come about, and none is taken for another or for a digit (RFC 8628, 6.1). */
export const CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

/** Letters by chance, each of about 4.3 bits. */
export function randomLetters(length: number): string {
  return Array.from({ length }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join("");
}

/** A code of so many letters as somebody typed it; null where it cannot be one. */
export function readLetters(text: string, length: number): string | null {
  const code = text.toUpperCase().replace(/[^A-Z0-9]/g, "");
  return code.length === length && [...code].every((letter) => CODE_LETTERS.includes(letter)) ? code : null;
}
