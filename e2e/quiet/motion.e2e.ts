import type { Page } from "@playwright/test";
import { expect, test, watchIssues, type Stack } from "../stack";

const WALL = "/wall/lianyungang/numbers?lang=zh";

/** Remembers what moves on a page, by the class of what is moved, and what a figure says while its digits roll. */
async function watchMotion(page: Page): Promise<void> {
  await page.evaluate(() => {
    const moved: Record<string, number> = {};
    const said: [string, string][] = [];
    Object.assign(window, { moved, said });
    const known = new WeakSet<Animation>();
    const look = (): void => {
      for (const animation of document.getAnimations()) {
        const target = animation.effect instanceof KeyframeEffect ? animation.effect.target : null;
        if (known.has(animation) || !target) continue;
        known.add(animation);
        const name = [...target.classList].at(-1) ?? target.tagName;
        moved[name] = (moved[name] ?? 0) + 1;
        if (name === "roll")
          said.push([target.previousElementSibling?.textContent ?? "", target.parentElement?.textContent ?? ""]);
      }
      requestAnimationFrame(look);
    };
    look();
  });
}

const moved = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(() => (window as unknown as { moved: Record<string, number> }).moved);

/** Three districts with the values given, and their sum for the city. */
async function feed(stack: Stack, values: Record<string, number>): Promise<void> {
  for (const [district, value] of Object.entries(values)) await stack.reading("cases-today", value, { district });
  await stack.reading(
    "cases-today",
    Object.values(values).reduce((sum, value) => sum + value, 0),
  );
}

/** Feeds until the bars stand in an order, by their places' codes. */
async function feedUntil(page: Page, stack: Stack, values: Record<string, number>, first: string): Promise<void> {
  await expect(async () => {
    await feed(stack, values);
    await expect(page.locator('[data-tile="cases-rank"] .bar-row').first().locator(".bar-value")).toHaveText(first, {
      timeout: 2_500,
    });
  }).toPass();
}

test("rows go to their new places and digits roll, with the new text there at once", async ({ page, quiet }) => {
  const issues = watchIssues(page, quiet.url);
  await feed(quiet, { "320703": 900, "320706": 300, "320722": 100 });
  await page.goto(`${quiet.url}${WALL}`);
  await feedUntil(page, quiet, { "320703": 900, "320706": 300, "320722": 100 }, "900");
  await watchMotion(page);
  await feedUntil(page, quiet, { "320703": 900, "320706": 1_300, "320722": 100 }, "1,300");
  await expect.poll(async () => (await moved(page))["bar-row"] ?? 0).toBeGreaterThanOrEqual(2);
  // What stood still for a while is written, and only then does its picture roll to it.
  let sum = 2_300;
  await expect(async () => {
    await page.waitForFunction(
      (since) => performance.now() > since + 2_100,
      await page.evaluate(() => performance.now()),
    );
    await feed(quiet, { "320703": 900, "320706": 1_300, "320722": (sum += 1) - 2_200 });
    await expect(page.locator('[data-tile="cases"] .figure-now [data-topic]')).toHaveText(sum.toLocaleString("en-US"));
    expect((await moved(page)).roll ?? 0).toBeGreaterThan(0);
  }).toPass();
  const said = await page.evaluate(() => (window as unknown as { said: [string, string][] }).said);
  for (const [value, all] of said) expect([value, all]).toEqual([expect.stringMatching(/^2,3\d\d$/), value]);
  await expect(page.locator(".roll")).toHaveCount(0);
  expect(issues).toEqual([]);
});

test("nothing of that moves for who asked for less motion", async ({ page, quiet }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`${quiet.url}${WALL}`);
  await feedUntil(page, quiet, { "320703": 900, "320706": 300, "320722": 100 }, "900");
  await watchMotion(page);
  await feedUntil(page, quiet, { "320703": 900, "320706": 1_300, "320722": 100 }, "1,300");
  const turned = page.waitForURL((url) => !url.pathname.endsWith("/numbers"));
  await page.keyboard.press("PageDown");
  await turned;
  const all = await moved(page);
  expect(Object.keys(all).filter((name) => ["bar-row", "roll", "tile"].includes(name))).toEqual([]);
});
