/**
 * What a text may hold: anything but U+0000, which PostgreSQL keeps in no text, and halves of surrogate pairs, which
 * UTF-8 has no bytes for. Whatever is let in, every engine, file and message can keep and give back as it was.
 */
export const PLAIN_TEXT = /^[^\0\p{Cs}]*$/u;

/** What is said of a text that is not plain. */
export const NOT_PLAIN = "must not hold U+0000 or half a surrogate pair";
