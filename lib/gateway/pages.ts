import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { after } from "../clock";

/** Shown while the page process is away; comes back by itself. */
const AWAY = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>Citywall</title>
<style>body{background:#0a0f14;color:#8fa1b3;font:20px sans-serif;display:grid;place-items:center;height:100vh;margin:0}</style>
<p>页面服务正在启动… Pages are starting…</p>`;

/** Answers a page that asks again by itself, for as long as nobody can make the right one. */
export function sendAway(response: ServerResponse): void {
  response
    .writeHead(503, {
      "content-type": "text/html; charset=utf-8",
      "retry-after": "2",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    })
    .end(AWAY);
}

/** How often pages are asked whether they answer, ms: while they do not, and while they do. */
const ASK_AWAY = 500;
const ASK_THERE = 5_000;
/** Most ms an answer may take. */
const PATIENCE = 5_000;

/** Keeps asking the pages' process whether it answers, until `close` is called. */
export class PagesWatch {
  /** why no page can be served, or null */
  fault: string | null = "have not answered yet";
  private cancel = (): void => {};
  private closed = false;

  constructor(private readonly port: number) {
    void this.look();
  }

  close(): void {
    this.closed = true;
    this.cancel();
  }

  private async look(): Promise<void> {
    this.fault = await fetch(`http://127.0.0.1:${this.port}/api/alive`, { signal: AbortSignal.timeout(PATIENCE) }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.ok ? null : `answer with ${answer.status}`;
      },
      (error: Error) => (error.name === "TimeoutError" ? `do not answer within ${PATIENCE / 1000} s` : "do not answer"),
    );
    if (!this.closed) this.cancel = after(this.fault === null ? ASK_THERE : ASK_AWAY, () => void this.look());
  }
}

/** Passes page requests to Next on loopback. Kept thin: streams both ways, changes nothing but the address. */
export function makePagePass(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return function pass(request: IncomingMessage, response: ServerResponse): void {
    const headers = { ...request.headers, "x-forwarded-for": request.socket.remoteAddress ?? "" };
    const repeatable = request.method === "GET" || request.method === "HEAD";
    const ask = (mayRepeat: boolean): void => {
      const upstream = httpRequest(
        { host: "127.0.0.1", port, agent, method: request.method, path: request.url, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      upstream.on("error", () => {
        // An idle connection may be closed by the other side just as it is used again. A script that a wall
        // did not get for that would leave it blank, so it is asked for once more, on another connection.
        if (mayRepeat && upstream.reusedSocket && !response.headersSent && !response.destroyed) ask(false);
        else if (response.headersSent) response.destroy();
        else sendAway(response);
      });
      response.on("close", () => upstream.destroy());
      if (repeatable) upstream.end();
      else request.pipe(upstream);
    };
    ask(repeatable);
  };
}

/**
 * Passes a socket upgrade on to Next: how pages under development hear of changes. Nothing else of Next's needs one.
 */
export function passUpgrade(port: number, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const upstream = connect(port, "127.0.0.1", () => {
    const headers = request.rawHeaders.reduce((text, part, i) => text + part + (i % 2 === 0 ? ": " : "\r\n"), "");
    upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
    upstream.write(head);
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.on("error", () => socket.destroy());
  socket.on("error", () => upstream.destroy());
}
