import type { Lang } from "./city";

const isLang = (text: string | null | undefined): text is Lang => text === "zh" || text === "en";

/** The language that an address asks for by `?lang=`; null where it asks for none. @param url path and query, or all of it */
export function langAsked(url: string): Lang | null {
  const [, query = ""] = url.split("?", 2);
  const asked = new URLSearchParams(query.split("#", 1)[0]).get("lang");
  return isLang(asked) ? asked : null;
}

/**
 * The language of a page: what its address asks for, else what was chosen last, else the browser's first wish; Chinese otherwise.
 * @param kept value of the cookie `lang` @param wished the header `Accept-Language`
 */
export function pickLang(
  asked: string | null,
  kept: string | null | undefined,
  wished: string | null | undefined,
): Lang {
  if (isLang(asked)) return asked;
  if (isLang(kept)) return kept;
  return wished?.startsWith("en") ? "en" : "zh";
}
