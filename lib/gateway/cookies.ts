import { hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { visitorOf } from "./visitor";

/** What a browser keeps of who it is. */
export const COOKIES = {
  session: "citywall-session",
  display: "citywall-display",
  /** who was sent to the issuer of identities, until he is back */
  oidc: "citywall-oidc",
} as const;
type Name = keyof typeof COOKIES;

/** Only what came over TLS may have the prefix, and browsers hold whoever sets it to that (RFC 6265bis, 4.1.3.2). */
const nameOf = (name: Name, secure: boolean): string => `${secure ? "__Host-" : ""}${COOKIES[name]}`;

const SECRET = /^[\w-]{43}$/;

/**
 * Names under which a cookie counts, the first that is there. What came over TLS must have the prefix, which nobody but this server can
 * have set; the pages' process asks without TLS for who came with it.
 */
function namesOf(name: Name, secure: boolean): string[] {
  return secure ? [nameOf(name, true)] : [nameOf(name, true), nameOf(name, false)];
}

/** The secret of a cookie that a request carries; null where it carries none, or something else. */
export function cookieOf(request: IncomingMessage, name: Name): string | null {
  const parts = (request.headers.cookie ?? "").split(";").map((part) => part.trim());
  for (const wanted of namesOf(name, visitorOf(request).secure)) {
    const found = parts.find((part) => part.startsWith(`${wanted}=`));
    if (found === undefined) continue;
    const secret = found.slice(wanted.length + 1);
    return SECRET.test(secret) ? secret : null;
  }
  return null;
}

/**
 * The Set-Cookie header that gives a browser a secret, or takes it back where it is null.
 * @param seconds how long it is kept
 */
export function setCookie(request: IncomingMessage, name: Name, secret: string | null, seconds: number): string {
  const { secure } = visitorOf(request);
  const age = secret === null ? 0 : Math.round(seconds);
  return `${nameOf(name, secure)}=${secret ?? ""}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}

/** What is kept of a secret of 256 random bits: those need no slow hash. */
export function hashOfSecret(secret: string): string {
  return hash("sha256", secret);
}
