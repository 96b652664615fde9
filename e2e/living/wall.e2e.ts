import type { Page } from "@playwright/test";
import { columnIssues, expect, layoutIssues, shot, statesOf, test, watchIssues } from "../stack";

const SIZES = [
  [1920, 1080],
  [3840, 2160],
  [5760, 1080],
  [7680, 2160],
] as const;
/**
 * The same shapes at 1080 lines: type follows a screen's height, so a wall twice as wide and as high shows the same, and
 * paints four times as long.
 */
const SHAPES = [
  [1920, 1080],
  [5760, 1080],
  [3840, 1080],
] as const;
/** A desk's screen of the least size, and a phone. */
const SMALL = [
  [1366, 768],
  [390, 844],
] as const;
const SCREENS = [
  "overview",
  "services",
  "trends",
  "digital",
  "business",
  "epidemic",
  "operations",
  "traffic",
  "network",
  "services-detail",
];

const FROM_AFAR = ["overview", "services", "trends"];

/** True once every tile is drawn and everything on it is live or late. */
function alive(): boolean {
  const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)];
  const fresh = (element: HTMLElement): boolean =>
    element.dataset.freshness === "live" || element.dataset.freshness === "late";
  const drawn = all(".tile-body").every((body) => body.childElementCount > 0);
  return (
    drawn &&
    all("[data-tile]").length > 0 &&
    all(".badge[data-freshness]").every(fresh) &&
    all("[data-topic]").every(fresh) &&
    all("[data-map]").every((map) => map.dataset.ready === "true")
  );
}

type Sizes = readonly (readonly [width: number, height: number])[];

/** Sizes of walls, another one first for each `i`: a page is opened at one of them and brought to the others, which costs no load. */
function sizesFrom(sizes: Sizes, i: number): Sizes {
  return sizes.map((_, k) => sizes[(i + k) % sizes.length] ?? SIZES[0]);
}

/** A page in Chinese has no English left in it, and none in English any Chinese. @param page in Chinese; it is so again */
async function expectOneLanguageEach(page: Page): Promise<void> {
  const words = (pattern: string): Promise<string[]> =>
    page.evaluate((pattern) => {
      const texts = [...document.querySelectorAll(".wall *")]
        .filter((e) => e.childElementCount === 0 && !e.closest("canvas, .title-lang, [data-lang-free]"))
        .map((e) => e.textContent ?? "");
      return texts.join("\n").match(new RegExp(pattern, "g")) ?? [];
    }, pattern);
  const english = async (): Promise<string[]> => (await words("[A-Za-z]{4,}")).filter((word) => word !== "Gbps");
  await expect.poll(english).toEqual([]);
  await page.keyboard.press("l");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.waitForFunction(alive);
  // What is painted follows within a second of what is rendered.
  await expect.poll(() => words("[\\u4e00-\\u9fff]+")).toEqual([]);
  await expect.poll(() => page.evaluate(layoutIssues), { message: "in English" }).toEqual([]);
  const [bar, title] = [await page.locator(".title-bar").boundingBox(), await page.locator("h1").boundingBox()];
  expect(title?.height, "the title stands within its bar").toBeLessThanOrEqual(bar?.height ?? 0);
  await page.keyboard.press("l");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
}

for (const [i, screen] of SCREENS.entries())
  test(`the screen ${screen} fills every size of wall with no overflow and nothing dead, in one language at a time`, async ({
    page,
    living,
  }) => {
    const sizes = sizesFrom(FROM_AFAR.includes(screen) ? SIZES : SHAPES, i);
    const issues = watchIssues(page, living.url);
    const [width, height] = sizes[0] ?? SIZES[0];
    await page.setViewportSize({ width, height });
    await page.goto(`${living.url}/wall/lianyungang/${screen}?lang=zh`);
    await page.waitForFunction(alive);
    expect(await page.evaluate(layoutIssues), `opened at ${width}x${height}`).toEqual([]);
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      await expect.poll(() => page.evaluate(layoutIssues), { message: `${width}x${height}` }).toEqual([]);
      await page.waitForFunction(alive);
      const rem = await page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
      // Seen from 6 m at 1.35 m of height, 0.85 of a rem fills 16 arc minutes: 1.65 times a desk's.
      const scale = FROM_AFAR.includes(screen) ? 1.65 : 1;
      expect(rem).toBeCloseTo((16 * height * scale) / 1080, 1);
      await shot(page, `${screen}-${width}x${height}`);
    }
    for (const [width, height] of SMALL) {
      await page.setViewportSize({ width, height });
      const issuesOf = width < 700 ? columnIssues : layoutIssues;
      await expect.poll(() => page.evaluate(issuesOf), { message: `${width}x${height}` }).toEqual([]);
      await shot(page, `${screen}-${width}x${height}`);
    }
    await page.setViewportSize({ width: 1920, height: 1080 });
    await expectOneLanguageEach(page);
    expect(issues).toEqual([]);
  });

test("the page of a district has no English left in Chinese, and no Chinese in English", async ({ page, living }) => {
  await page.goto(`${living.url}/district/lianyungang/320706?lang=zh`);
  await page.waitForFunction(alive);
  await expectOneLanguageEach(page);
});

test("a click on a district opens its page, and Back leads to the wall again", async ({ page, living }) => {
  await page.goto(`${living.url}/wall/lianyungang/overview`);
  const map = page.locator('[data-tile="map"] [data-map]');
  await expect(map).toHaveAttribute("data-ready", "true");
  const box = await map.boundingBox();
  if (!box) throw new Error("no map");
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await expect(page).toHaveURL(/\/district\/lianyungang\/3207\d\d$/);
  await expect(page.locator('[data-tile^="figure-"] [data-topic]').first()).toHaveAttribute("data-freshness", "live");
  await expect(page.locator('[data-tile="table"] [data-topic]').first()).toHaveAttribute("data-freshness", /live|late/);
  await page.goBack();
  await expect(page).toHaveURL(/\/wall\/lianyungang\/overview$/);
  await expect(page.locator('[data-tile="cases"] [data-topic]').first()).toHaveAttribute("data-freshness", "live");
});

test("arrow keys choose a district and Enter opens it; page keys turn screens, L changes the language, I tells the source", async ({
  page,
  living,
}) => {
  await page.goto(`${living.url}/wall/lianyungang/overview`);
  await expect(page.locator('[data-tile="map"] [data-map]')).toHaveAttribute("data-ready", "true");
  await page.keyboard.press("i");
  await expect(page.getByRole("dialog")).toContainText("政务服务一网通办");
  await expect(page.getByRole("dialog")).toContainText("采集时间");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("l");
  await expect(page.locator('[data-tile="cases"] header')).toContainText("Cases today");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.keyboard.press("l");
  await expect(page.locator('[data-tile="cases"] header')).toContainText("今日办件量");
  await expect(page.locator('[data-tile="map"] [data-map]')).toHaveAttribute("data-ready", "true");
  // The map is made anew with each language; a key that meets it half made chooses nothing.
  await expect(async () => {
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowUp");
    await expect(page.locator("[data-selected]")).toHaveAttribute("data-selected", /^3207\d\d$/, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/district\/lianyungang\/3207\d\d$/);
  await page.goBack();
  await expect(page.locator('[data-tile="map"] [data-map]')).toHaveAttribute("data-ready", "true");
  await page.keyboard.press("PageDown");
  await expect(page).toHaveURL(/\/wall\/lianyungang\/services$/);
  // The address changes a moment before the page does; until then keys still mean the page before.
  await expect(page.locator('.title-bar nav [aria-current="page"]')).toHaveText("政务服务");
  await page.keyboard.press("PageUp");
  await expect(page).toHaveURL(/\/wall\/lianyungang\/overview$/);
});

test("the front page lists every screen with living figures and leads to each", async ({ page, living }) => {
  const issues = watchIssues(page, living.url);
  await page.goto(`${living.url}/`);
  for (const screen of SCREENS) {
    const figure = page.locator(`[data-city="lianyungang"] [data-screen="${screen}"] [data-topic]`).first();
    // What is out of sight is not painted.
    await figure.scrollIntoViewIfNeeded();
    await expect(figure).toHaveAttribute("data-freshness", "live");
  }
  await shot(page, "home-1920x1080");
  // A place, a screen or a metric is found by its name, and Enter opens the first.
  await page.keyboard.press("/");
  await page.keyboard.type("海州");
  const found = page.locator(".home-found a");
  await expect(found.first()).toContainText("海州区");
  await page.keyboard.press("Escape");
  await expect(found).toHaveCount(0);
  await page.keyboard.type("城市交通");
  await expect(found.first()).toHaveAttribute("href", "/wall/lianyungang/traffic");
  await page.keyboard.press("Escape");
  await page.locator('[data-city="lianyungang"] [data-screen="traffic"]').click();
  await expect(page).toHaveURL(/\/wall\/lianyungang\/traffic$/);
  expect(issues).toEqual([]);
});

test("unknown cities, screens and districts are told plainly", async ({ page, living }) => {
  for (const path of [
    "/wall/atlantis/overview",
    "/wall/lianyungang/none",
    "/district/lianyungang/999999",
    "/nowhere",
  ]) {
    const response = await page.goto(living.url + path);
    expect(response?.status()).toBe(404);
    await expect(page.getByText("页面不存在")).toBeVisible();
  }
});

test("a lost WebGL context is made good without a person", async ({ page, living }) => {
  await page.goto(`${living.url}/wall/lianyungang/overview`);
  const map = page.locator('[data-tile="map"] [data-map]');
  await expect(map).toHaveAttribute("data-ready", "true");
  const states = await statesOf(page, '[data-tile="map"] [data-map]', "data-ready");
  await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("[data-map] canvas");
    canvas?.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
  });
  // It may be made good before anybody looks.
  await expect.poll(states).toEqual(["true", "false", "true"]);
  await expect(page.locator('[data-tile="cases"] [data-topic]').first()).toHaveAttribute("data-freshness", "live");
});

test("the district page has no overflow and nothing dead at any size", async ({ page, living }) => {
  await page.goto(`${living.url}/district/lianyungang/320706`);
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await page.waitForFunction(alive);
    await expect.poll(() => page.evaluate(layoutIssues), { message: `${width}x${height}` }).toEqual([]);
    await shot(page, `district-${width}x${height}`);
  }
});

test("every other page is no wider than the wall, at any shape of it", async ({ page, living }) => {
  const pages = [
    ["home", "/", ".home-city"],
    ["gallery", "/gallery", "[data-tile]"],
    ["metric", "/metric/lianyungang/code-scans-minute", ".metric-facts dd"],
    ["compare", "/compare", ".compare-bars li"],
    ["indicators", "/indicators/lianyungang", "tbody tr"],
    ["events", "/events/lianyungang", ".stages li"],
    ["analysis-live", "/district/lianyungang/320706?view=analysis&range=24h", ".analysis-facts dd"],
  ] as const;
  const fits = (): boolean => document.documentElement.scrollWidth <= innerWidth;
  for (const [i, [name, path, drawn]] of pages.entries()) {
    const sizes = sizesFrom(SHAPES, i);
    const [width, height] = sizes[0] ?? SHAPES[0];
    await page.setViewportSize({ width, height });
    await page.goto(`${living.url}${path}`);
    await expect(page.locator(drawn).first()).toBeVisible();
    if (name === "home") await expect(page.locator(".home-city [data-topic]").first()).not.toHaveText("–");
    if (name === "metric") await page.waitForFunction(alive);
    await expect(page.locator('.analysis-progress[data-busy="true"]')).toHaveCount(0);
    expect(await page.evaluate(fits), `${name} opened at ${width}`).toBe(true);
    for (const [width, height] of [...sizes, ...SMALL]) {
      await page.setViewportSize({ width, height });
      await expect.poll(() => page.evaluate(fits), { message: `${name} ${width}` }).toBe(true);
      await shot(page, `${name}-${width}x${height}`);
    }
  }
});
