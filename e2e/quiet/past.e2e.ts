import { readFile, writeFile } from "node:fs/promises";
import { expect, statesOf, test, turnTo, watchIssues, type Stack } from "../stack";

const TOPIC = "reading/lianyungang/all/cases-today";
const figure = `[data-widget="figure"] [data-topic="${TOPIC}"]`;

/** Values of a topic that the store has taken in. */
async function stored(stack: Stack): Promise<number[]> {
  const response = await fetch(`${stack.url}/api/v1/history?topic=${TOPIC}&from=now-1h&step=raw`);
  if (!response.ok) return [];
  return ((await response.json()) as { series: { last?: number[] }[] }).series[0]?.last ?? [];
}

/** Publishes a value and waits until it can be looked up. Returns a moment after it was known. */
async function remember(stack: Stack, value: number): Promise<number> {
  await stack.reading("cases-today", value);
  // Soon after it was acknowledged: however long the machine takes to store it, the reading is fresh at this moment.
  const acknowledged = Date.now();
  await expect.poll(() => Date.now(), { intervals: [20] }).toBeGreaterThan(acknowledged + 20);
  const known = Date.now();
  await expect.poll(() => stored(stack)).toContain(value);
  return known;
}

test("the wall shows a past moment as it was, says that it is not live, and is back with one key", async ({
  page,
  quiet,
}) => {
  const issues = watchIssues(page, quiet.url);
  const first = await remember(quiet, 111);
  const file = quiet.screenFile("numbers");
  const before = await readFile(file, "utf8");
  await remember(quiet, 222);
  const at = new Date(first).toISOString();
  // Today's layout has lost its last tile; the one of then had it.
  const layout = JSON.parse(before) as { tiles: { id: string }[] };
  const gone = layout.tiles.pop()?.id ?? "";
  await writeFile(file, JSON.stringify(layout));
  await page.goto(`${quiet.url}/wall/lianyungang/numbers?lang=zh`);
  await expect(page.locator(`[data-tile="${gone}"]`)).toHaveCount(0);

  await page.goto(`${quiet.url}/wall/lianyungang/numbers?lang=zh&at=${at}`);
  await expect(page.locator(figure)).toHaveText("111");
  await expect(page.locator(figure)).toHaveAttribute("data-freshness", "live");
  await expect(page.locator(".time-mark strong")).toHaveText("历史回放 · 非实时");
  await expect(page.locator(`[data-tile="${gone}"]`)).toHaveCount(1);

  await page.keyboard.press("t");
  await quiet.reading("cases-today", 333);
  await expect(page.locator(figure)).toHaveText("333");
  await expect(page.locator("[data-past=true]")).toHaveCount(0);
  expect(page.url()).not.toContain("at=");
  await expect(page.locator(`[data-tile="${gone}"]`)).toHaveCount(0);
  await writeFile(file, before);
  expect(issues).toEqual([]);
});

test("the past plays, ages as it did, and knows what was corrected since", async ({ page, quiet }) => {
  const start = await remember(quiet, 1_001);
  // Told late: observed before `start`, known only afterwards.
  const observed = new Date(start - 10).toISOString();
  await expect.poll(() => Date.now() - start).toBeGreaterThan(12_000);
  await quiet.reading("cases-today", 1_500, { at: observed });
  await expect.poll(() => stored(quiet)).toContain(1_500);
  const end = await remember(quiet, 1_002);

  await page.goto(`${quiet.url}/wall/lianyungang/numbers?lang=zh&at=${new Date(start).toISOString()}`);
  await expect(page.locator(figure)).toHaveText("1,001");
  await page.getByRole("button", { name: "当时上报数据" }).click();
  await expect(page.locator(figure)).toHaveText("1,500");
  await page.getByRole("button", { name: "修订后数据" }).click();
  await expect(page.locator(figure)).toHaveText("1,001");

  // Within the twelve quiet seconds the feed was dead (its limit here is three), and looks it: for long enough that also
  // a page that stops for seconds shows it.
  const states = await statesOf(page, figure, "data-freshness");
  await page.keyboard.press(" ");
  await expect(page.locator(figure)).toHaveText("1,002");
  await expect.poll(async () => (await states()).slice(0, 4)).toEqual(["live", "late", "stale", "live"]);
  expect(
    await page.evaluate(
      () => (window as unknown as { citywall: { past: { state(): { at: number } } } }).citywall.past.state().at,
    ),
  ).toBeLessThan(end + 60_000);

  // A link to another page shows the same moment.
  await page.keyboard.press(" ");
  await turnTo(page, "政务服务");
  await expect(page.locator(".time-mark strong")).toBeVisible();
  await expect(page).toHaveURL(/at=/);
});

test("a past moment that the store has not taken in whole says so, and is shown whole once it has", async ({
  page,
  quiet,
}) => {
  const at = await remember(quiet, 4_001);
  const until = new Date(at - 60_000);
  let behind = true;
  await page.route("**/api/v1/history/snapshot", async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as object;
    await route.fulfill({ response, json: behind ? { ...body, completeUntil: until.getTime() } : body });
  });
  await page.goto(`${quiet.url}/wall/lianyungang/numbers?lang=zh&at=${new Date(at).toISOString()}`);
  const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", timeStyle: "medium" }).format(until);
  await expect(page.locator(".time-mark span")).toHaveText(`数据完整至 ${clock}`);
  await expect(page.locator(figure)).toHaveText("4,001");
  behind = false;
  await expect(page.locator(".time-mark span")).toHaveText("当时上报数据");
});

test("any page opens at a past moment, shows what was, says so, and leads back", async ({ page, quiet }) => {
  const then = await remember(quiet, 4_321);
  await remember(quiet, 5_432);
  const at = new Date(then).toISOString();
  for (const path of [
    "/",
    "/events/lianyungang",
    "/compare?indicator=gov-cases-day",
    "/indicators/lianyungang",
    "/district/lianyungang/320706",
    "/metric/lianyungang/cases-today",
  ]) {
    await page.goto(`${quiet.url}${path}${path.includes("?") ? "&" : "?"}lang=zh&at=${at}`);
    await expect(page.locator("[data-past=true]").first(), path).toBeVisible();
    await expect(page.locator(".time-mark strong"), path).toHaveText("历史回放 · 非实时");
    const shown = page.locator(`[data-topic="${TOPIC}"]`).first();
    if ((await shown.count()) > 0) await expect(shown, path).toHaveText("4,321");
    await page.keyboard.press("t");
    await expect(page.locator("[data-past=true]"), path).toHaveCount(0);
    if ((await shown.count()) > 0) await expect(shown, path).toHaveText("5,432");
  }
});

test("a moment that no calendar has is told in the page's language, and nothing else is shown in its place", async ({
  page,
  quiet,
}) => {
  const issues = watchIssues(page, quiet.url);
  const notice = page.getByRole("alertdialog");
  for (const [path, lang, words, part] of [
    ["/wall/lianyungang/overview?at=2026-11-31T10:00:00Z", "zh", "网址中的时刻不存在", "at=2026-11-31T10:00:00Z"],
    ["/events/lianyungang?at=2026-11-20T25:00:00Z", "en", "does not exist", "at=2026-11-20T25:00:00Z"],
    [
      "/district/lianyungang/320706?view=analysis&from=2026-11-31T00:00:00Z&to=2026-12-02T00:00:00Z",
      "en",
      "does not exist",
      "from=2026-11-31T00:00:00Z",
    ],
  ] as const) {
    await page.goto(`${quiet.url}${path}&lang=${lang}`);
    await expect(notice).toContainText(words);
    await expect(notice).toContainText(part);
    // The address stays: whoever opens it again is told again.
    expect(page.url()).toContain(part.slice(0, part.indexOf("=") + 8));
    await notice.getByRole("button").click();
    await expect(notice).toHaveCount(0);
    await expect(page.locator("[data-past=true]")).toHaveCount(0);
    await expect(page).not.toHaveURL(/2026-11-/);
  }
  expect(issues).toEqual([]);
});

test("an event that no wall has room for has its page, live and at a past moment, and an unknown one is said to be so", async ({
  page,
  quiet,
}) => {
  const issues = watchIssues(page, quiet.url);
  const began = Date.now() - 60_000;
  const event = (id: string, stage: string, updated: number): object => ({
    id,
    city: "zhengzhou",
    kind: "noise",
    title: `噪声 ${id}`,
    severity: 1,
    stage,
    stages: ["上报", "处置", "办结"],
    at: new Date(began).toISOString(),
    updated: new Date(updated).toISOString(),
    source: "test",
  });
  const token = await quiet.tokenFor("zhengzhou");
  await quiet.publish("events", [event("left-out", "处置", began)], token);
  await expect
    .poll(async () => (await fetch(`${quiet.url}/api/v1/history/events/zhengzhou/left-out?known=now`)).status)
    .toBe(200);
  const known = new Date().toISOString();
  await quiet.publish("events", [event("left-out", "办结", began + 1)], token);
  // Newer than it, and more than a wall is given.
  const newer = Array.from({ length: 300 }, (_, i) => event(`newer-${i}`, "办结", began + 1_000 + i));
  await quiet.publish("events", newer, token);

  const story = page.locator('.story[data-event="left-out"]');
  await page.goto(`${quiet.url}/events/zhengzhou/left-out?lang=zh`);
  await expect(story).toContainText("噪声 left-out");
  await expect(story.locator("li").last()).toHaveAttribute("data-state", "done");
  await page.goto(`${quiet.url}/events/zhengzhou/left-out?lang=zh&at=${known}`);
  await expect(story.locator('li[data-state="now"]')).toHaveAttribute("data-stage", "处置");
  await page.goto(`${quiet.url}/events/zhengzhou/left-out?lang=zh&at=${new Date(began - 60_000).toISOString()}`);
  await expect(page.locator('[data-tile="story"]')).toContainText("当时尚无该编号的事件");

  const response = await page.goto(`${quiet.url}/events/zhengzhou/nobody-knows`);
  expect(response?.status()).toBe(404);
  await expect(page.locator(".lost")).toContainText(/未查到该编号的事件|No event with this number/);
  expect(issues).toEqual([]);
});
