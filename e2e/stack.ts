import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import { madeToken } from "../lib/control/test-tokens";
import { freePort } from "../server/free-port";
import { forkPages } from "../server/processes";
import { nodeArgs } from "../server/test-programs";

const ROOT = path.resolve(import.meta.dirname, "..");

/** A gateway and its pages in a folder of their own, which tests may stop, freeze and start again. */
export class Stack {
  url = "";
  /** where the pages' process listens, which only the gateway is to reach */
  pagesUrl = "";
  folder = "";
  private port = 0;
  private env = {} as NodeJS.ProcessEnv;
  private gateway: ChildProcess | null = null;
  private pages: ChildProcess | null = null;
  private mocks: ChildProcess | null = null;
  private token = "";
  /** what its processes are told besides; to be set before it starts */
  more: NodeJS.Dict<string> = {};

  /**
   * @param living ids of the places whose mock feeds run
   * @param paces metrics whose interval and limit (s) are shortened
   * @param numbers with a screen more, `numbers`
   */
  async start(living: string[], paces: Record<string, [number, number]> = {}, numbers = false): Promise<void> {
    this.folder = await mkdtemp(path.join(os.tmpdir(), "citywall-e2e-"));
    await cp(path.join(ROOT, "cities"), path.join(this.folder, "cities"), { recursive: true });
    await this.setPaces(paces);
    if (numbers) await this.addNumbers();
    this.port = Number(this.more.PORT ?? (await freePort()));
    const pagesPort = await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    this.pagesUrl = `http://127.0.0.1:${pagesPort}`;
    this.env = {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(this.port),
      HOST: "127.0.0.1",
      CITYWALL_DATA: path.join(this.folder, "data"),
      CITYWALL_CITIES: path.join(this.folder, "cities"),
      CITYWALL_PAGES_PORT: String(pagesPort),
      CITYWALL_GATEWAY: this.url,
      NEXT_TELEMETRY_DISABLED: "1",
      ...this.more,
    };
    this.token = await this.tokenFor("lianyungang");
    this.pages = forkPages(pagesPort, false, this.env);
    await this.startGateway();
    await expect
      .poll(
        () =>
          fetch(`${this.url}/`).then(
            (response) => response.status,
            () => 0,
          ),
        { timeout: 120_000 },
      )
      .toBe(200);
    if (living.length === 0) return;
    const secrets: Record<string, string> = {};
    for (const city of living) secrets[`${city}/*`] = await this.tokenFor(city);
    this.mocks = spawn(process.execPath, nodeArgs("mock-feeds"), {
      cwd: ROOT,
      env: {
        ...this.env,
        CITYWALL_URL: this.url,
        CITYWALL_TOKENS: JSON.stringify(secrets),
        CITYWALL_MOCK_CITIES: living.join(","),
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  /** A token for every feed of a city. */
  tokenFor(city: string): Promise<string> {
    return madeToken({ data: path.join(this.folder, "data") }, { city });
  }

  /** Runs the `citywall` command on this stack's folders; what it printed. */
  async command(...args: string[]): Promise<string> {
    const child = spawn(process.execPath, ["bin/citywall.mjs", ...args], {
      cwd: ROOT,
      env: this.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(code, args.join(" ")).toBe(0);
    return out;
  }

  async startGateway(): Promise<void> {
    this.gateway = spawn(process.execPath, nodeArgs("gateway"), {
      cwd: ROOT,
      env: this.env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    await expect
      .poll(
        () =>
          fetch(`${this.url}/healthz`).then(
            (response) => response.status,
            () => 0,
          ),
        { timeout: 120_000 },
      )
      .toBe(200);
  }

  /** SIGSTOP freezes it with its connections open; SIGCONT lets it go on. */
  signalGateway(signal: "SIGSTOP" | "SIGCONT"): void {
    this.gateway?.kill(signal);
  }

  /** Processes that make a file for the gateway now. */
  makers(): number[] {
    const pid = this.gateway?.pid;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
    const isMaker = (child: string): boolean => {
      try {
        return /exporter\.[jt]s/.test(readFileSync(`/proc/${child}/cmdline`, "utf8"));
      } catch {
        // Gone since it was listed.
        return false;
      }
    };
    return children.filter(isMaker).map(Number);
  }

  async killGateway(): Promise<void> {
    const gone = new Promise((resolve) => this.gateway?.once("exit", resolve));
    this.gateway?.kill("SIGKILL");
    await gone;
  }

  private async setPaces(paces: Record<string, [number, number]>): Promise<void> {
    const file = path.join(this.folder, "cities/lianyungang/metrics.json");
    const content = JSON.parse(await readFile(file, "utf8")) as {
      metrics: { id: string; interval: number; limit: number }[];
    };
    for (const metric of content.metrics)
      [metric.interval, metric.limit] = paces[metric.id] ?? [metric.interval, metric.limit];
    await writeFile(file, JSON.stringify(content));
  }

  /** The overview without its map, for what is not about one: compiling its shaders in software takes seconds of both cores. */
  private async addNumbers(): Promise<void> {
    const layout = JSON.parse(await readFile(this.screenFile("overview"), "utf8")) as { tiles: { widget: string }[] };
    const tiles = layout.tiles.filter(({ widget }) => widget !== "map");
    await writeFile(this.screenFile("numbers"), JSON.stringify({ ...layout, tiles, order: 99 }));
  }

  screenFile(name: string): string {
    return path.join(this.folder, "cities/lianyungang/screens", `${name}.json`);
  }

  async publish(kind: "readings" | "events" | "positions", items: object[], token = this.token): Promise<void> {
    const response = await fetch(`${this.url}/api/v1/${kind}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ [kind]: items }),
    });
    const answer = (await response.json()) as { rejected?: unknown[] };
    expect({ status: response.status, rejected: answer.rejected }).toEqual({ status: 200, rejected: [] });
  }

  async reading(metric: string, value: number, more: object = {}): Promise<void> {
    await this.publish("readings", [{ city: "lianyungang", metric, value, at: new Date().toISOString(), ...more }]);
  }

  async stop(): Promise<void> {
    this.gateway?.kill("SIGCONT");
    const children = [this.mocks, this.pages, this.gateway].filter(
      (child): child is ChildProcess => child !== null && child.exitCode === null,
    );
    await Promise.all(
      children.map(
        (child) =>
          new Promise((resolve) => {
            child.once("exit", resolve);
            child.kill("SIGTERM");
          }),
      ),
    );
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What a page did that it must not: asked another host, broke its policy, threw. */
export function watchIssues(page: Page, url: string): string[] {
  const issues: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) issues.push(`asked ${request.url()}`);
  });
  page.on("websocket", (socket) => {
    if (!socket.url().startsWith(url.replace("http", "ws"))) issues.push(`socket to ${socket.url()}`);
  });
  page.on("pageerror", (error) => issues.push(`threw ${error.message}`));
  page.on("console", (message) => {
    if (/Content.Security.Policy|repaint:|tile:/i.test(message.text())) issues.push(message.text());
  });
  return issues;
}

/** Texts that leave their tile, tiles that leave the screen, and scroll bars. */
export function layoutIssues(): string[] {
  const issues: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight)
    issues.push(`page is ${root.scrollWidth}x${root.scrollHeight}`);
  for (const tile of document.querySelectorAll<HTMLElement>("[data-tile]")) {
    const box = tile.getBoundingClientRect();
    if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      issues.push(`${tile.dataset.tile} leaves the screen`);
    if (box.width < 40 || box.height < 40) issues.push(`${tile.dataset.tile} is too small`);
    for (const element of tile.querySelectorAll<HTMLElement>(
      "[data-topic], .tile-head > *, .figure-unit, .event-title, .pager > *",
    )) {
      const inner = element.getBoundingClientRect();
      const scrolled = element.closest(".table-scroll");
      if (inner.width === 0 || scrolled) continue;
      if (
        inner.left < box.left - 1 ||
        inner.right > box.right + 1 ||
        inner.top < box.top - 1 ||
        inner.bottom > box.bottom + 1
      )
        issues.push(`${tile.dataset.tile}: "${element.textContent || element.tagName}" leaves its tile`);
    }
  }
  const boxesOf = (within: ParentNode, selector: string): DOMRect[] =>
    [...within.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
  const meets = (a: DOMRect, b: DOMRect): boolean =>
    a.width * b.width > 0 &&
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  for (const map of document.querySelectorAll("[data-map]")) {
    const legend = boxesOf(map, ".map-legend > *");
    const notices = boxesOf(map, ".map-notice");
    if (legend.some((part) => notices.some((notice) => meets(part, notice)))) issues.push("a legend meets its notice");
    if (!map.closest('[data-backdrop="true"]')) continue;
    const over = boxesOf(document, '[data-tile]:not([data-backdrop="true"])');
    if ([...legend, ...notices].some((part) => over.some((tile) => meets(part, tile))))
      issues.push("a tile lies on a map's legend or notice");
  }
  const title = document.querySelector(".title-left h1");
  // A glyph may be higher than its line; a line that is hidden is half of what is there at the least.
  if (title && (title.scrollHeight > title.clientHeight * 1.3 || title.scrollWidth > title.clientWidth + 1))
    issues.push(`the title "${title.textContent}" is cut`);
  const grid = document.querySelector(".wall-grid")?.getBoundingClientRect();
  if (!grid || Math.abs(grid.right - innerWidth) > 1 || Math.abs(grid.bottom - innerHeight) > 1)
    issues.push("the grid does not fill the screen");
  return issues;
}

/** On a phone: tiles that are not one under the other in the order of the wall, and anything that makes the page move sideways. */
export function columnIssues(): string[] {
  const issues: string[] = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) issues.push(`page is ${scrollWidth} wide`);
  const boxes = [...document.querySelectorAll<HTMLElement>(".wall-grid > [data-tile]")].map((tile) => ({
    tile: tile.dataset.tile,
    rank: Number(tile.style.getPropertyValue("--rank")),
    box: tile.getBoundingClientRect(),
  }));
  boxes.sort((a, b) => a.rank - b.rank);
  boxes.forEach(({ tile, box }, i) => {
    const before = boxes[i - 1];
    if (before && box.top < before.box.bottom) issues.push(`${tile} is not under ${before.tile}`);
    if (box.width < innerWidth * 0.9 || box.height < 60) issues.push(`${tile} is ${box.width}x${box.height}`);
  });
  return issues;
}

/**
 * Remembers each state that the first element of a kind goes through from now on, also one that is over before anybody looks.
 * Returns once the page watches; what it gives tells the states so far, in their order.
 */
export async function statesOf(page: Page, selector: string, attribute: string): Promise<() => Promise<string[]>> {
  const states = await page.evaluateHandle(
    ([selector, attribute]) => {
      const found: string[] = [];
      const look = (): void => {
        const state = document.querySelector(selector)?.getAttribute(attribute) ?? "";
        if (state !== "" && state !== found.at(-1)) found.push(state);
      };
      look();
      new MutationObserver(look).observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
        attributeFilter: [attribute],
      });
      return found;
    },
    [selector, attribute] as const,
  );
  return () => states.jsonValue();
}

/** Keeps a picture for people to look at, in test-results/shots, where `CITYWALL_SHOTS` asks for it: that of a wide wall takes seconds. */
export async function shot(page: Page, name: string): Promise<void> {
  if (process.env.CITYWALL_SHOTS) await page.screenshot({ path: path.join(ROOT, "test-results/shots", `${name}.png`) });
}

/**
 * Turns to another screen by its link. The bar folds its links into a list where there is no room for them, and closes it
 * when the screen has changed: both may come just before the click.
 */
export async function turnTo(page: Page, name: string): Promise<void> {
  const folded = page.locator(".title-bar nav details:not([open]) summary");
  const link = page.locator(".title-bar nav").getByRole("link", { name });
  await expect(async () => {
    if (await folded.isVisible()) await folded.click({ timeout: 5_000 });
    await link.click({ timeout: 5_000 });
  }).toPass();
}

/** A page that is opened or loaded again has come to life when the test goes on: a click or a key before that is lost. */
async function untilAlive(page: Page): Promise<void> {
  await page.locator("html[data-alive]").waitFor({ state: "attached" });
}

export const test = base.extend<object, { quiet: Stack; living: Stack; places: Stack }>({
  page: async ({ page }, use) => {
    const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
    page.goto = async (url, options) => {
      const response = await goto(url, options);
      // Who waits for less wants less.
      if (options?.waitUntil === undefined) await untilAlive(page);
      return response;
    };
    page.reload = async (options) => {
      const response = await reload(options);
      await untilAlive(page);
      return response;
    };
    await use(page);
    // An answer that is still changed on its way when a test ends would fail the next one.
    await page.unrouteAll({ behavior: "ignoreErrors" });
  },
  /** No feed but the test itself; the metrics it uses die within seconds. */
  quiet: [
    async ({}, use) => {
      const stack = new Stack();
      await stack.start([], { "cases-today": [1, 3], "events-open": [1, 3], "mean-speed": [1, 3] }, true);
      await use(stack);
      await stack.stop();
    },
    { scope: "worker" },
  ],
  /** With the mock feeds of Lianyungang. */
  living: [
    async ({}, use) => {
      const stack = new Stack();
      await stack.start(["lianyungang"]);
      await use(stack);
      await stack.stop();
    },
    { scope: "worker" },
  ],
  /** With the mock feeds of every place. */
  places: [
    async ({}, use) => {
      const stack = new Stack();
      await stack.start(["lianyungang", "zhangjiagang", "zhengzhou", "hangzhou", "guangdong"]);
      await use(stack);
      await stack.stop();
    },
    { scope: "worker" },
  ],
});

export { expect };
