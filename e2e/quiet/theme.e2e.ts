import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { PALETTES } from "../../components/ui/theme/tokens";
import { expect, test, watchIssues } from "../stack";

const NUMBERS = "/wall/lianyungang/numbers";

test("a page has its theme from the first byte, turns by a key and keeps what was chosen", async ({ page, quiet }) => {
  const issues = watchIssues(page, quiet.url);
  const html = await (await fetch(`${quiet.url}${NUMBERS}?theme=day`)).text();
  expect(html).toMatch(/<html[^>]* data-theme="day"/);
  expect(html).toContain(`content="${PALETTES.day.ground}"`);
  expect(await (await fetch(`${quiet.url}${NUMBERS}?theme=noon`)).text()).toMatch(/<html[^>]* data-theme="night"/);

  await page.goto(`${quiet.url}${NUMBERS}?theme=day`);
  const theme = page.locator("html");
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  await expect(theme).toHaveAttribute("data-theme", "day");
  // A screen that is turned to has it as well, and says so in its address.
  await page.keyboard.press("PageDown");
  await expect(page).toHaveURL(/\/wall\/lianyungang\/(?!numbers).*theme=day/);
  await page.goBack();
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  await page.keyboard.press("c");
  await expect(theme).toHaveAttribute("data-theme", "contrast");
  await expect(page).not.toHaveURL(/theme=/);
  await page.reload();
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  await expect(theme).toHaveAttribute("data-theme", "contrast");
  // On a wall that is seen from afar it comes with the hand.
  await page.locator(".title-bar").hover();
  await page.locator(".title-theme").click();
  await expect(theme).toHaveAttribute("data-theme", "night");
  // Back at the place's own theme nothing is kept.
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("theme");
  expect(issues).toEqual([]);
});

test("a wall takes on its place's own colours while it runs, and names the field of a faulty file", async ({
  page,
  quiet,
}) => {
  const file = path.join(quiet.folder, "cities/lianyungang/theme.json");
  await page.goto(quiet.url + NUMBERS);
  await expect(page.locator("[data-connection]")).toHaveAttribute("data-freshness", "live");
  const accent = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--color-accent").trim());
  expect(await accent()).toBe(PALETTES.night.accent);
  await writeFile(file, JSON.stringify({ night: { tokens: { accent: "#44aaff" } } }));
  await expect.poll(accent).toBe("#44aaff");
  await writeFile(file, JSON.stringify({ night: { tokens: { accent: "blue" } } }));
  await expect(page.locator(".banner-config")).toContainText("lianyungang/theme.json: night.tokens.accent");
  expect(await accent()).toBe("#44aaff");
  await rm(file);
  await expect.poll(accent).toBe(PALETTES.night.accent);
  await expect(page.locator(".banner-config")).toHaveCount(0);
});
