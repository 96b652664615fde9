import { spawn } from "node:child_process";
import path from "node:path";
import { expect, shot, test, watchIssues, type Stack } from "../stack";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Fills the running stack's store as an operator would, with what the tour looks at: the whole would keep two cores busy for minutes. */
async function seed(stack: Stack, days: number): Promise<void> {
  const metrics = ["cases-today", "code-scans-minute", "code-scans-today"].join();
  const args = ["seed", "--days", String(days), "--step", "120", "--metrics", metrics];
  const child = spawn(process.execPath, ["bin/citywall.mjs", ...args], {
    cwd: ROOT,
    stdio: "ignore",
    env: {
      ...process.env,
      CITYWALL_MOCK_CITIES: "lianyungang",
      CITYWALL_DATA: path.join(stack.folder, "data"),
      CITYWALL_CITIES: path.join(stack.folder, "cities"),
    },
  });
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
}

test("an analyst's tour: from the district to a range, a comparison, an outlier, the moment itself and a file", async ({
  page,
  living,
}) => {
  test.setTimeout(600_000);
  await seed(living, 15);
  // Rollups of what was seeded follow within seconds; the tour needs whole days.
  await expect
    .poll(async () => {
      const response = await fetch(
        `${living.url}/api/v1/history?topic=reading/lianyungang/320706/cases-today&from=now-14d&step=1h&agg=count`,
      );
      return ((await response.json()) as { series?: { at: number[] }[] }).series?.[0]?.at.length ?? 0;
    })
    .toBeGreaterThan(14 * 24 - 2);
  const issues = watchIssues(page, living.url);

  await page.goto(`${living.url}/district/lianyungang/320706?lang=zh`);
  await page.getByRole("link", { name: "分析 ›" }).click();
  const idle = page.locator('.analysis-progress[data-busy="false"]');
  const facts = page.locator(".analysis-facts dd");
  await expect(facts).toHaveCount(4);

  await page.getByLabel("指标").selectOption("code-scans-minute");
  await page.getByRole("button", { name: "上周同期" }).click();
  await expect(page).toHaveURL(/vs=week/);
  await page.getByRole("button", { name: "全市" }).click();
  await expect(page).toHaveURL(/m=code-scans-minute.*vs=week%2Call/);
  await expect(idle).toHaveCount(1);
  await expect(page.locator(".analysis-says")).toContainText(/正常区间/);

  // Fifteen days are kept: what reaches no further than that, or lies wholly before it, is not offered.
  await expect(page.getByRole("button", { name: "90天" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "去年同期" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "30天" })).toBeEnabled();
  await expect(page.locator('section[style*="main"] .analysis-note')).toContainText(
    /灰色带为近4周同时段正常区间.*存档始于/,
  );

  // The address alone brings the same page back.
  const mean = await facts.first().textContent();
  await page.getByRole("button", { name: "7天" }).click();
  await page.reload();
  await expect(facts.first()).toHaveText(mean ?? "");
  await expect(page.getByRole("button", { name: "上周同期" })).toHaveAttribute("aria-pressed", "true");

  for (const [width, height] of [
    [1920, 1080],
    [3840, 2160],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect(idle).toHaveCount(1);
    expect(
      await page.evaluate(
        () =>
          document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight,
      ),
    ).toBe(true);
    await shot(page, `analysis-${width}x${height}`);
  }
  await page.setViewportSize({ width: 1920, height: 1080 });
  const words = await page.evaluate(() =>
    [...document.querySelectorAll(".analysis *")]
      .filter((e) => e.childElementCount === 0 && !e.closest(".title-lang"))
      .map((e) => e.textContent ?? "")
      .join("\n"),
  );
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

  // Over a range a day's counter is what it rose by: here the last values of three days together.
  const midnight = Math.floor((Date.now() + 8 * 3_600_000) / 86_400_000) * 86_400_000 - 8 * 3_600_000;
  const days = `from=${new Date(midnight - 3 * 86_400_000).toISOString()}&to=${new Date(midnight).toISOString()}`;
  const chart = page.url();
  await page.goto(`${living.url}/district/lianyungang/320706?view=analysis&lang=zh&m=cases-today&${days}`);
  const ends = (await (
    await fetch(`${living.url}/api/v1/history?topic=reading/lianyungang/320706/cases-today&${days}&step=1d&agg=last`)
  ).json()) as { series: { last: number[] }[] };
  await expect(page.locator(".analysis-facts dt").first()).toHaveText("时段合计");
  await expect(facts.first()).toHaveText(
    (ends.series[0]?.last ?? []).reduce((sum, value) => sum + value, 0).toLocaleString("en"),
  );
  await page.goto(chart);
  await expect(facts).toHaveCount(4);

  const href = await page.getByRole("link", { name: "CSV" }).getAttribute("href");
  const csv = await (await fetch(`${living.url}${href}`)).text();
  expect(csv.split("\r\n")[0]).toMatch(/^topic,.*\bat\b.*\bavg\b/);
  expect(csv.split("\r\n").length).toBeGreaterThan(20);

  const workbook = await fetch(`${living.url}${await page.getByRole("link", { name: "表格" }).getAttribute("href")}`);
  expect([workbook.status, workbook.headers.get("content-type")]).toEqual([
    200,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ]);
  const [picture] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "PNG" }).click(),
  ]);
  expect(picture.suggestedFilename()).toBe("320706-code-scans-minute.png");

  await page.getByRole("tab", { name: "数据" }).click();
  await expect(page.locator(".analysis-table tbody tr")).not.toHaveCount(0);
  expect(await page.locator(".analysis-table thead th").allTextContents()).toEqual([
    "时间",
    "海州",
    "全市",
    "上周同期",
  ]);

  // Events of the range: the list, the map and the chart show the same ones, and one that is chosen is chosen in all.
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/api\/v1\/history\/events\//, async (route) => {
    await held;
    await route.fallback();
  });
  await page.getByRole("button", { name: "7天" }).click();
  await page.getByRole("tab", { name: /^事件/ }).click();
  const events = page.locator(".analysis-events li");
  // Until those of the range are there, the page says that they are coming: a list that changes under a finger is no surprise then.
  await expect(page.locator('.analysis-events[aria-busy="true"]')).toHaveCount(1);
  await expect(page.locator('.analysis-progress[data-busy="true"]')).toHaveCount(1);
  release();
  await expect(idle).toHaveCount(1);
  await expect(events).not.toHaveCount(0);
  const count = async (): Promise<number> =>
    Number(await page.getByRole("tab", { name: /^事件/ }).locator("span").textContent());
  const chips = page.locator(".analysis-chips button:has(span)");
  await chips.first().click();
  await expect(page).toHaveURL(/kind=/);
  const chosen = page.locator('.analysis-chips button[aria-pressed="true"] span');
  await expect.poll(async () => (await count()) - Number(await chosen.textContent())).toBe(0);
  const counts = (await chips.locator("span").allTextContents()).map(Number);
  expect(await count()).toBeLessThan(counts.reduce((sum, n) => sum + n, 0));
  await events.first().locator("button").click();
  await expect(page).toHaveURL(/[?&]e=/);
  await page.getByRole("tab", { name: "地图" }).click();
  await expect(page.locator('section[style*="rank"] canvas')).toBeVisible();
  await shot(page, "analysis-events-1920x1080");

  // What is known about it is written down, kept, and can be taken away.
  await page.getByRole("tab", { name: /^标注/ }).click();
  await page.getByRole("textbox", { name: "标注" }).fill("供水抢修，扫码点临时关闭");
  await page.getByRole("button", { name: "保存" }).click();
  const notes = page.locator(".analysis-notes li");
  await expect(notes).toHaveCount(1);
  await page.reload();
  await expect(notes).toContainText("供水抢修");
  await expect(notes).toContainText("本机");
  await page.getByRole("button", { name: "删除" }).click();
  await expect(notes).toHaveCount(0);

  // The same page from a moment that has passed, and back.
  const then = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 3 * 86_400_000).toISOString();
  await page.goto(
    `${living.url}/district/lianyungang/320706?view=analysis&lang=zh&m=code-scans-minute&range=24h&at=${then}`,
  );
  await expect(page.locator(".analysis[data-past=true]")).toHaveCount(1);
  await expect(facts).toHaveCount(4);
  await expect(page.getByRole("textbox", { name: "结束时间" })).toHaveValue(
    new Date(Date.parse(then) + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " "),
  );
  await page.keyboard.press("t");
  await expect(page.locator("[data-past=true]")).toHaveCount(0);

  // Where does this number come from? From the wall's source panel to the metric's own page.
  await page.goto(`${living.url}/wall/lianyungang/overview?lang=zh`);
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  await page.keyboard.press("i");
  await page.getByRole("link", { name: "来源与质量" }).first().click();
  await expect(page).toHaveURL(/\/metric\/lianyungang\/cases-today\?district=all/);
  await expect(page.locator(".metric-hours > div")).not.toHaveCount(0);
  await expect(page.locator(".metric-facts dd").first()).not.toBeEmpty();
  const told = await page.evaluate(() =>
    [...document.querySelectorAll(".metric *")]
      .filter((e) => e.childElementCount === 0 && !e.closest(".title-lang"))
      .map((e) => e.textContent ?? "")
      .join("\n"),
  );
  expect(told.match(/[A-Za-z]{4,}/g) ?? []).toEqual([]);
  await shot(page, "metric-1920x1080");

  // Of one past moment wall and metric page say the same, to the second it was observed.
  const past = new Date(
    Math.floor(Date.now() / 86_400_000) * 86_400_000 - 86_400_000 + 2 * 3_600_000 + 20 * 60_000,
  ).toISOString();
  const seen: (string | null)[][] = [];
  for (const path of ["wall/lianyungang/overview", "metric/lianyungang/cases-today"]) {
    await page.goto(`${living.url}/${path}?lang=zh&at=${past}`);
    const shown = page.locator('[data-topic="reading/lianyungang/all/cases-today"]').first();
    await expect(shown).toHaveAttribute("data-at", /T/);
    seen.push([await shown.textContent(), await shown.getAttribute("data-at")]);
  }
  expect(seen[0]).toEqual(seen[1]);

  // A wall of two days ago plays from the store.
  const at = new Date(Date.now() - 2 * 86_400_000).toISOString();
  await page.goto(`${living.url}/wall/lianyungang/overview?lang=zh&at=${at}`);
  await expect(page.locator('.time-bar[data-loading="false"]')).toHaveCount(1);
  const figure = page.locator('[data-widget="figure"] [data-topic="reading/lianyungang/all/code-scans-today"]');
  await expect(figure).toHaveAttribute("data-freshness", "live");
  await page.getByRole("button", { name: "600×", exact: true }).click();
  const before = await figure.textContent();
  await page.getByRole("button", { name: "播放" }).click();
  await expect(figure).not.toHaveText(before ?? "");
  await shot(page, "past-1920x1080");

  // Beside the same hour of the week before, played in step.
  await page.getByRole("button", { name: "时点对比" }).click();
  const clocks = page.locator(".split-clock time");
  await expect(clocks).toHaveCount(2);
  await expect(page).toHaveURL(/beside=/);
  const apart = (): Promise<number> =>
    clocks.evaluateAll(
      ([a, b]) => Date.parse((b as HTMLTimeElement).dateTime) - Date.parse((a as HTMLTimeElement).dateTime),
    );
  await expect.poll(apart).toBeGreaterThan(7 * 86_400_000 - 3_600_000);
  expect(await apart()).toBeLessThan(7 * 86_400_000 + 3_600_000);
  const both = page.locator('[data-widget="figure"] [data-topic="reading/lianyungang/all/code-scans-today"]');
  await expect(both).toHaveCount(2);
  for (const half of [0, 1]) await expect(both.nth(half)).toHaveAttribute("data-freshness", "live");
  await shot(page, "split-view-1920x1080");
  await page.getByRole("button", { name: "退出时点对比" }).click();
  await expect(clocks).toHaveCount(0);

  await page.keyboard.press("t");
  await expect(page.locator("[data-past=true]")).toHaveCount(0);
  expect(issues).toEqual([]);
});
