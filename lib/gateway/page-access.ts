import type { IncomingMessage, ServerResponse } from "node:http";
import { isEnrolling, may, type Principal } from "../contract/rights";
import { ENROL_PAGE, enrolPath, signInPath } from "../contract/site-path";
import { cookieOf } from "./cookies";
import { sendAway, sendNoScreen } from "./pages";
import type { Principals } from "./principals";

/** Whose browser asks for a page. */
export interface PageVisitor {
  who: Principal;
  /** it carries the secret of a display, one that still holds or one that does no longer */
  asDisplay: boolean;
}

/**
 * What becomes of a request for a page: it is shown; one signs in first, or sets up a second factor; a display is paired first; there is
 * nothing that this display could show; or another page is led to.
 */
export type PageAccess = "show" | "sign-in" | "enrol" | "pair" | "not-found" | { to: string };

/**
 * How one gets in, and files that those pages are made of: nothing of it tells anything of a city. Other addresses below `/_next/` are
 * not among it: Next makes pages of some.
 */
const FOR_ANYONE = /^\/(?:(?:sign-in|pair|invite)\/?$|_next\/static\/|fonts\/|vendor\/|favicon\.svg$)/;
/** What Next's own tools ask for besides, where pages are under development. */
const FOR_TOOLS = /^\/(?:_next\/|__nextjs)/;
const WALL = /^\/wall\/([\w-]+)\/([\w-]+)\/?$/;

/** Whether a page is the wall of a screen that somebody may look at. */
function isWallOf(path: string, who: Principal): boolean {
  const [, city, screen] = WALL.exec(path) ?? [];
  return city !== undefined && screen !== undefined && may(who, "look", { city, screen });
}

/**
 * What a page answers to who asks for it. Pages hold data of their own only as far as the API gives it to their visitor; this decides
 * what a visitor is led to. @param path of the page, without its query @param dev pages are under development
 */
export function pageAccess(path: string, { who, asDisplay }: PageVisitor, dev = false): PageAccess {
  const isTool = dev && FOR_TOOLS.test(path);
  if (isEnrolling(who)) return path === ENROL_PAGE || isTool || FOR_ANYONE.test(path) ? "show" : "enrol";
  // A page that somebody has no right to says so itself.
  if (who.kind === "local" || who.kind === "account" || FOR_ANYONE.test(path)) return "show";
  if (isTool) return "show";
  if (who.kind === "display") {
    if (isWallOf(path, who)) return "show";
    const [own] = who.grants;
    return own === undefined ? "not-found" : { to: `/wall/${own.city}/${own.screen}` };
  }
  // Nobody stands before a wall at night who could sign in.
  if (asDisplay) return "pair";
  const isOpen = who.kind === "anonymous" && path === "/" && who.grants.length > 0;
  return isOpen || isWallOf(path, who) ? "show" : "sign-in";
}

/** The path that is asked for, as whoever makes pages reads it: with nothing of `/sign-in/../compare` left but its end. */
const pathIn = (url: string): string => new URL(url, "http://gateway").pathname;

/** Leads a browser on, which asks for the other page with GET (RFC 9110, 15.4.4). */
function lead(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, "cache-control": "no-store" }).end();
}

/**
 * Decides of each page that is asked for who may see it.
 * @returns a function that says whether it answered; what it did not answer is to be made
 */
export function makePageDoor(principals: Pick<Principals, "of">, dev = false) {
  return async function answered(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { url = "/", method } = request;
    // Anything else than reading is refused by who makes pages.
    if (method !== "GET" && method !== "HEAD") return false;
    let who: Principal;
    try {
      who = await principals.of(request);
    } catch {
      // Nobody can tell who it is just now: the page asks again by itself.
      sendAway(response);
      return true;
    }
    const access = pageAccess(pathIn(url), { who, asDisplay: cookieOf(request, "display") !== null }, dev);
    if (access === "show") return false;
    if (access === "not-found") sendNoScreen(response);
    else
      lead(
        response,
        typeof access === "object"
          ? access.to
          : { "sign-in": signInPath(url), enrol: enrolPath(url), pair: "/pair" }[access],
      );
    return true;
  };
}
