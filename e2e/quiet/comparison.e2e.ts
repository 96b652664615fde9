import { rm, writeFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { dayStart } from "../../lib/clock";
import { expect, test, watchIssues, type Stack } from "../stack";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK = 7 * 24 * HOUR;
const GRID = { columns: 24, rows: 12 };
const figure = '[data-widget="figure"]:has([data-topic="reading/lianyungang/all/cases-today"])';

/** What is compared with what, as far as it is shown. */
const compared = (page: Page): Promise<string> =>
  page
    .locator(`${figure} .comparison`)
    .first()
    .evaluate((element: HTMLElement) => (element.hidden ? "" : `${element.dataset.compare}: ${element.textContent}`));
const yesterday = (page: Page): Promise<string> => page.locator(`${figure} .figure-foot`).first().innerText();

/** Publishes values of one metric at moments, and waits until the store has them. */
async function remember(stack: Stack, values: [number, number][]): Promise<void> {
  await stack.publish(
    "readings",
    values.map(([at, value]) => ({
      city: "lianyungang",
      metric: "cases-today",
      value,
      at: new Date(at).toISOString(),
    })),
  );
  const topics = ["reading/lianyungang/all/cases-today"];
  await expect
    .poll(async () => {
      const body = JSON.stringify({ topics, at: values.map(([at]) => at), tolerance: 0 });
      const response = await fetch(`${stack.url}/api/v1/history/values`, { method: "POST", body });
      return response.ok
        ? ((await response.json()) as { values: { values: ({ value: number } | null)[] }[] }).values[0]?.values.map(
            (one) => one?.value,
          )
        : [];
    })
    .toEqual(values.map(([, value]) => value));
}

const jump = (page: Page, at: number): Promise<void> =>
  page.evaluate(
    (to) => (window as unknown as { citywall: { past: { seek(at: number): void } } }).citywall.past.seek(to),
    at,
  );

test("what a value is compared with stands on the wall by name, moves with a replay, and is the same on every page", async ({
  page,
  quiet,
}) => {
  const issues = watchIssues(page, quiet.url);
  const minute = Math.floor(Date.now() / MINUTE) * MINUTE;
  const first = minute - 26 * HOUR;
  const second = first - HOUR;
  const eve = dayStart(first, "Asia/Shanghai") - 1_000;
  await remember(quiet, [
    [first, 400],
    [first - WEEK, 320],
    [second, 100],
    [second - WEEK, 200],
    [eve, 950],
    // Of the minutes that this test may take.
    ...[0, 1, 2, 3].map((k): [number, number] => [minute + k * MINUTE - WEEK, 200]),
  ]);

  // Live: half as much again as at this time a week ago.
  await page.goto(`${quiet.url}/wall/lianyungang/numbers?lang=zh`);
  const begun = Math.floor(Date.now() / MINUTE) * MINUTE;
  await quiet.reading("cases-today", 300, { at: new Date(begun).toISOString() });
  await expect
    .poll(async () => {
      await quiet.reading("cases-today", 300);
      return compared(page);
    })
    .toBe("week: 较上周同期 ▲ 50%");
  await page.keyboard.press("l");
  await expect
    .poll(async () => {
      await quiet.reading("cases-today", 300);
      return compared(page);
    })
    .toBe("week: vs a week ago ▲ 50%");
  await page.keyboard.press("l");
  // Once the value itself is dead, so is what was said of it.
  await expect(page.locator(`${figure} .comparison`).first()).toBeHidden();

  // The past, with what came since: a jump brings the comparison of its moment.
  await page.goto(`${quiet.url}/wall/lianyungang/numbers?lang=zh&at=${new Date(first + 1_000).toISOString()}`);
  await page.getByRole("button", { name: "当时上报数据" }).click();
  await expect.poll(() => compared(page)).toBe("week: 较上周同期 ▲ 25%");
  await expect.poll(() => yesterday(page)).toContain("昨日 950");
  await jump(page, second + 1_000);
  await expect.poll(() => compared(page)).toBe("week: 较上周同期 ▼ 50%");
  await jump(page, first + 1_000);
  await expect.poll(() => compared(page)).toBe("week: 较上周同期 ▲ 25%");
  await expect.poll(() => yesterday(page)).toContain("昨日 950");

  // As it was known then none of it had come: nothing is compared with what was not known.
  await page.getByRole("button", { name: "修订后数据" }).click();
  await expect.poll(() => compared(page)).toBe("");

  await page.goto(`${quiet.url}/metric/lianyungang/cases-today?lang=zh&at=${new Date(first + 1_000).toISOString()}`);
  await page.getByRole("button", { name: "当时上报数据" }).click();
  await expect.poll(() => compared(page)).toBe("week: 较上周同期 ▲ 25%");
  await expect.poll(() => yesterday(page)).toContain("昨日 950");

  // Bars and sparklines say the same of it, where their screen asks for that.
  const file = quiet.screenFile("compared");
  const box = (x: number) => ({ x, y: 0, w: 12, h: 6 });
  const tiles = [
    { id: "bars", widget: "bar", box: box(0), settings: { metrics: ["cases-today", "online-rate"], compare: "week" } },
    {
      id: "sparks",
      widget: "sparklines",
      box: box(12),
      settings: { items: [{ metric: "cases-today" }, { metric: "online-rate", compare: "none" }], compare: "week" },
    },
  ];
  const screen = { title: { zh: "对比", en: "Compared" }, order: 99, grid: GRID, wideGrid: GRID, tiles };
  await writeFile(file, JSON.stringify(screen));
  const layout = `${quiet.url}/api/v1/cities/lianyungang/screens/compared`;
  await expect.poll(async () => (await fetch(layout)).status).toBe(200);
  await page.goto(`${quiet.url}/wall/lianyungang/compared?lang=zh&at=${new Date(first + 1_000).toISOString()}`);
  await page.getByRole("button", { name: "当时上报数据" }).click();
  await expect(page.locator('[data-tile="bars"] .comparison')).toHaveText("较上周同期");
  const spark = page.locator('[data-tile="sparks"] .spark');
  await expect(spark.first().locator(".comparison")).toHaveText("较上周同期 ▲ 25%");
  await expect(spark.last().locator(".comparison")).toHaveCount(0);
  await rm(file);
  expect(issues).toEqual([]);
});
