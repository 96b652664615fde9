import type { Page } from "@playwright/test";
import { expect, test } from "../stack";

const MAP = '[data-tile="map"] [data-map]';

/** The overview with its map, and the middle of that. */
async function openMap(page: Page, url: string): Promise<{ x: number; y: number }> {
  await page.goto(`${url}/wall/lianyungang/overview?lang=zh`);
  const map = page.locator(MAP);
  await expect(map).toHaveAttribute("data-ready", "true");
  const box = await map.boundingBox();
  if (!box) throw new Error("no map");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test("a map is zoomed and moved by hand and by keys, opens nothing by that, and 0 shows all of it again", async ({
  page,
  living,
}) => {
  const { x, y } = await openMap(page, living.url);
  const view = page.locator(`${MAP} [data-home]`);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -400);
  await expect(view).toHaveAttribute("data-home", "false");
  await page.mouse.down();
  await page.mouse.move(x + 160, y + 60, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/\/wall\/lianyungang\/overview/);
  await page.keyboard.press("0");
  await expect(view).toHaveAttribute("data-home", "true");
  await page.keyboard.press("+");
  await expect(view).toHaveAttribute("data-home", "false");
  await page.keyboard.press("Home");
  await expect(view).toHaveAttribute("data-home", "true");
});

test("a card tells of the place under the cursor, and a hidden list of all of them, by which they are chosen and opened", async ({
  page,
  living,
}) => {
  const { x, y } = await openMap(page, living.url);
  const card = page.locator(".map-card");
  await expect(async () => {
    await page.mouse.move(x, y);
    await page.mouse.move(x + 2, y);
    await expect(card).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await expect(card).toContainText("今日办件量");
  await expect(card).toContainText(/第\d名，共6/);
  await expect(card.locator("[data-topic]")).toHaveAttribute("data-freshness", /live|late/);
  const box = await card.boundingBox();
  const over = box && x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
  expect(over).toBe(false);

  const place = page.getByRole("button", { name: /海州区 今日办件量 [\d,]+件 第\d名/ });
  await place.focus();
  await expect(page.locator("[data-selected]")).toHaveAttribute("data-selected", "320706");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/district\/lianyungang\/320706$/);
  await expect(page.locator('[data-tile="map"] [data-map]')).toHaveAttribute("data-ready", "true");
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/wall\/lianyungang\/overview/);
});
