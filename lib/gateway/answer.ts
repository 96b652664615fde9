import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { AddressLimit } from "./address-limit";
import type { makeApi } from "./api";
import { compressAnswer } from "./compression";
import type { makeGate } from "./gate";
import { makePageDoor } from "./page-access";
import { HttpError, refusalOf, sendError, sameOrigin } from "./http";
import type { LiveDoor } from "./live";
import { makePagePass, passUpgrade, sendAway, type PagesAt } from "./pages";
import type { Principals } from "./principals";
import { refuseSocket } from "./raw-answer";
import { makeStaticFiles } from "./static-files";
import type { Stats } from "./stats";

type Gate = ReturnType<typeof makeGate>;

interface AnswerParts {
  gate: Gate;
  api: ReturnType<typeof makeApi>;
  stats: Stats;
  /** null serves no pages */
  pages: PagesAt | null;
  /** folder of public/ and .next/ */
  files: string | undefined;
  addresses: Pick<AddressLimit, "countPage">;
  /** tells who asks; null where whoever comes may see every page */
  principals: Pick<Principals, "of"> | null;
}

/** Where the live socket is. */
const LIVE = "/live/";

/**
 * Answers every request of the public server: by the API, else with a file, else with what the pages' process makes.
 */
export function makeAnswer({ gate, api, stats, pages, files, addresses, principals }: AnswerParts) {
  const pass = pages === null ? null : makePagePass(pages);
  const door = principals && makePageDoor(principals, pages?.dev);
  const sendFile = files === undefined ? null : makeStaticFiles(files);

  async function answerPage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith(LIVE))
      throw new HttpError(426, "no-upgrade", "the live socket is a WebSocket", { upgrade: "websocket" });
    if (await sendFile?.(request, response)) return;
    if (await door?.(request, response)) return;
    if (!pass) throw new HttpError(404, "unknown-path", "no pages are served here");
    // Where files are not served from here, those of the build come from the pages' process as well.
    if (sendFile || !request.url?.startsWith("/_next/")) addresses.countPage(request);
    pass(request, response);
  }

  function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const { status, headers } = refusalOf(error);
    stats.requests.inc({ status: String(status) });
    // A wall that is told to wait has nobody before it who would load it again.
    if (status === 429 && request.headers.accept?.includes("text/html"))
      sendAway(response, status, Number(headers["retry-after"]));
    else sendError(response, error);
  }

  return function answer(request: IncomingMessage, response: ServerResponse): void {
    try {
      gate(request);
    } catch (error) {
      refuse(request, response, error);
      return;
    }
    compressAnswer(request, response);
    if (api.takes(request)) api.handle(request, response);
    else answerPage(request, response).catch((error: unknown) => refuse(request, response, error));
  };
}

interface UpgradeParts {
  gate: Gate;
  stats: Stats;
  pages: PagesAt | null;
  live: Pick<LiveDoor, "upgrade">;
}

/**
 * Answers a request for another protocol: the live socket takes its own, the pages' process under development those for
 * what it rebuilds. Any other one is refused and its connection ended: nobody else would ever close it.
 */
export function makeUpgrade({ gate, stats, pages, live }: UpgradeParts) {
  async function take(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    gate(request);
    if (request.method !== "GET") throw new HttpError(400, "no-upgrade", "only GET is taken to another protocol");
    if (!sameOrigin(request)) throw new HttpError(403, "other-origin", "only this site's own pages and programs");
    if (request.url?.startsWith(LIVE)) await live.upgrade(request, socket, head);
    else if (pages?.dev && request.url?.startsWith("/_next/")) passUpgrade(pages.port, request, socket, head);
    else throw new HttpError(404, "no-upgrade", `no other protocol is spoken here than the live socket's, at ${LIVE}`);
  }
  return function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    take(request, socket, head).catch((error: unknown) => {
      const refused = refusalOf(error);
      stats.requests.inc({ status: String(refused.status) });
      if (refused.status === 500) console.error("gateway: an upgrade failed:", error);
      refuseSocket(socket, refused);
    });
  };
}
