import { mkdirSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, layoutIssues, test, watchIssues } from "./stack";

const SHOTS = "test-results/shots";
mkdirSync(SHOTS, { recursive: true });
const PLACE = "district/lianyungang/320706?view=analysis&m=code-scans-minute&range=24h";

/** A question made as large as one may be: a value for each second of five days, which takes many seconds to make a file of. */
function enlarged(address: string): string {
  const url = new URL(address);
  const to = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
  const topic = url.searchParams.get("topic") ?? "";
  url.searchParams.delete("topic");
  url.searchParams.set("topic", topic);
  url.searchParams.set("from", new Date(to - 5 * 86_400_000).toISOString());
  url.searchParams.set("to", new Date(to).toISOString());
  url.searchParams.set("step", "1s");
  url.searchParams.set("fill", "zero");
  return url.href;
}

/** Makes what the page asks for as a workbook a large one. */
const enlarge = (page: Page): Promise<void> =>
  page.route(/format=xlsx/, (route) => route.continue({ url: enlarged(route.request().url()) }));

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

  await enlarge(page);
  for (const [lang, link, cancel, words, cancelled] of [
    ["zh", "表格", "取消导出", /排队或生成中/, /已取消/],
    ["en", "Excel", "Cancel export", /In line or being made/, /Cancelled/],
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
    expect(await page.evaluate(layoutIssues)).toEqual([]);
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

test("who asks for a file while too many are in line is told in words when to ask again", async ({ page, living }) => {
  test.setTimeout(120_000);
  await page.goto(`${living.url}/${PLACE}&lang=zh`);
  const workbook = page.getByRole("link", { name: "表格" });
  await expect(workbook).toHaveAttribute("href", /format=xlsx/, { timeout: 30_000 });
  const address = enlarged(`${living.url}${await workbook.getAttribute("href")}`);
  // One is made for this address at once, and five wait.
  const others = new AbortController();
  const asked = Array.from({ length: 7 }, () => fetch(address, { signal: others.signal }).then((a) => a.status));
  const settled = Promise.allSettled(asked);
  expect(await Promise.race(asked)).toBe(429);
  await workbook.click();
  const state = page.locator(".analysis-export");
  await expect(state).toHaveAttribute("data-phase", "refused");
  await expect(state.getByRole("status")).toHaveText(/^此处已有多份文件在排队：请 ?\d+ 秒后再试$/);
  await page.screenshot({ path: `${SHOTS}/export-refused-1920x1080.png` });
  others.abort();
  await settled;
  await expect.poll(() => living.makers().length, { timeout: 20_000 }).toBe(0);
});
