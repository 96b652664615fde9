import { NextResponse, type NextRequest } from "next/server";
import { ASKED, PAGES_KEY } from "@/lib/contract/page-headers";

/** Files, of which each says itself what it may do; the gateway serves them, so what comes here is one that is not there. */
const FILE = /^\/(?:vendor\/|fonts\/|favicon\.svg$)/;

/**
 * The policy of a page. Nothing may be asked of another host. style-src-attr allows inline style attributes, which ECharts' tooltips and
 * server-rendered boxes use; style elements still need the nonce. Development needs eval for its error overlay.
 */
function policyOf(nonce: string): string {
  const dev = process.env.NODE_ENV === "development";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${dev ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/**
 * Answers nobody but the gateway, which looks at who asks, under which name and how often: whoever else reaches this port, another user of
 * the machine or a page in a browser on it (DNS rebinding), would pass all of that by. Gives each page its Content-Security-Policy with a
 * fresh nonce.
 */
export function proxy(request: NextRequest): NextResponse {
  const { CITYWALL_PAGES_KEY: key } = process.env;
  if (key && request.headers.get(PAGES_KEY) !== key) return new NextResponse(null, { status: 403 });
  const headers = new Headers(request.headers);
  for (const name of [PAGES_KEY, ...Object.values(ASKED)]) headers.delete(name);
  const { pathname, searchParams } = request.nextUrl;
  if (FILE.test(pathname)) return NextResponse.next({ request: { headers } });
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = policyOf(nonce);
  headers.set(ASKED.nonce, nonce);
  headers.set(ASKED.place, /^\/(?:wall|district|metric|events|indicators)\/([\w-]+)/.exec(pathname)?.[1] ?? "");
  // The page's frame, and pages that say that there is none, are made before an address is read.
  headers.set(ASKED.theme, searchParams.get("theme") ?? "");
  headers.set(ASKED.lang, searchParams.get("lang") ?? "");
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "no-referrer");
  return response;
}

/** All but the build's files, which tell nothing, and the sign of life, which is asked for before there is a page. */
export const config = { matcher: ["/((?!_next/static/|api/alive$).*)"] };
