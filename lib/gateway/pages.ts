import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Pool, errors } from "undici";
import type { Lang } from "../contract/city";
import { PAGES_KEY, VISITOR } from "../contract/page-headers";
import { langAsked, pickLang } from "../contract/page-lang";
import { HttpError, sendError } from "./http";
import { FILES_POLICY } from "./secure-headers";
import { visitorLine, visitorOf } from "./visitor";

/** Seconds after which a page that is shown meanwhile asks again, and by chance so many more at the most. */
const AGAIN = 2;
const SPREAD = 3;
/** Seconds until a display that has no screen asks again. */
const NO_SCREEN_AGAIN = 10;

/** A page of few words that asks again by itself. */
const wordsAlone = (seconds: number, lang: Lang, words: string): string => `<!doctype html>
<html lang="${lang === "zh" ? "zh-CN" : "en"}"><meta charset="utf-8"><meta http-equiv="refresh" content="${seconds}"><title>Citywall</title>
<style>:root{color-scheme:dark}body{color:GrayText;font:20px sans-serif;display:grid;place-items:center;height:100vh;margin:0}</style>
<p>${words}</p>`;

const WORDS_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The language that a page is to have, by what its request says. */
function langOf({ url = "/", headers }: Pick<IncomingMessage, "url" | "headers">): Lang {
  const kept = /(?:^|;)\s*lang=(zh|en)(?:;|$)/.exec(headers.cookie ?? "")?.[1];
  return pickLang(langAsked(url), kept, headers["accept-language"]);
}

function sendWords(
  response: ServerResponse,
  status: number,
  again: number,
  words: Readonly<Record<Lang, string>>,
): void {
  const lang = langOf(response.req);
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "retry-after": String(again),
      "cache-control": "no-store",
      "content-security-policy": WORDS_POLICY,
    })
    .end(wordsAlone(again + Math.round(Math.random() * SPREAD), lang, words[lang]));
}

/**
 * Answers a page that asks again by itself, not all of them at once, for as long as nobody can make the right one.
 * @param again seconds after which it does, at the least
 */
export function sendAway(response: ServerResponse, status = 503, again = AGAIN): void {
  sendWords(response, status, again, { zh: "页面服务正在启动…", en: "The wall is starting…" });
}

/** Answers a display whose screen is not there any more; it asks again by itself, and may be given another one meanwhile. */
export function sendNoScreen(response: ServerResponse): void {
  sendWords(response, 404, NO_SCREEN_AGAIN, { zh: "此屏指定的画面已不存在", en: "The screen of this display is gone" });
}

/** Where the pages' process listens on loopback, and whether it builds what is asked for (development). */
export interface PagesAt {
  port: number;
  dev?: boolean;
  /** what the pages' process and the gateway know each other by; left out, that process answers whoever asks */
  key?: string;
}

/** What a request to the pages' process says besides, so that it is answered (proxy.ts). */
export const keyHeader = ({ key }: Pick<PagesAt, "key">): Record<string, string> =>
  key === undefined ? {} : { [PAGES_KEY]: key };

/** Connections to the pages' process, and requests that may wait for it at once: more are told to come again. */
const CONNECTIONS = 64;
const MOST_WAITING = 512;
/** Most ms until an answer begins, and between two pieces of it. Under development a page is built first. */
const ANSWERS_WITHIN = 15_000;
const BUILDS_WITHIN = 180_000;
/** How often a request that only reads is asked once more, where a kept connection was closed as it was used again. */
const REPEATS = 2;

/** What two neighbours say to each other alone (RFC 9110, 7.6.1), and the length, which each connection says anew. */
const HOP_BY_HOP = new Set([
  "connection",
  "content-length",
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** What Next takes for its own word or for that of a proxy before it: a visitor's is not passed on. */
const NOT_A_VISITORS =
  /^(?:forwarded$|x-forwarded-|x-real-ip$|x-middleware-|x-invoke-|x-matched-path$|x-now-|x-citywall-|content-security-policy)/;

/** Headers that go on to the next connection. @param dropped whether a name, in small letters, is left out besides */
function passedOn(headers: IncomingHttpHeaders, dropped: (name: string) => boolean = () => false): IncomingHttpHeaders {
  const named = new Set(
    String(headers.connection ?? "")
      .toLowerCase()
      .split(",")
      .map((name) => name.trim()),
  );
  return Object.fromEntries(
    Object.entries(headers).filter(([key, value]) => {
      const name = key.toLowerCase();
      return value !== undefined && !HOP_BY_HOP.has(name) && !named.has(name) && !dropped(name);
    }),
  );
}

function isCut(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}

/**
 * Passes page requests to Next on loopback. What is asked is said anew, and never with a body that comes along or is
 * only announced: pages are read. Where pages are under development, Next's own tools post to it as well.
 * @returns a function that answers; @throws HttpError 405 what is no page
 */
export function makePagePass({ port, dev = false, key }: PagesAt) {
  const within = dev ? BUILDS_WITHIN : ANSWERS_WITHIN;
  const pool = new Pool(`http://127.0.0.1:${port}`, {
    connections: CONNECTIONS,
    pipelining: 1,
    headersTimeout: within,
    bodyTimeout: within,
  });
  let waiting = 0;

  function ask(request: IncomingMessage, signal: AbortSignal) {
    const headers = {
      ...passedOn(request.headers, (name) => NOT_A_VISITORS.test(name)),
      "x-forwarded-for": visitorOf(request).address,
      [VISITOR]: visitorLine(visitorOf(request)),
      ...keyHeader({ key }),
    };
    const method = request.method as "GET";
    const reads = isRead(request);
    const once = (repeats: number): ReturnType<Pool["request"]> =>
      pool
        .request({ path: request.url ?? "/", method, headers, signal, body: reads ? null : request })
        .catch((error: unknown) => {
          // An idle connection may be closed by the other side just as it is used again. A script that a wall
          // did not get for that would leave it blank, so it is asked for once more.
          if (repeats > 0 && reads && isCut(error)) return once(repeats - 1);
          throw error;
        });
    return once(REPEATS);
  }

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const answer = await ask(request, gone.signal);
    // A body that is left unread would hold its connection.
    answer.body.once("error", () => {});
    // What comes without a policy is no page, but one of the files that pages are made of.
    response.setHeader("content-security-policy", FILES_POLICY);
    response.writeHead(answer.statusCode, passedOn(answer.headers));
    await pipeline(answer.body, response);
  }

  return function pass(request: IncomingMessage, response: ServerResponse): void {
    if (!dev && !isRead(request))
      throw new HttpError(405, "wrong-method", "pages are read with GET", { allow: "GET, HEAD" });
    if (waiting >= MOST_WAITING) return sendAway(response);
    waiting++;
    passOn(request, response)
      .catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else if (error instanceof errors.InvalidArgumentError)
          sendError(response, new HttpError(400, "unreadable", "the address or a header is not valid"));
        else sendAway(response);
      })
      .finally(() => waiting--);
  };
}

function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

/**
 * Passes a socket upgrade on to Next: how pages under development hear of changes. Nothing else of Next's needs one.
 * Whichever side goes first takes the other one with it: a socket that is left over would hold its descriptor for good.
 */
export function passUpgrade(port: number, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const upstream = connect(port, "127.0.0.1", () => {
    const headers = request.rawHeaders.reduce((text, part, i) => text + part + (i % 2 === 0 ? ": " : "\r\n"), "");
    upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
    upstream.write(head);
    upstream.pipe(socket).pipe(upstream);
  });
  const end = (): void => {
    upstream.destroy();
    socket.destroy();
  };
  for (const side of [upstream, socket]) side.on("error", end).once("close", end);
}
