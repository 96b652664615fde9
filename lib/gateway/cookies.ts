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

/**
 * What came over TLS has the prefix, and browsers hold whoever sets it to that (RFC 6265bis, 4.1.3.2): nobody but this server can have
 * set it. No browser sends it without TLS, so it counts for nothing there.
 */
const nameOf = (name: Name, secure: boolean): string => `${secure ? "__Host-" : ""}${COOKIES[name]}`;

const SECRET = /^[\w-]{43}$/;

/** The secret of a cookie that a request carries; null where it carries none, or something else. */
export function cookieOf(request: IncomingMessage, name: Name): string | null {
  const wanted = `${nameOf(name, visitorOf(request).secure)}=`;
  const parts = (request.headers.cookie ?? "").split(";").map((part) => part.trim());
  const secret = parts.find((part) => part.startsWith(wanted))?.slice(wanted.length) ?? "";
  return SECRET.test(secret) ? secret : null;
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
