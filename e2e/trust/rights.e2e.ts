import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { Scope } from "../../lib/contract/rights";
import { expect, shot, watchIssues, type Stack } from "../stack";
import { closedTest, SIZES, visitor } from "./closed";

const test = closedTest();

const OWN = "320706";
const OTHER = "320703";
const topicOf = (place: string): string => `reading/lianyungang/${place}/cases-today`;
const HAIZHOU: readonly Scope[] = [{ city: "lianyungang", districts: [OWN] }];
/** Values that would be seen anywhere on a page. */
const VALUES = { [OWN]: 4_321, [OTHER]: 7_654, "320707": 8_765 };
const WHOLE = 20_740;

async function publish(stack: Stack): Promise<void> {
  await stack.reading("cases-today", WHOLE);
  for (const [district, value] of Object.entries(VALUES)) await stack.reading("cases-today", value, { district });
}

/** Looks at a page in both languages and on a wall's screen and a phone. */
async function look(page: Page, url: string, name: string): Promise<void> {
  for (const lang of ["zh", "en"] as const)
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.context().addCookies([{ name: "lang", value: lang, url }]);
      await page.goto(url);
      const said = page.getByText(lang === "zh" ? /无权查看/ : /[Nn]o right/).first();
      await expect(said).toBeVisible();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await shot(page, `rights-${name}-${lang}-${size}`);
    }
  await page.setViewportSize(SIZES.wide);
}

/** All that a page says, to who sees and to who hears it. */
const words = (page: Page): Promise<string> =>
  page.locator("body").evaluate((body) => {
    const labels = [...body.querySelectorAll("[aria-label], [title]")];
    return [(body as HTMLElement).innerText, ...labels.map((one) => one.ariaLabel ?? (one as HTMLElement).title)].join(
      "\n",
    );
  });

/** None of the values that a viewer of one district must not know, nor their sums. */
const HIDDEN = /7,?654|8,?765|20,?740|16,?419/;

test("who is nobody is led to the sign-in, and from there back to where he wanted to go", async ({ page, closed }) => {
  await page.goto(`${closed.url}/district/lianyungang/${OWN}?view=analysis`);
  await expect(page).toHaveURL(`${closed.url}/sign-in?to=%2Fdistrict%2Flianyungang%2F${OWN}%3Fview%3Danalysis`);
  await expect(page.getByLabel("密码")).toBeVisible();
});

test("a viewer of one district sees that district, and on the city's wall what is of it; the rest says that there is no right", async ({
  browser,
  closed,
}) => {
  await publish(closed);
  const page = await visitor(browser, closed, { role: "viewer", scopes: HAIZHOU });
  const issues = watchIssues(page, closed.url);

  await page.goto(`${closed.url}/district/lianyungang/${OWN}`);
  await expect(page.locator(`[data-topic="${topicOf(OWN)}"]`).first()).toHaveText("4,321");

  await page.goto(`${closed.url}/wall/lianyungang/numbers`);
  const whole = page.locator('[data-tile="cases"]');
  await expect(whole).toHaveAttribute("data-withheld", "all");
  await expect(whole.locator(".tile-body")).toHaveText("无权查看");
  // Nothing of freshness: it is neither dead nor missing.
  await expect(whole.locator("[data-freshness]:visible")).toHaveCount(0);
  const ranks = page.locator('[data-tile="cases-rank"]');
  await expect(ranks).toHaveAttribute("data-withheld", "some");
  await expect(ranks.locator(".tile-head")).toContainText("部分无权");
  await expect(ranks.locator(`.bar-value[data-topic="${topicOf(OWN)}"]`)).toHaveText("4,321");
  await expect(ranks.locator(`.bar-value[data-topic="${topicOf(OTHER)}"]`)).toHaveText("无权查看");
  await expect(ranks.locator(`.bar-value[data-topic="${topicOf(OTHER)}"]`)).toHaveAttribute(
    "data-freshness",
    "withheld",
  );
  expect(await words(page)).not.toMatch(HIDDEN);

  // And so it is asked where a number comes from.
  await ranks.locator(`.bar-value[data-topic="${topicOf(OTHER)}"]`).click();
  await expect(page.locator('[data-fact="right"] dd')).toContainText("无权查看");
  await expect(page.locator('[data-fact="definition"]')).toBeVisible();
  expect(await words(page)).not.toMatch(HIDDEN);
  await page.keyboard.press("Escape");

  for (const url of [`/district/lianyungang/${OTHER}`, "/metric/lianyungang/cases-today"]) {
    const answer = await page.goto(closed.url + url);
    expect([url, answer?.status()]).toEqual([url, 403]);
    await expect(page.getByRole("heading", { name: "您无权查看此页" })).toBeVisible();
    expect(await words(page)).not.toMatch(HIDDEN);
  }
  const metric = await page.goto(`${closed.url}/metric/lianyungang/cases-today?district=${OWN}`);
  expect(metric?.status()).toBe(200);
  await expect(page.locator(`[data-topic="${topicOf(OWN)}"]`).first()).toHaveText("4,321");

  // A map has the colour and the number of what is told, and says of how many places it does not.
  await publish(closed);
  await page.goto(`${closed.url}/wall/lianyungang/overview`);
  await expect(page.locator("[data-map]").first()).toHaveAttribute("data-ready", "true");
  await expect(page.locator('[data-tile="map"] .map-legend .missing-note')).toHaveText("5项无权查看");
  expect(await words(page)).not.toMatch(HIDDEN);
  await shot(page, "rights-map-zh-wide");

  await look(page, `${closed.url}/wall/lianyungang/numbers`, "wall");
  await look(page, `${closed.url}/district/lianyungang/${OTHER}`, "page");
  expect(issues).toEqual([]);
  await page.context().close();
});

test("the past of a wall has what one may look at, and an analysis asks for nothing else", async ({
  browser,
  closed,
}) => {
  await publish(closed);
  const page = await visitor(browser, closed, { role: "viewer", scopes: HAIZHOU });
  const at = new Date().toISOString();
  await page.goto(`${closed.url}/wall/lianyungang/numbers?at=${encodeURIComponent(at)}`);
  const ranks = page.locator('[data-tile="cases-rank"]');
  await expect(ranks.locator(`.bar-value[data-topic="${topicOf(OWN)}"]`)).toHaveText("4,321");
  await expect(ranks.locator(`.bar-value[data-topic="${topicOf(OTHER)}"]`)).toHaveText("无权查看");
  await expect(page.locator('[data-tile="cases"] .tile-body')).toHaveText("无权查看");
  expect(await words(page)).not.toMatch(HIDDEN);

  const refused: string[] = [];
  page.on("response", (response) => {
    if (response.status() === 403) refused.push(response.url());
  });
  const answered = page.waitForResponse((response) => response.url().includes("/api/v1/history?"));
  await page.goto(`${closed.url}/district/lianyungang/${OWN}?view=analysis&metric=cases-today`);
  await answered;
  await page.waitForLoadState("networkidle");
  expect(refused).toEqual([]);
  // What a viewer may do nowhere is not offered to him either.
  const files = page.locator('.analysis-do [data-needs="export"]');
  await expect(files).toHaveCount(2);
  for (const file of await files.all()) await expect(file).toBeHidden();
  await expect(page.getByRole("alert").filter({ hasText: "无权" })).toHaveCount(0);
  expect(await words(page)).not.toMatch(HIDDEN);
  await page.context().close();
});

test("what there is no right to, and what is not there, is told in the language that is asked for", async ({
  browser,
  closed,
}) => {
  const page = await visitor(browser, closed, { role: "viewer", scopes: HAIZHOU });
  const pages = {
    [`/district/lianyungang/${OTHER}`]: { zh: "您无权查看此页", en: "You have no right to this page" },
    "/people": { zh: "您无权查看此页", en: "You have no right to this page" },
    "/wall/lianyungang/nowhere": { zh: "页面不存在", en: "Page not found" },
    "/nowhere": { zh: "页面不存在", en: "Page not found" },
    "/events/lianyungang/nowhere": { zh: "未查到该编号的事件", en: "No event with this number is known" },
  };
  for (const [where, words] of Object.entries(pages))
    for (const [lang, other] of [
      ["zh", "en"],
      ["en", "zh"],
    ] as const) {
      await page.context().addCookies([{ name: "lang", value: other, url: closed.url }]);
      await page.goto(`${closed.url}${where}?lang=${lang}`);
      await expect(page.locator(".lost")).toContainText(words[lang]);
      await expect(page.locator("html")).toHaveAttribute("lang", lang === "zh" ? "zh-CN" : "en");
      const text = await page.locator("body").innerText();
      if (lang === "en") expect([where, text]).toEqual([where, expect.not.stringMatching(/\p{Script=Han}/u)]);
    }
  await page.context().clearCookies({ name: "citywall-session" });
  await page.goto(`${closed.url}/people?lang=en`);
  await expect(page.getByLabel("Password")).toBeVisible();
  await page.context().close();
});

test("a city that somebody may not know of is as one that is not there, in every page of it and every file", async ({
  browser,
  closed,
}) => {
  const page = await visitor(browser, closed, { role: "viewer", scopes: HAIZHOU });
  // Of the same length, as parts of a page say how long they are.
  const [hidden, none] = ["hangzhou", "hangzhov"];
  const ask = async (where: string, city: string, headers = {}): Promise<unknown> => {
    const answer = await page.context().request.get(closed.url + where.replace("{city}", city), { headers });
    const text = await answer.text();
    const said = text
      .replaceAll(city, "city")
      .replace(/"[\w-]{21}[a-z]"/g, '"id"')
      .replace(/(nonce(?:=|\\?":)\\?")[^"\\]+/g, "$1");
    // Rows of a page's payload come in the order in which they are ready, some without a line of their own.
    return [where, answer.status(), said.length, said.split(/[^\w$@./%#-]+/).sort()];
  };
  const walls = [
    "/wall/{city}/overview",
    "/events/{city}",
    "/events/{city}/x",
    "/indicators/{city}",
    "/metric/{city}/x",
  ];
  const pages = [...walls, "/district/{city}/330106", "/fonts/core-{city}.css", "/api/v1/cities/{city}"];
  for (const where of pages) expect(await ask(where, hidden)).toEqual(await ask(where, none));
  for (const where of walls)
    expect(await ask(where, hidden, { rsc: "1" })).toEqual(await ask(where, none, { rsc: "1" }));
  await page.context().close();
});

test("no way leads around the door of the pages: not Next's own addresses, not the port of their process", async ({
  browser,
  closed,
}) => {
  const page = await visitor(browser, closed, { role: "administrator" });
  await page.goto(`${closed.url}/people`);
  const [session] = (await page.context().cookies()).filter(({ name }) => name === "citywall-session");
  const build = await readFile(".next/BUILD_ID", "utf8");
  const data = `/_next/data/${build}/people.json`;
  const asked = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers, redirect: "manual" });
  expect((await asked(closed.url + data)).status).toBe(303);
  expect((await asked(closed.url + data, { "x-nextjs-data": "1" })).status).toBe(303);
  const forged = { cookie: `citywall-session=${session?.value}`, "x-citywall-visitor": "http 127.0.0.1" };
  for (const where of ["/people", "/wall/lianyungang/overview", data, "/fonts/none.css"]) {
    const answer = await asked(closed.pagesUrl + where, { ...forged, "x-citywall-pages": "guess" });
    expect([where, answer.status, await answer.text()]).toEqual([where, 403, ""]);
  }
  await page.context().close();
});

test("who signs out takes what his other pages show with him", async ({ browser, closed }) => {
  const page = await visitor(browser, closed, { role: "administrator" });
  await page.goto(`${closed.url}/account`);
  const other = await page.context().newPage();
  await other.goto(`${closed.url}/people`);
  await expect(other.getByRole("heading", { name: "人员与权限", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "退出登录" }).click();
  await other.waitForURL(/\/sign-in\?to=%2Fpeople$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.context().close();
});

test("a wall is left for the sign-in when the sign-in of its visitor ends", async ({ browser, closed }) => {
  const page = await visitor(browser, closed, { role: "administrator" });
  await page.goto(`${closed.url}/wall/lianyungang/numbers?theme=dusk`);
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  const answer = await page.context().request.delete(`${closed.url}/api/v1/session`);
  expect(answer.ok()).toBe(true);
  await expect(page).toHaveURL(`${closed.url}/sign-in?to=%2Fwall%2Flianyungang%2Fnumbers%3Ftheme%3Ddusk`);
  await page.context().close();
});

test("the front page says who looks at it and leads to what he may do", async ({ browser, closed }) => {
  const admin = await visitor(browser, closed, { role: "administrator" });
  await admin.goto(closed.url);
  const menu = admin.locator(".account-menu");
  await expect(menu.locator("summary")).toContainText("管理员");
  await menu.locator("summary").focus();
  await admin.keyboard.press("Enter");
  await expect(menu.getByRole("link")).toHaveText(["我的账号", "人员与权限", "显示屏", "访问令牌", "审计日志"]);
  expect((await new AxeBuilder({ page: admin }).analyze()).violations).toEqual([]);
  await shot(admin, "rights-front-zh-wide");
  await admin.keyboard.press("Escape");
  await expect(menu.getByRole("link").first()).toBeHidden();
  await expect(menu.locator("summary")).toBeFocused();
  await admin.context().close();

  const viewer = await visitor(browser, closed, { role: "viewer", scopes: HAIZHOU });
  for (const [size, viewport] of Object.entries(SIZES)) {
    await viewer.setViewportSize(viewport);
    await viewer.goto(`${closed.url}/?lang=en`);
    const own = viewer.locator(".account-menu");
    await own.locator("summary").click();
    await expect(own.getByRole("link")).toHaveText(["My account"]);
    expect(await viewer.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await shot(viewer, `rights-front-en-${size}`);
  }
  expect(await words(viewer)).not.toMatch(HIDDEN);
  await viewer.locator(".account-menu").getByRole("button", { name: "Sign out" }).click();
  // Which of the two is there first: his leaving for it, or the page that is left as his sign-in ends.
  await expect(viewer).toHaveURL(/\/sign-in(?:\?to=|$)/);
  await viewer.context().close();
});
