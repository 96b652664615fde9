import { langAsked } from "./page-lang";

/** Nobody's host: what resolves to another one has left the site. */
const HERE = "http://site.invalid";
/** Longest that is taken along: more than any page of this site has, and far less than headers may hold. */
const LONGEST = 2_000;
/** One slash and no second one, no backslash, no space and nothing else that browsers drop or read as a slash. */
const PATH = /^\/(?![/\\])[!-[\]-~]*$/;

/**
 * A path of this site with its query, as a sign-in may lead back to it; `/` for everything that is none (another host, a script,
 * an address that a browser would read otherwise) and for the sign-in itself. An open redirect (CWE-601) begins with a path that is
 * believed.
 */
export function sitePath(text: string | null | undefined): string {
  if (!text || text.length > LONGEST || !PATH.test(text) || !URL.canParse(text, HERE)) return "/";
  const { origin, pathname } = new URL(text, HERE);
  if (origin !== HERE || pathname.startsWith("//") || pathname === "/sign-in") return "/";
  return text;
}

/** A page that leads back, in the language of where it leads back to. @param from path and query of that */
function ledBy(page: string, from: string): string {
  // What pages ask of each other's parts (React server components) is no address of a page.
  const to = sitePath(from.replace(/([?&])_rsc(?:=[^&]*)?(?:&|$)/, "$1").replace(/[?&]$/, ""));
  const lang = langAsked(to);
  const query = [...(to === "/" ? [] : [`to=${encodeURIComponent(to)}`]), ...(lang === null ? [] : [`lang=${lang}`])];
  return query.length === 0 ? page : `${page}?${query.join("&")}`;
}

/** Where one signs in, and is led back from to a page. @param from path and query of the page */
export const signInPath = (from: string): string => ledBy("/sign-in", from);

/** The page on which one sets up a second factor. */
export const ENROL_PAGE = "/account";
/** Where one sets up a second factor, and is led back from to a page. @param from path and query of the page */
export const enrolPath = (from: string): string => ledBy(ENROL_PAGE, from);
