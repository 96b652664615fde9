import { mkdirSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test, watchIssues } from "../stack";

const SHOTS = "test-results/shots";
mkdirSync(SHOTS, { recursive: true });
const PLACE = "district/lianyungang/320706?view=analysis&m=code-scans-minute&range=24h";

/** A question made large: a value for each second of so many days. Five are as many as a file may hold, and take many seconds. */
function enlarged(address: string, days: number): string {
  const url = new URL(address);
  const to = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
  const topic = url.searchParams.get("topic") ?? "";
  url.searchParams.delete("topic");
  url.searchParams.set("topic", topic);
  url.searchParams.set("from", new Date(to - days * 86_400_000).toISOString());
  url.searchParams.set("to", new Date(to).toISOString());
  url.searchParams.set("step", "1s");
  url.searchParams.set("fill", "zero");
  return url.href;
}

/** Makes what the page asks for as a workbook a large one. */
async function enlarge(page: Page, days: number): Promise<void> {
  await page.route(/format=xlsx/, (route) => route.continue({ url: enlarged(route.request().url(), days) }));
}

test("a small file is a plain download; a large one tells how it stands, and is no longer made when it is called off", async ({
  page,
  living,
}) => {
  test.setTimeout(180_000);
  const issues = watchIssues(page, living.url);
  const state = page.locator(".analysis-export");
  await page.goto(`${living.url}/${PLACE}&lang=zh`);
  const csv = page.getByRole("link", { name: "CSV" });
  await expect(csv).toHaveAttribute("href", /format=csv/, { timeout: 30_000 });
  const [download] = await Promise.all([page.waitForEvent("download"), csv.click()]);
  expect(download.suggestedFilename()).toMatch(/^lianyungang_code-scans-minute_320706_.*\.csv$/);

  await enlarge(page, 5);
  for (const [lang, link, cancel, words, cancelled] of [
    ["zh", "表格", "取消导出", /排队或生成中/, /已取消/],
    ["en", "Excel", "Cancel export", /Queued or being prepared/, /Canceled/],
  ] as const) {
    await page.goto(`${living.url}/${PLACE}&lang=${lang}`);
    const workbook = page.getByRole("link", { name: link });
    await expect(workbook).toHaveAttribute("href", /format=xlsx/, { timeout: 30_000 });
    // By keyboard alone: the link, and what comes before it then.
    await workbook.focus();
    await page.keyboard.press("Enter");
    await expect(state.locator("[aria-hidden]")).toHaveText(words);
    await expect(state.getByRole("status")).not.toBeEmpty();
    await expect.poll(() => living.makers().length, { timeout: 30_000 }).toBe(1);
    await page.screenshot({ path: `${SHOTS}/export-${lang}-1920x1080.png` });
    // What is said lies over the page: nothing moves, and nothing leaves it.
    const leaves = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(leaves).toBe(false);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await expect(page.getByRole("button", { name: cancel })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(state.getByRole("status")).toHaveText(cancelled);
    await expect(page.getByRole("button", { name: cancel })).toHaveCount(0);
    await expect.poll(() => living.makers().length, { timeout: 10_000 }).toBe(0);
  }
  expect(issues).toEqual([]);
});

test("who asks for more than a file may hold is told in words what to ask for instead", async ({ page, living }) => {
  await enlarge(page, 20);
  await page.goto(`${living.url}/${PLACE}&lang=zh`);
  const workbook = page.getByRole("link", { name: "表格" });
  await expect(workbook).toHaveAttribute("href", /format=xlsx/, { timeout: 30_000 });
  await workbook.click();
  const state = page.locator(".analysis-export");
  await expect(state).toHaveAttribute("data-phase", "refused");
  await expect(state.getByRole("status")).toHaveText("数据量过大：请缩短时段、减少对比地点，或改取 CSV");
  await page.screenshot({ path: `${SHOTS}/export-refused-1920x1080.png` });
  expect(living.makers()).toEqual([]);
});
