import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { makeApi } from "./api";
import { compressAnswer } from "./compression";
import { HttpError, refusalOf, sendError } from "./http";
import { makePagePass, passUpgrade } from "./pages";
import { makeStaticFiles } from "./static-files";
import type { Stats } from "./stats";

interface AnswerParts {
  api: ReturnType<typeof makeApi>;
  stats: Stats;
  /** Next's port on loopback; null serves no pages */
  pagesPort: number | null;
  /** folder of public/ and .next/ */
  files: string | undefined;
}

/**
 * Answers every request of the public server: by the API, else with a file, else with what the pages' process makes.
 */
export function makeAnswer({ api, stats, pagesPort, files }: AnswerParts) {
  const pass = pagesPort === null ? null : makePagePass(pagesPort);
  const sendFile = files === undefined ? null : makeStaticFiles(files);

  async function answerPage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await sendFile?.(request, response)) return;
    if (pass) pass(request, response);
    else throw new HttpError(404, "unknown-path", "no pages are served here");
  }

  return function answer(request: IncomingMessage, response: ServerResponse): void {
    compressAnswer(request, response);
    if (api.takes(request)) return api.handle(request, response);
    answerPage(request, response).catch((error: unknown) => {
      stats.requests.inc({ status: String(refusalOf(error).status) });
      sendError(response, error);
    });
  };
}

/**
 * Answers a request for another protocol: the live socket takes its own, the pages' process those for what it rebuilds.
 */
export function makeUpgrade(pagesPort: number | null) {
  return function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (request.url?.startsWith("/live/")) return;
    if (pagesPort !== null && request.url?.startsWith("/_next/")) passUpgrade(pagesPort, request, socket, head);
    else socket.destroy();
  };
}
