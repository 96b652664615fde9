import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { madeToken } from "../../lib/control/test-tokens";
import { expect, shot, watchIssues } from "../stack";
import { closedTest, SIZES, visitor } from "./closed";

const test = closedTest();

const CITY = "lianyungang";
const STAGES = ["上报", "受理", "派遣", "处置", "办结"];

/** Looks at a page in both languages and on a wall's screen and a phone, once it shows what it is about. */
async function look(page: Page, url: string, name: string, ready: () => Promise<void>): Promise<void> {
  for (const lang of ["zh", "en"] as const)
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.context().addCookies([{ name: "lang", value: lang, url }]);
      await page.goto(url);
      await ready();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await shot(page, `who-${name}-${lang}-${size}`);
    }
  await page.setViewportSize(SIZES.wide);
}

/** Texts that lie on one another. */
function overlaps(page: Page, texts: string): Promise<string[]> {
  return page.locator(texts).evaluateAll((all) => {
    const boxes = all
      .filter((one) => one.textContent !== "" && one.childElementCount === 0)
      .map((one) => [one.textContent ?? "", one.getBoundingClientRect()] as const);
    return boxes.flatMap(([name, a], i) =>
      boxes
        .slice(i + 1)
        .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        .map(([other]) => `${name} / ${other}`),
    );
  });
}

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

test("an event's page tells who reported its stages, and who that it became graver, to those who work with events", async ({
  browser,
  closed,
}) => {
  const data = { data: path.join(closed.folder, "data") };
  const center = await madeToken(data, { city: CITY, note: "指挥中心" });
  const agency = await madeToken(data, { city: CITY, note: "agency desk 2" });
  const event = {
    ...{ id: "w-1", city: CITY, district: "320706", kind: "noise", title: "夜间施工噪声", source: "12345" },
    ...{ titles: { en: "Construction noise at night" }, severity: 1, stages: STAGES, at: minutesAgo(30) },
  };
  await closed.publish("events", [{ ...event, stage: "上报" }], center);
  await closed.publish("events", [{ ...event, stage: "受理", updated: minutesAgo(25), unit: "中心" }], center);
  await closed.publish("events", [{ ...event, stage: "派遣", updated: minutesAgo(20), unit: "中心" }], center);
  await closed.publish("events", [{ ...event, stage: "处置", updated: minutesAgo(10), severity: 3 }], agency);

  const page = await visitor(browser, closed, { role: "operator" });
  const issues = watchIssues(page, closed.url);
  const url = `${closed.url}/events/${CITY}/w-1`;
  await page.goto(url);
  const reported = page.locator("[data-reported]");
  await expect(reported).toHaveText(["上报方 指挥中心", "上报方 agency desk 2"]);
  expect(await reported.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.reported))).toEqual([
    "上报",
    "处置",
  ]);
  await expect(page.locator(".story-reporters ul")).toContainText(/级别 1 → 3 · \d\d:\d\d:\d\d · 上报方 agency desk 2/);
  await look(page, url, "event", async () => {
    await expect(reported.first()).toBeVisible();
    expect(await overlaps(page, ".story :is(strong, time, span, small, h2, p, b)")).toEqual([]);
  });
  // What a token is for is told in the words it was given, where they can be read.
  await expect(reported.first()).toHaveText("Reported by any feed of the city");
  // Then it was not known here: it was told of just now.
  await page.goto(`${url}?at=${encodeURIComponent(minutesAgo(15))}`);
  await page.getByRole("button", { name: "As reported then" }).click();
  await expect(reported).toHaveCount(1);

  const viewer = await visitor(browser, closed, { role: "viewer" });
  const asked: string[] = [];
  viewer.on("request", (request) => asked.push(request.url()));
  await viewer.goto(url);
  await expect(viewer.locator('[data-stage="处置"][data-state="now"]')).toBeVisible();
  await expect(viewer.locator("[data-reported]")).toHaveCount(0);
  expect(asked.filter((one) => one.endsWith("/reports"))).toEqual([]);
  expect(issues).toEqual([]);
});

test("a screen's file that changes is a line of the audit log, and its wall tells an editor when and whose", async ({
  browser,
  closed,
}) => {
  const { username } = os.userInfo();
  const file = closed.screenFile("numbers");
  const text = await readFile(file, "utf8");
  const page = await visitor(browser, closed, { role: "editor" });
  const issues = watchIssues(page, closed.url);
  await page.goto(`${closed.url}/wall/${CITY}/numbers`);
  await expect(page.locator("[data-tile]").first()).toBeVisible();
  await page.keyboard.press("i");
  const layout = page.locator('[data-fact="layout"]');
  await expect(layout).toContainText(`文件所有者 ${username}`);
  await layout.scrollIntoViewIfNeeded();
  await shot(page, "who-layout-zh");

  const admin = await visitor(browser, closed, { role: "administrator" });
  const lines = admin.locator(".audit-lines > li", { hasText: `screen ${CITY}/numbers` });
  const find = async (count: number): Promise<void> => {
    await expect(async () => {
      await admin.goto(`${closed.url}/audit`);
      await expect(lines).toHaveCount(count, { timeout: 1_000 });
    }).toPass();
  };
  await writeFile(file, text.replace(/"order":\s*\d+/, '"order":98'));
  await find(1);
  await writeFile(file, text.replace(/"order":\s*\d+/, '"order":"last"'));
  await find(2);
  await expect(lines.first()).toContainText("配置文件未被采用");
  await expect(lines.first()).toContainText("order");
  await expect(lines.last()).toContainText("修改配置文件");
  await expect(lines.last()).toContainText(`文件所有者 ${username}`);
  await look(admin, `${closed.url}/audit`, "audit", () => expect(lines).toHaveCount(2));
  await expect(lines.last()).toContainText("file changed");
  await expect(lines.last()).toContainText("hash before");

  await page.reload();
  await expect(page.locator(".banner-config")).toBeVisible();
  await page.keyboard.press("i");
  await expect(layout.locator("small")).toContainText("未被采用");
  await writeFile(file, text);
  await find(3);
  const viewer = await visitor(browser, closed, { role: "viewer" });
  await viewer.goto(`${closed.url}/wall/${CITY}/numbers`);
  await expect(viewer.locator("[data-tile]").first()).toBeVisible();
  await viewer.keyboard.press("i");
  await expect(viewer.locator(".evidence-body")).toBeVisible();
  await expect(viewer.locator('[data-fact="layout"]')).toHaveCount(0);
  expect(issues).toEqual([]);
});
