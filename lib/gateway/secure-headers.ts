import type { ServerResponse } from "node:http";

/** What an answer that is no page may load and run: nothing. Pages bring a policy of their own, with a nonce. */
const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * For the scripts that pages are made of: a worker goes by the policy of its own file. Scripts of other origins and
 * frames around it are refused as everywhere.
 */
export const FILES_POLICY =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Abilities of a browser that no page here needs; full screen, sound and staying awake are a wall's. */
const ABILITIES = [
  "accelerometer",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "usb",
];

/** Headers of every answer, whatever its status and whoever makes it. */
export const SECURE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": NOTHING,
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": ABILITIES.map((name) => `${name}=()`).join(", "),
  "referrer-policy": "no-referrer",
};

/** What a browser is to hold to for a year: it asks under this name with TLS alone. Over a connection without TLS nobody may say so. */
const OVER_TLS: typeof SECURE_HEADERS = { ...SECURE_HEADERS, "strict-transport-security": "max-age=31536000" };

/** Headers of every answer on a connection. */
export function headersOn(socket: object | undefined): typeof SECURE_HEADERS {
  return socket && "encrypted" in socket && socket.encrypted === true ? OVER_TLS : SECURE_HEADERS;
}

/** Gives an answer that has not begun the headers that every answer has; who makes it may say another policy. */
export function secure(response: ServerResponse): void {
  const headers = headersOn(response.req?.socket);
  for (const name in headers) response.setHeader(name, headers[name] as string);
}

/** Takes back what was said of an answer that has not begun, so that another one can take its place. */
export function startOver(response: ServerResponse): void {
  for (const header of response.getHeaderNames()) response.removeHeader(header);
  secure(response);
}
