import { NextResponse, type NextRequest } from "next/server";

/**
 * Gives each page its Content-Security-Policy with a fresh nonce. Nothing may be asked of another host.
 * style-src-attr allows inline style attributes, which ECharts' tooltips and server-rendered boxes use; style
 * elements still need the nonce. Development needs eval for its error overlay.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const dev = process.env.NODE_ENV === "development";
  const policy = [
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
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set(
    "x-place",
    /^\/(?:wall|district|metric|events|indicators)\/([\w-]+)/.exec(request.nextUrl.pathname)?.[1] ?? "",
  );
  // The page's frame is made before its address is read: what it looks like has to be known by then.
  headers.set("x-theme", request.nextUrl.searchParams.get("theme") ?? "");
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "no-referrer");
  return response;
}

export const config = { matcher: ["/((?!_next/static|vendor/|fonts/|favicon.svg).*)"] };
