import AxeBuilder from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { openControl } from "../../lib/control/open";
import { signedIn } from "../../lib/control/test-people";
import { COOKIES } from "../../lib/gateway/cookies";
import { expect, shot, Stack, test as base, watchIssues } from "../stack";

const SIZES = {
  wide: { width: 1920, height: 1080 },
  large: { width: 3840, height: 2160 },
  laptop: { width: 1366, height: 768 },
  phone: { width: 390, height: 844 },
} as const;

/** A gateway in which everybody signs in. */
const test = base.extend<object, { closed: Stack }>({
  closed: [
    async ({}, use) => {
      const stack = new Stack();
      stack.more = { CITYWALL_SIGN_IN: "1" };
      await stack.start([], {}, true);
      await use(stack);
      await stack.stop();
    },
    { scope: "worker" },
  ],
});

async function browserOf(browser: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ locale: "zh-CN", viewport: SIZES.wide });
  return { context, page: await context.newPage() };
}

/** Somebody who looks after displays, signed in. */
async function operator(browser: Browser, stack: Stack): Promise<{ context: BrowserContext; page: Page }> {
  const db = await openControl({ data: `${stack.folder}/data` });
  const { secret } = await signedIn(db, { role: "operator" });
  await db.destroy();
  const visitor = await browserOf(browser);
  await visitor.context.addCookies([{ name: COOKIES.session, value: secret, url: stack.url }]);
  return visitor;
}

/** Looks at a page in both languages, on a wall's screen and on a phone. */
async function look(page: Page, name: string): Promise<void> {
  for (const lang of ["zh", "en"] as const) {
    if ((await page.locator("html").getAttribute("lang"))?.startsWith(lang) !== true) await page.keyboard.press("l");
    await expect(page.locator("html")).toHaveAttribute("lang", lang === "zh" ? "zh-CN" : "en");
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await shot(page, `display-${name}-${lang}-${size}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), size).toBeLessThanOrEqual(0);
    }
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    const words = await page.locator("body").innerText();
    if (lang === "en") expect(words.replaceAll("中文", "").replaceAll("大屏一", "")).not.toMatch(/\p{Script=Han}/u);
  }
  await page.keyboard.press("l");
  await page.setViewportSize(SIZES.wide);
}

const codeOn = async (page: Page): Promise<string> => {
  await expect(page.locator("[data-pair=code] .pair-code")).toHaveText(/^[A-Z]{4}-[A-Z]{4}$/);
  return page.locator(".pair-code").innerText();
};

/** Names the display that shows a code, on the page for it. */
async function claim(page: Page, code: string, name: string, screen: string): Promise<void> {
  const form = page.locator(".displays-claim");
  await form.getByLabel("配对码").fill(code.toLowerCase());
  await form.getByLabel("名称").fill(name);
  await form.getByLabel("地区").selectOption("lianyungang");
  await form.getByLabel("大屏").selectOption(screen);
  await form.getByRole("button", { name: "配对" }).click();
}

/** Ms, by the page's own clock, from now until something is shown. */
async function msUntil(page: Page, selector: string, act: () => Promise<unknown>): Promise<number> {
  const counting = await page.evaluateHandle((selector) => {
    const state = { began: 0, shown: new Promise<number>(() => {}) };
    state.shown = new Promise<number>((resolve) => {
      const look = (): void => {
        if (document.querySelector(selector)) resolve(performance.now());
        else requestAnimationFrame(look);
      };
      look();
    });
    return state;
  }, selector);
  const began = await page.evaluate(() => performance.now());
  await act();
  return (await counting.evaluate(({ shown }) => shown)) - began;
}

test("a display is paired by its code, turns to another screen, survives restarts, and goes black once it is withdrawn", async ({
  browser,
  closed,
}) => {
  const screen = await browserOf(browser);
  const person = await operator(browser, closed);
  const issues = watchIssues(screen.page, closed.url);
  await screen.page.goto(`${closed.url}/pair`);
  await codeOn(screen.page);
  await look(screen.page, "pair");
  const code = await codeOn(screen.page);
  // Each of eight letters is a ninth of a wide screen's width: 12 cm on a screen of two metres.
  const box = await screen.page.locator(".pair-code").boundingBox();
  expect(box?.width ?? 0).toBeGreaterThan(SIZES.wide.width * 0.6);

  await person.page.goto(`${closed.url}/displays`);
  await expect(person.page.getByText("还没有配对的显示屏")).toBeVisible();
  await claim(person.page, "BBBB-BBBB", "大厅", "numbers");
  await expect(person.page.getByRole("alert").filter({ hasText: "没有屏显示此码" })).toBeVisible();
  await claim(person.page, code, "大屏一", "numbers");
  const row = person.page.locator('[data-display="大屏一"]');
  await expect(row).toBeVisible();
  await screen.page.waitForURL(`${closed.url}/wall/lianyungang/numbers`);
  await expect(screen.page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  await expect(row).toHaveAttribute("data-state", "live");
  await look(person.page, "list");

  // A copy of the code is of no use any more.
  await claim(person.page, code, "大屏二", "numbers");
  await expect(person.page.getByRole("alert").filter({ hasText: "没有屏显示此码" })).toBeVisible();

  // Who signs in there is told what that means.
  const signIn = await screen.context.newPage();
  await signIn.goto(`${closed.url}/sign-in`);
  await expect(signIn.locator("[data-at-display]")).toContainText("本机是显示屏");
  await signIn.close();

  // It goes on by itself after a restart of the gateway, on the same page.
  await screen.page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await closed.killGateway();
  await expect(screen.page.locator("[data-connection]")).toHaveAttribute("data-freshness", "offline");
  await closed.startGateway();
  await expect(screen.page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  expect(await screen.page.evaluate(() => "sameDocument" in window)).toBe(true);

  // And after its own, wherever it begins.
  const kept = await screen.context.storageState();
  await screen.context.close();
  const again = await browser.newContext({ storageState: kept, locale: "zh-CN", viewport: SIZES.wide });
  const wall = await again.newPage();
  await wall.goto(`${closed.url}/pair`);
  await wall.waitForURL(`${closed.url}/wall/lianyungang/numbers`);
  await expect(wall.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");

  await row.getByRole("button", { name: /修改/ }).click();
  const form = person.page.locator(".displays-change");
  await form.getByLabel("名称").fill("大屏三");
  await form.getByLabel("大屏").selectOption("overview");
  await form.getByRole("button", { name: "保存" }).click();
  await wall.waitForURL(`${closed.url}/wall/lianyungang/overview`);
  await expect(wall.locator("[data-map]").first()).toHaveAttribute("data-ready", "true");
  await expect(wall.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");

  const renamed = person.page.locator('[data-display="大屏三"]');
  await renamed.getByRole("button", { name: /停用/ }).click();
  const dialog = person.page.getByRole("dialog");
  await expect(dialog).toContainText("大屏三");
  await expect(dialog.getByRole("button", { name: "取消" })).toBeFocused();
  const black = await msUntil(wall, "[data-withdrawn]", () => dialog.getByRole("button", { name: "停用" }).click());
  expect(black).toBeLessThan(2_000);
  await expect(wall.getByRole("alertdialog")).toContainText("此屏已停用");
  await expect(wall.getByRole("alertdialog")).toContainText("大屏三");
  await shot(wall, "display-withdrawn");
  const ground = await wall
    .locator("[data-withdrawn]")
    .evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(ground).toMatch(/^oklch\(0 /);
  await expect(person.page.locator('.displays-gone [data-state="withdrawn"]')).toHaveCount(1);

  // Begun anew it says the same, and nothing is asked of anybody; only a key makes it ask for a name again.
  await wall.goto(`${closed.url}/wall/lianyungang/overview`);
  await wall.waitForURL(`${closed.url}/pair`);
  await expect(wall.getByRole("alertdialog")).toContainText("此屏已停用");
  expect((await new AxeBuilder({ page: wall }).analyze()).violations).toEqual([]);
  await wall.keyboard.press("t");
  await expect(wall.getByRole("alertdialog")).toBeVisible();
  await wall.keyboard.press("Enter");
  await claim(person.page, await codeOn(wall), "大屏四", "numbers");
  await wall.waitForURL(`${closed.url}/wall/lianyungang/numbers`);
  expect(issues).toEqual([]);
  await again.close();
  await person.context.close();
});

test("where nobody has to sign in, whoever sits at the machine pairs displays, and hears that one is silent", async ({
  browser,
  page,
  quiet,
}) => {
  const screen = await browserOf(browser);
  await screen.page.goto(`${quiet.url}/pair`);
  const code = await codeOn(screen.page);
  await page.goto(`${quiet.url}/displays`);
  await claim(page, code, "大屏一", "numbers");
  await screen.page.waitForURL(`${quiet.url}/wall/lianyungang/numbers`);
  const row = page.locator('[data-display="大屏一"]');
  await expect(row).toHaveAttribute("data-state", "live");
  await screen.context.close();
  // What is not heard of any more looks alive for ninety seconds at the most, also where the gateway is not heard of either.
  await page.clock.install();
  await page.reload();
  await expect(row).toHaveAttribute("data-state", "live");
  await page.route("**/api/v1/displays", (route) => route.abort());
  await page.clock.runFor(91_000);
  await expect(row).toHaveAttribute("data-state", "silent");
  await expect(page.getByRole("alert").filter({ hasText: "连接不上服务器" })).toBeVisible();
});
