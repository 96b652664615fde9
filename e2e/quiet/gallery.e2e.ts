import { expect, test, watchIssues } from "../stack";
import { widgets } from "../../components/widgets";
import { layers } from "../../components/widgets/map/layers";

/** Pictures of every widget and layer, at a frozen moment with made-up data. */
test("every widget and map layer looks as it did", async ({ page, quiet }) => {
  test.setTimeout(600_000);
  const issues = watchIssues(page, quiet.url);
  // The fonts come after the first drawing, as they do on a slow link: what was drawn with others is drawn anew.
  await page.route("**/*.woff2", async (route) => {
    await page.locator(".gallery canvas").first().waitFor();
    await route.continue();
  });
  await page.goto(`${quiet.url}/gallery?lang=zh`);
  const ids = [...Object.keys(widgets), ...Object.keys(layers).map((type) => `layer-${type}`)];
  await page.evaluate(() => document.fonts.ready);
  for (const id of ids) {
    const tile = page.locator(`[data-tile="${id}"]`);
    await tile.scrollIntoViewIfNeeded();
    const maps = tile.locator("[data-map]");
    if ((await maps.count()) > 0) await expect(maps).toHaveAttribute("data-ready", "true");
    await expect.soft(tile).toHaveScreenshot(`${id}.png`);
  }
  expect(issues).toEqual([]);
});
