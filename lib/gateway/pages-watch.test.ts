import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { PagesWatch } from "./pages-watch";

const PAGE = "<!DOCTYPE html><html><body>a wall</body></html>";
/** What Next sends where not even the frame of a page could be rendered. */
const FAILED = '<!DOCTYPE html><html id="__next_error__"><body></body></html>';

let pages: Server;
let watch: PagesWatch | null = null;
afterEach(() => {
  watch?.close();
  pages.closeAllConnections();
  pages.close();
});

type Answer = (response: ServerResponse) => void;

const html =
  (status: number, body: string): Answer =>
  (response) =>
    response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(body);

/** Pages' process that lives and renders as `home` says. */
async function watched(home: { answer: Answer }, { alive = 200, renders = 20 } = {}) {
  const asked = { alive: 0, home: 0 };
  pages = createServer((request, response) => {
    if (request.url === "/api/alive") {
      asked.alive++;
      response.writeHead(alive).end("ok");
    } else {
      asked.home++;
      home.answer(response);
    }
  });
  await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
  watch = new PagesWatch(
    { port: (pages.address() as AddressInfo).port },
    { away: 5, failing: 6, there: 5, renders, patience: 5_000, rendersWithin: 200 },
  );
  return { watch, asked };
}

const comesTo = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 5 });

it("is content with a page that is really rendered, and asks for it less often than for a sign of life", async () => {
  const home = { answer: html(200, PAGE) };
  const { watch, asked } = await watched(home, { renders: 3_600_000 });
  expect(watch.fault).toBe("have not answered yet");
  await comesTo(() => expect(watch.fault).toBeNull());
  await comesTo(() => expect(asked.alive).toBeGreaterThanOrEqual(5));
  expect([asked.home, watch.fault]).toEqual([1, null]);
});

it("asks for the page again when its time has come", async () => {
  const { asked } = await watched({ answer: html(200, PAGE) });
  await comesTo(() => expect(asked.home).toBeGreaterThanOrEqual(3));
});

it.each<[string, Answer, RegExp]>([
  ["answers with 500", html(500, PAGE), /^cannot render \/: 500$/],
  ["sends its own words for a failure as a page", html(200, FAILED), /^cannot render \/: an error page$/],
  ["stops in the middle of a page", html(200, PAGE.slice(0, 30)), /^cannot render \/: the page has no end$/],
  ["sends something else than a page", (response) => void response.end(PAGE), /^cannot render \/: no page$/],
  ["never comes to its end", (response) => void response.write(PAGE), /^cannot render \/: not within 0.2 s$/],
  ["hangs up", (response) => void response.destroy(), /^cannot render \/: no answer$/],
])("names it when a process that lives %s, and takes it back", async (_what, answer, fault) => {
  const home = { answer };
  const { watch } = await watched(home);
  await comesTo(() => expect(watch.fault).toMatch(fault));
  home.answer = html(200, PAGE);
  await comesTo(() => expect(watch.fault).toBeNull());
  // Also one that could render before.
  home.answer = answer;
  await comesTo(() => expect(watch.fault).toMatch(fault));
});

it("asks for no page where there is no sign of life", async () => {
  const { watch, asked } = await watched({ answer: html(200, PAGE) }, { alive: 502 });
  await comesTo(() => expect(watch.fault).toBe("answer with 502"));
  expect(asked.home).toBe(0);
});
