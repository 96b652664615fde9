import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, test, watchFaults, type Stack } from "./stack";

const ROOT = path.resolve(import.meta.dirname, "..");
const SHOTS = "test-results/shots";
mkdirSync(SHOTS, { recursive: true });

/** Fills the running stack's store as an operator would. */
async function seed(stack: Stack, days: number): Promise<void> {
  const child = spawn(process.execPath, ["bin/citywall.mjs", "seed", "--days", String(days)], { cwd: ROOT, stdio: "ignore", env: { ...process.env, CITYWALL_DATA: path.join(stack.folder, "data"), CITYWALL_CITIES: path.join(stack.folder, "cities") } });
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
}

test("an analyst's tour: from the district to a range, a comparison, an outlier, the moment itself and a file", async ({ page, living }) => {
  test.setTimeout(180_000);
  await seed(living, 15);
  // Rollups of what was seeded follow within seconds; the tour needs whole days.
  await expect.poll(async () => {
    const response = await fetch(`${living.url}/api/v1/history?topic=reading/lianyungang/320706/cases-today&from=now-14d&step=1h&agg=count`);
    return ((await response.json()) as { series?: { at: number[] }[] }).series?.[0]?.at.length ?? 0;
  }, { timeout: 60_000 }).toBeGreaterThan(14 * 24 - 2);
  const faults = watchFaults(page, living.url);

  await page.goto(`${living.url}/district/lianyungang/320706?lang=zh`);
  await page.getByRole("link", { name: "分析 ›" }).click();
  const idle = page.locator('.analysis-progress[data-busy="false"]');
  const facts = page.locator(".analysis-facts dd");
  await expect(facts).toHaveCount(4, { timeout: 30_000 });

  await page.getByLabel("指标").selectOption("code-scans-minute");
  await page.getByRole("button", { name: "上周同期" }).click();
  await page.getByRole("button", { name: "全市" }).click();
  await expect(page).toHaveURL(/m=code-scans-minute.*vs=week%2Call/);
  await expect(idle).toHaveCount(1);
  await expect(page.locator(".analysis-says")).toContainText(/常态/);

  // The address alone brings the same page back.
  const mean = await facts.first().textContent();
  await page.getByRole("button", { name: "7天" }).click();
  await page.reload();
  await expect(facts.first()).toHaveText(mean ?? "");
  await expect(page.getByRole("button", { name: "上周同期" })).toHaveAttribute("aria-pressed", "true");

  for (const [width, height] of [[1920, 1080], [3840, 2160]] as const) {
    await page.setViewportSize({ width, height });
    await expect(idle).toHaveCount(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight)).toBe(true);
    await page.screenshot({ path: `${SHOTS}/analysis-${width}x${height}.png` });
  }
  await page.setViewportSize({ width: 1920, height: 1080 });
  const words = await page.evaluate(() => [...document.querySelectorAll(".analysis *")].filter((e) => e.childElementCount === 0 && !e.closest(".title-lang")).map((e) => e.textContent ?? "").join("\n"));
  expect(words.match(/[A-Za-z]{4,}/g) ?? []).toEqual([]);

  // Drawing over the chart zooms to what was drawn.
  await expect(idle).toHaveCount(1);
  const box = await page.locator('section[style*="main"] canvas').boundingBox();
  if (!box) throw new Error("no chart");
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2, { steps: 6 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(facts).toHaveCount(4);

  const href = await page.getByRole("link", { name: "CSV" }).getAttribute("href");
  const csv = await (await fetch(`${living.url}${href}`)).text();
  expect(csv.split("\r\n")[0]).toBe("topic,at,avg");
  expect(csv.split("\r\n").length).toBeGreaterThan(20);

  // Where does this number come from? From the wall's source panel to the metric's own page.
  await page.goto(`${living.url}/wall/lianyungang/overview?lang=zh`);
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  await page.keyboard.press("i");
  await page.getByRole("link", { name: "来源与质量 ›" }).first().click();
  await expect(page).toHaveURL(/\/metric\/lianyungang\/cases-today\?district=all/);
  await expect(page.locator(".metric-hours > div")).not.toHaveCount(0);
  await expect(page.locator(".metric-facts dd").first()).not.toBeEmpty();
  const told = await page.evaluate(() => [...document.querySelectorAll(".metric *")].filter((e) => e.childElementCount === 0 && !e.closest(".title-lang")).map((e) => e.textContent ?? "").join("\n"));
  expect(told.match(/[A-Za-z]{4,}/g) ?? []).toEqual([]);
  await page.screenshot({ path: `${SHOTS}/metric-1920x1080.png` });

  // A wall of two days ago plays from the store.
  const at = new Date(Date.now() - 2 * 86_400_000).toISOString();
  await page.goto(`${living.url}/wall/lianyungang/overview?lang=zh&at=${at}`);
  await expect(page.locator('.time-bar[data-loading="false"]')).toHaveCount(1, { timeout: 30_000 });
  const figure = page.locator('[data-widget="figure"] [data-topic="reading/lianyungang/all/code-scans-today"]');
  await expect(figure).toHaveAttribute("data-freshness", "live");
  await page.getByRole("button", { name: "600×", exact: true }).click();
  const before = await figure.textContent();
  await page.getByRole("button", { name: "播放" }).click();
  await expect(figure).not.toHaveText(before ?? "");
  await page.screenshot({ path: `${SHOTS}/past-1920x1080.png` });
  await page.keyboard.press("t");
  await expect(page.locator("[data-past=true]")).toHaveCount(0);
  expect(faults).toEqual([]);
});
