import type { Page } from "@playwright/test";
import { dayStart } from "../../lib/clock";
import { expect, test, watchIssues, type Stack } from "../stack";

const MINUTE = 60_000;
const CITY = "lianyungang";
/** Minutes of past that are kept, one reading each. */
const KEPT = 14;

interface Facts {
  districts: { adcode: string }[];
  metrics: { id: string; system: string; districts: boolean }[];
}

/**
 * Publishes a past in which every series has one reading a minute; one district's last is bad, another's doubted.
 * Returns its last minute, ms.
 */
async function keptByMinute(stack: Stack, facts: Facts, [bad, doubted]: [string, string]): Promise<number> {
  const last = Math.floor(Date.now() / MINUTE) * MINUTE - 120 * MINUTE;
  const series = facts.metrics.flatMap(({ id, districts }) =>
    ["all", ...(districts ? facts.districts.map(({ adcode }) => adcode) : [])].map((district) => ({
      metric: id,
      district,
    })),
  );
  const qualityOf = (metric: string, district: string): string =>
    metric !== "cases-today" ? "good" : ({ [bad]: "bad", [doubted]: "uncertain" }[district] ?? "good");
  for (let minute = 0; minute < KEPT; minute++) {
    const at = new Date(last - (KEPT - 1 - minute) * MINUTE).toISOString();
    await stack.publish(
      "readings",
      series.map(({ metric, district }, i) => ({
        city: CITY,
        metric,
        district,
        at,
        value: 40 + (i % 7) + minute,
        quality: minute === KEPT - 1 ? qualityOf(metric, district) : "good",
      })),
    );
  }
  const ask = {
    at: last + 1,
    knowledge: "since",
    topics: [{ topic: `reading/${CITY}/${bad}/cases-today`, spans: [0] }],
  };
  await expect
    .poll(async () => {
      const response = await fetch(`${stack.url}/api/v1/history/snapshot`, {
        method: "POST",
        body: JSON.stringify(ask),
      });
      return response.ok
        ? Object.values(
            ((await response.json()) as { topics: Record<string, { last: { quality: string } | null }> }).topics,
          )[0]?.last?.quality
        : "";
    })
    .toBe("bad");
  return last;
}

/** Which states the elements that match are in, each once. */
const states = (page: Page, selector: string, name: "freshness" | "quality"): Promise<(string | undefined)[]> =>
  page
    .locator(selector)
    .evaluateAll(
      (found, key) => [...new Set((found as HTMLElement[]).map((element) => element.dataset[key]))].sort(),
      name,
    );

test("a replayed moment kept by the minute is as fresh on figures, tables, maps and feeds, and bad is bad on all of them", async ({
  page,
  quiet,
}) => {
  const issues = watchIssues(page, quiet.url);
  const facts = (await (await fetch(`${quiet.url}/api/v1/cities/${CITY}`)).json()) as Facts;
  const [bad = "", doubted = "", own = ""] = facts.districts.map(({ adcode }) => adcode);
  const last = await keptByMinute(quiet, facts, [bad, doubted]);
  const open = async (path: string, at: number): Promise<void> => {
    await page.goto(`${quiet.url}${path}?lang=zh&at=${new Date(at).toISOString()}`);
    await page.getByRole("button", { name: "当时上报数据" }).click();
    await expect(page.locator('.time-bar[data-loading="false"]')).toBeVisible();
  };
  const legend = page.locator(".map-legend .missing-note");

  // Forty seconds after the last kept minute: its own limit is three seconds, but it was not kept any finer.
  await open(`/district/${CITY}/${own}`, last + 40_000);
  await expect(page.locator(".time-mark")).toContainText("分钟级存档");
  await expect.poll(() => states(page, '[data-widget="figure"] [data-topic]', "freshness")).toEqual(["live"]);
  await expect.poll(() => states(page, '[data-widget="table"] [data-topic]', "freshness")).toEqual(["live"]);
  await expect(legend).toHaveAttribute("data-missing", "1");
  await expect(legend).toHaveText("缺 1 项，未计入");
  const cell = (district: string) =>
    page.locator(`[data-widget="table"] [data-topic="reading/${CITY}/${district}/cases-today"]`);
  await expect(cell(bad)).toHaveAttribute("data-quality", "bad");
  await expect(cell(bad)).toHaveCSS("text-decoration-line", "line-through");
  await expect(cell(bad)).toHaveAttribute("title", "数据源标记该值无效，不计入统计");
  await expect(cell(doubted)).toHaveAttribute("data-quality", "uncertain");
  await expect(cell(own)).toHaveAttribute("data-quality", "good");
  await expect(page.locator('[data-widget="table"]')).toHaveAttribute("data-quality", "bad");
  await expect(page.locator('[data-widget="table"] .badge-quality')).toHaveText("无效 1 · 存疑 1");
  await page.keyboard.press("l");
  await expect(cell(doubted)).toHaveAttribute("title", "Marked uncertain by its source");
  const shown = await cell("all").textContent();

  await open(`/wall/${CITY}/operations`, last + 40_000);
  await expect.poll(() => states(page, "[data-feed]", "freshness")).toEqual(["live"]);
  await expect.poll(() => states(page, '[data-widget="table"] [data-topic]', "freshness")).toEqual(["live"]);
  await open(`/wall/${CITY}/overview`, last + 40_000);
  await expect(page.locator(`[data-widget="figure"] [data-topic="reading/${CITY}/all/cases-today"]`)).toHaveText(
    shown ?? "",
  );
  await expect(legend).toHaveAttribute("data-missing", "1");

  // Two minutes on it is dead, and dead everywhere.
  await open(`/district/${CITY}/${own}`, last + 2 * MINUTE);
  const topic = `[data-topic$="/cases-today"]`;
  await expect.poll(() => states(page, `[data-widget="figure"] ${topic}`, "freshness")).toEqual(["stale"]);
  await expect.poll(() => states(page, `[data-widget="table"] ${topic}`, "freshness")).toEqual(["stale"]);
  await expect(legend).toHaveAttribute("data-missing", String(facts.districts.length));
  await open(`/wall/${CITY}/operations`, last + 2 * MINUTE);
  const system = facts.metrics.find(({ id }) => id === "cases-today")?.system ?? "";
  await expect(page.locator(`[data-feed="${system}"]`)).toHaveAttribute("data-freshness", "stale");
  expect(issues).toEqual([]);
});

test("the time bar offers nothing of hours that have not come and of days before anything was kept", async ({
  page,
  quiet,
}) => {
  await quiet.reading("cases-today", 5);
  await page.goto(`${quiet.url}/wall/${CITY}/numbers?lang=zh&at=${new Date(Date.now() - MINUTE).toISOString()}`);
  const ahead = page.locator(".time-none").nth(1);
  const [hour = 0, minute = 0] = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Asia/Shanghai",
    hour: "2-digit",
    minute: "2-digit",
  })
    .format(Date.now())
    .split(":")
    .map(Number);
  const gone = (hour * 60 + minute) / 1_440;
  // While the gateway is not heard nothing is known of the present.
  await expect
    .poll(() => ahead.evaluate((element) => Number.parseFloat((element as HTMLElement).style.left) / 100))
    .toBeLessThan(gone + 0.01);
  expect(
    await ahead.evaluate((element) => Number.parseFloat((element as HTMLElement).style.left) / 100),
  ).toBeGreaterThan(gone - 0.01);
  await expect(page.getByRole("button", { name: "后一天" })).toBeDisabled();
  const before = page.getByRole("button", { name: "前一天" });
  const today = dayStart(Date.now(), "Asia/Shanghai");
  for (const [from, enabled] of [
    [today, false],
    [today - 3 * 24 * 60 * MINUTE, true],
  ] as const) {
    await page.route("**/api/v1/history/extent/*", (route) =>
      route.fulfill({ json: { from: new Date(from).toISOString() } }),
    );
    await page.reload();
    await expect(before).toBeEnabled({ enabled });
    await page.unroute("**/api/v1/history/extent/*");
  }
});
