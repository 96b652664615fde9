import { readFile, writeFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, statesOf, test, watchIssues, type Stack } from "../stack";

const WALL = "/wall/lianyungang/overview";
const NUMBERS = "/wall/lianyungang/numbers";
const CASES = '[data-tile="cases"] [data-topic="reading/lianyungang/all/cases-today"]';

/** Feeds a figure steadily until stopped, so that it stays alive. */
function feed(stack: Stack, metric: string, value: () => number): () => void {
  const timer = setInterval(() => void stack.reading(metric, value()).catch(() => {}), 400);
  return () => clearInterval(timer);
}

async function openNumbers(page: Page, stack: Stack): Promise<void> {
  await page.goto(stack.url + NUMBERS);
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  await expect(page.locator(CASES)).toBeVisible();
}

async function openWall(page: Page, stack: Stack): Promise<void> {
  await page.goto(stack.url + WALL);
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  // Compiling shaders in software holds the page up for a second or two; deadlines are for a wall that stands.
  await expect(page.locator("[data-map]").first()).toHaveAttribute("data-ready", "true");
}

/** What a page offers to whoever looks into it. */
interface Shown {
  citywall: {
    live: {
      now(): number;
      connected(): boolean;
      onBeat(listener: () => void): () => void;
      watch(topic: string, span: number, listener: () => void): () => void;
      state(topic: string): { last: { value: number } | null; fine: { toArray(): number[] } } | undefined;
    };
  };
}

/**
 * Begins to count the frames a page draws from hearing a value to showing it; unlike milliseconds they do not depend
 * on how busy the machine is. It returns once the page listens: what is published after that can't come too early.
 */
async function countFramesUntilShown(
  page: Page,
  topic: string,
  value: number,
  selector: string,
  text: string,
): Promise<() => Promise<number>> {
  const counting = await page.evaluateHandle(
    ([topic, value, selector, text]) => {
      const { live } = (window as unknown as Shown).citywall;
      let [frame, heard] = [0, -1];
      live.watch(topic, 0, () => {
        if (heard < 0 && live.state(topic)?.last?.value === value) heard = frame;
      });
      const frames = new Promise<number>((resolve) => {
        const look = (): void => {
          frame++;
          if (heard >= 0 && document.querySelector(selector)?.textContent === text) resolve(frame - heard);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
      // In an object, as a promise itself would be awaited on the way out.
      return { frames };
    },
    [topic, value, selector, text] as const,
  );
  return () => counting.evaluate(({ frames }) => frames);
}

/**
 * Begins to count the beats (two a second) on which a figure's state is overdue: the limit has passed, and the figure does not say
 * so yet. It returns once the page counts; what it gives waits for the end.
 */
async function overdueBeats(page: Page, selector: string, limit: number): Promise<() => Promise<number>> {
  const counting = await page.evaluateHandle(
    ([selector, limit]) => {
      const beats = new Promise<number>((resolve) => {
        const { live } = (window as unknown as Shown).citywall;
        let overdue = 0;
        const stop = live.onBeat(() => {
          const figure = document.querySelector<HTMLElement>(selector);
          const age = live.now() - Date.parse(figure?.dataset.at ?? "");
          if (figure?.dataset.freshness !== "stale") return void (age > limit && overdue++);
          stop();
          resolve(age > limit ? overdue : -1);
        });
      });
      return { beats };
    },
    [selector, limit] as const,
  );
  return () => counting.evaluate(({ beats }) => beats);
}

test("a reading shows in its figure within five frames of its coming, with its observed time", async ({
  page,
  quiet,
}) => {
  await openWall(page, quiet);
  await quiet.reading("cases-today", 4321);
  await expect(page.locator(CASES)).toHaveText("4,321");
  const at = new Date().toISOString();
  const frames = await countFramesUntilShown(page, "reading/lianyungang/all/cases-today", 4322, CASES, "4,322");
  await quiet.publish("readings", [{ city: "lianyungang", metric: "cases-today", value: 4322, at }]);
  expect(await frames()).toBeLessThanOrEqual(5);
  await expect(page.locator(CASES)).toHaveAttribute("data-at", at);
  // Steadily, as a single one may have grown old by the time it is looked at.
  const stop = feed(quiet, "cases-today", () => 4323);
  await expect(page.locator(CASES)).toHaveAttribute("data-freshness", "live");
  stop();
});

test("only the topics of the screen are sent to it", async ({ page, quiet }) => {
  await openNumbers(page, quiet);
  const known = await page.evaluate(() => {
    const { live } = (window as unknown as Shown).citywall;
    return ["reading/lianyungang/all/cases-today", "reading/lianyungang/all/seals-today"].map(
      (topic) => live.state(topic) !== undefined,
    );
  });
  expect(known).toEqual([true, false]);
});

test("a dead feed is seen on the second beat past its limit at the latest, while the connection is alive", async ({
  page,
  quiet,
}) => {
  await openNumbers(page, quiet);
  const stop = feed(quiet, "cases-today", () => 77);
  await expect(page.locator(CASES)).toHaveAttribute("data-freshness", "live");
  const states = await statesOf(page, CASES, "data-freshness");
  const overdue = await overdueBeats(page, CASES, 3_000);
  stop();
  // -1: it was called dead before its limit.
  expect([0, 1]).toContain(await overdue());
  expect((await states()).slice(-3)).toEqual(["live", "late", "stale"]);
  await expect(page.locator('[data-tile="cases"]')).toHaveAttribute("data-freshness", "stale");
  await expect(page.locator('[data-tile="cases"] .badge[data-freshness]')).toContainText("数据超时");
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  const again = feed(quiet, "cases-today", () => 78);
  await expect(page.locator(CASES)).toHaveAttribute("data-freshness", "live");
  again();
});

test("a connection that is open but silent is seen to be dead, and is right again once it speaks", async ({
  page,
  quiet,
}) => {
  await openNumbers(page, quiet);
  await quiet.reading("cases-today", 500);
  await expect(page.locator(CASES)).toHaveText("500");
  quiet.signalGateway("SIGSTOP");
  await expect(page.locator(CASES)).toHaveAttribute("data-freshness", "offline");
  await expect(page.getByRole("alert").filter({ hasText: "连接中断" })).toBeVisible();
  quiet.signalGateway("SIGCONT");
  const stop = feed(quiet, "cases-today", () => 501);
  await expect(page.locator(CASES)).toHaveText("501");
  await expect(page.locator(CASES)).toHaveAttribute("data-freshness", "live");
  stop();
  await expect(page.getByRole("alert").filter({ hasText: "连接中断" })).toHaveCount(0);
});

test("after a killed gateway is back the wall is right without a reload, a duplicate or a gap", async ({
  page,
  quiet,
}) => {
  await openWall(page, quiet);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  // Before the seconds that the others are of, however soon the gateway is back.
  await quiet.reading("mean-speed", 30, { at: new Date(Date.now() - 10_000).toISOString() });
  await quiet.killGateway();
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "offline");
  await quiet.startGateway();
  await quiet.publish(
    "readings",
    [31, 32, 33].map((value, i) => ({
      city: "lianyungang",
      metric: "mean-speed",
      value,
      at: new Date(Date.now() - (2 - i) * 1_000).toISOString(),
    })),
  );
  await quiet.reading("cases-today", 9_000);
  await expect(page.locator(CASES)).toHaveText("9,000");
  const values = await page.evaluate(() => {
    const { live } = (window as unknown as Shown).citywall;
    const points = live.state("reading/lianyungang/all/mean-speed")?.fine.toArray() ?? [];
    return points.filter((_, i) => i % 2 === 1);
  });
  expect(values.slice(-3)).toEqual([31, 32, 33]);
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("a wall whose scripts did not come gets them without anybody, once the server has them again", async ({
  page,
  quiet,
}) => {
  let refused = 0;
  let away = true;
  await page.route("**/_next/static/**/*.js", (route) => {
    if (!away) return route.continue();
    refused++;
    return route.abort();
  });
  await page.goto(quiet.url + NUMBERS, { waitUntil: "domcontentloaded" });
  await expect.poll(() => refused).toBeGreaterThan(0);
  await expect(page.locator("html[data-alive]")).toHaveCount(0);
  away = false;
  await expect(page.locator("html[data-alive]")).toHaveCount(1);
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
});

test("a wall whose own clock is three hours wrong still knows what is live and what time it is", async ({
  page,
  quiet,
}) => {
  await page.addInitScript(() => {
    const real = Date.now.bind(Date);
    Date.now = () => real() + 3 * 3_600_000;
  });
  const stop = feed(quiet, "cases-today", () => 12);
  await openNumbers(page, quiet);
  await expect(page.locator(CASES)).toHaveAttribute("data-freshness", "live");
  const shown = await page.locator(".title-time").getAttribute("datetime");
  expect(Math.abs(Date.parse(shown ?? "") - Date.now())).toBeLessThan(60_000);
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit" });
  await expect
    .poll(async () => (await page.locator(".title-time").innerText()).startsWith(`${hour.format(Date.now())}:`))
    .toBe(true);
  stop();
});

test("a changed screen file changes the running wall without a reload, a faulty one is named and not shown", async ({
  page,
  quiet,
}) => {
  await openNumbers(page, quiet);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  const file = quiet.screenFile("numbers");
  const good = await readFile(file, "utf8");
  const layout = JSON.parse(good) as { tiles: { id: string; title?: object; settings: { metric?: string } }[] };
  const tile = layout.tiles.find((candidate) => candidate.id === "cases");
  if (!tile) throw new Error("no tile");
  tile.title = { zh: "改过的标题", en: "Changed title" };
  await writeFile(file, JSON.stringify(layout));
  await expect(page.locator('[data-tile="cases"] header')).toContainText("改过的标题");
  tile.settings.metric = "tides";
  await writeFile(file, JSON.stringify(layout));
  await expect(page.getByRole("alert").filter({ hasText: "settings.metric" })).toBeVisible();
  await expect(page.locator('[data-tile="cases"] header')).toContainText("改过的标题");
  await writeFile(file, good);
  await expect(page.getByRole("alert").filter({ hasText: "settings.metric" })).toHaveCount(0);
  await expect(page.locator('[data-tile="cases"] header')).toContainText("今日办件量");
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("a surge of ten thousand readings leaves its figure with the last of them", async ({ page, quiet }) => {
  await openNumbers(page, quiet);
  for (let batch = 0; batch < 20; batch++) {
    await quiet.publish(
      "readings",
      Array.from({ length: 500 }, (_, i) => ({
        city: "lianyungang",
        metric: "cases-today",
        value: batch * 500 + i,
        at: new Date().toISOString(),
      })),
    );
  }
  await quiet.reading("cases-today", 123_456);
  await expect(page.locator(CASES)).toHaveText("123,456");
});

test("no page asks another host or breaks its own policy", async ({ page, quiet }) => {
  const issues = watchIssues(page, quiet.url);
  for (const path of ["/", WALL, "/district/lianyungang/320706", "/gallery"]) {
    const response = await page.goto(quiet.url + path);
    const policy = response?.headers()["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("worker-src 'self'");
    expect(policy).toMatch(/script-src 'self' 'nonce-[\w+/=]+' 'strict-dynamic'/);
    await page.locator(".tile, .card").first().waitFor();
    const map = page.locator("[data-map]").first();
    // A map is drawn where it is seen; in the gallery it is further down.
    if (path === "/") continue;
    await map.scrollIntoViewIfNeeded();
    await expect(map).toHaveAttribute("data-ready", "true");
  }
  expect(issues).toEqual([]);
});
