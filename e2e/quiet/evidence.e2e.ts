import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test, watchIssues, type Stack } from "../stack";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const TOPIC = "reading/lianyungang/all/cases-today";
const FIGURE = `[data-widget="figure"]:has([data-topic="${TOPIC}"])`;
const WALL = "/wall/lianyungang/numbers";

/** What stands on the wall and in the drawer, at one moment: value, observed time, freshness, and what it is compared with. */
async function both(page: Page): Promise<{ wall: unknown; drawer: unknown }> {
  return page.evaluate(
    ([tile, topic]) => {
      const told = (element: HTMLElement | null | undefined): unknown[] => [
        element?.textContent,
        element?.dataset.at,
        element?.dataset.freshness,
        element?.dataset.quality,
      ];
      const box = document.querySelector(tile);
      const compared = box?.querySelector<HTMLElement>(".comparison");
      const drawer = document.querySelector(`[data-evidence="${topic}"]`);
      const fact = drawer?.querySelector('[data-fact="comparison"]');
      const [term, text] = [fact?.querySelector("dt")?.textContent, fact?.querySelector("dd")?.firstChild?.textContent];
      return {
        wall: [...told(box?.querySelector<HTMLElement>("[data-topic]")), compared?.hidden ? "" : compared?.textContent],
        drawer: [...told(drawer?.querySelector<HTMLElement>("[data-told]")), text === "–" ? "" : `${term} ${text}`],
      };
    },
    [FIGURE, TOPIC] as const,
  );
}

async function expectBothNow(page: Page, ...parts: string[]): Promise<void> {
  const { wall, drawer } = await both(page);
  expect(drawer).toEqual(wall);
  for (const part of parts) expect(drawer).toContain(part);
}

const expectBothToSay = (page: Page, ...parts: string[]): Promise<void> =>
  expect(() => expectBothNow(page, ...parts)).toPass();

/** Publishes values at moments, and waits until the store has them. */
async function remember(stack: Stack, values: [number, number][]): Promise<void> {
  const items = values.map(([at, value]) => ({
    city: "lianyungang",
    metric: "cases-today",
    value,
    at: new Date(at).toISOString(),
  }));
  await stack.publish("readings", items);
  const body = JSON.stringify({ topics: [TOPIC], at: values.map(([at]) => at), tolerance: 0 });
  await expect
    .poll(async () => {
      const response = await fetch(`${stack.url}/api/v1/history/values`, { method: "POST", body });
      const answer = response.ok ? ((await response.json()) as { values: { values: unknown[] }[] }) : null;
      return answer?.values[0]?.values.filter((one) => one !== null).length;
    })
    .toBe(values.length);
}

test("a number's evidence says what the wall says, live and as the number changes and dies, and gives the focus back", async ({
  page,
  quiet,
}) => {
  const issues = watchIssues(page, quiet.url);
  const scripts: string[] = [];
  await quiet.reading("cases-today", 4_321);
  await page.goto(`${quiet.url}${WALL}?lang=zh`);
  const figure = page.locator(`${FIGURE} [data-topic]`);
  await expect(figure).toHaveText("4,321");
  await expect(figure).toHaveAttribute("role", "button");
  page.on("request", (request) => request.resourceType() === "script" && scripts.push(request.url()));
  await figure.click();
  const drawer = page.getByRole("dialog", { name: "全市 · 今日办件量" });
  await expect(drawer).toContainText("政务服务一网通办");
  await expect(drawer).toContainText("自当地零点起受理的政务服务办件数");
  // What nobody asks for is not part of a wall's first load.
  expect(scripts.length).toBeGreaterThan(0);
  const [number, box] = [await figure.boundingBox(), await drawer.boundingBox()];
  if (!number || !box) throw new Error("nothing is shown");
  expect(number.x + number.width <= box.x || number.x >= box.x + box.width).toBe(true);

  // It lives for three seconds: where the page was too late to show it alive, it is told again.
  await expect(async () => {
    await quiet.reading("cases-today", 4_322);
    await expect(() => expectBothNow(page, "4,322", "live")).toPass({ timeout: 2_000 });
  }).toPass();
  await expectBothToSay(page, "4,322", "stale");
  await expect(drawer.locator('[data-fact="freshness"]')).toContainText("超过时限3秒，不代表当前情况");
  expect((await new AxeBuilder({ page }).include(".evidence").analyze()).violations).toEqual([]);

  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
  await expect(figure).toBeFocused();
  await page.keyboard.press("l");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await figure.focus();
  await page.keyboard.press("Enter");
  const english = page.getByRole("dialog", { name: "Citywide · Cases today" });
  await expect(english.locator('[data-fact="freshness"]')).toContainText("past its timeout of 3 s");
  expect(await english.innerText()).not.toMatch(/\p{Script=Han}/u);
  // A district's part leads to its own evidence, and its name to its page.
  await english.locator(".evidence-split [data-topic]").first().click();
  await expect(page.getByRole("dialog", { name: "Lianyun · Cases today" })).toBeVisible();
  await page.getByRole("dialog").getByRole("link", { name: "Haizhou" }).click();
  await expect(page).toHaveURL(/\/district\/lianyungang\/320706$/);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("i");
  await expect(page.getByRole("dialog")).toContainText("Sources on this screen");
  await page.keyboard.press("Escape");
  // So does a row of a table that stands for a district.
  await page.locator('[data-tile="table"]').getByRole("link", { name: "Ganyu District" }).click();
  await expect(page).toHaveURL(/\/district\/lianyungang\/320707$/);
  expect(issues).toEqual([]);
});

test("a number's evidence at a past moment is of that moment, with what it was compared with", async ({
  page,
  quiet,
}) => {
  const issues = watchIssues(page, quiet.url);
  const then = Math.floor(Date.now() / MINUTE) * MINUTE - DAY - 6 * 60 * MINUTE;
  await remember(quiet, [
    [then, 500],
    [then - 7 * DAY, 400],
  ]);
  const at = new Date(then + 1_000).toISOString();
  await page.goto(`${quiet.url}${WALL}?lang=zh&at=${at}`);
  await page.getByRole("button", { name: "当时上报数据" }).click();
  await page.locator(`${FIGURE} [data-topic]`).click();
  await expectBothToSay(page, "500", new Date(then).toISOString(), "较上周同期 ▲ 25%");
  const drawer = page.getByRole("dialog");
  await expect(drawer.locator('[data-fact="base"]')).toContainText("400");
  const csv = await drawer.getByRole("link", { name: "导出CSV" }).getAttribute("href");
  const rows = (await (await fetch(`${quiet.url}${csv}`)).text()).trim().split("\n");
  expect(rows.at(-1)).toContain("500");
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
  expect(issues).toEqual([]);
});

test("a bar, its value and its key lead to that number's evidence, and its name to its district", async ({
  page,
  quiet,
}) => {
  const issues = watchIssues(page, quiet.url);
  const feed = async (): Promise<void> => {
    await quiet.reading("cases-today", 4_321);
    await quiet.reading("cases-today", 300, { district: "320706" });
    await quiet.reading("cases-today", 900, { district: "320703" });
  };
  await feed();
  await page.goto(`${quiet.url}${WALL}?lang=zh`);
  const rows = page.locator('[data-tile="cases-rank"] .bar-row');
  // The highest leads, by what a reader finds first and not only by what is seen.
  await expect(async () => {
    await feed();
    await expect(rows.first().locator(".bar-value")).toHaveText("900", { timeout: 2_000 });
  }).toPass();
  const [first, second] = [rows.first(), rows.nth(1)];
  await expect(second.locator(".bar-value")).toHaveText("300");
  await expect(first.getByRole("link")).toHaveText("连云区");
  const value = first.locator(".bar-value");
  await expect(value).toHaveAttribute("role", "button");
  await expect(page.getByRole("button", { name: "连云区 900" })).toHaveCount(1);

  const drawer = page.getByRole("dialog");
  await second.locator(".bar-track").click();
  await expect(page.getByRole("dialog", { name: /海州.* · 今日办件量/ })).toContainText("300");
  await page.keyboard.press("Escape");
  await expect(second.locator(".bar-value")).toBeFocused();
  await value.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: /连云.* · 今日办件量/ })).toContainText("900");
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
  await expect(value).toBeFocused();
  expect((await new AxeBuilder({ page }).include('[data-tile="cases-rank"]').analyze()).violations).toEqual([]);
  await first.getByRole("link").click();
  await expect(page).toHaveURL(/\/district\/lianyungang\/320703$/);
  expect(issues).toEqual([]);
});
