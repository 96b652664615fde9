import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { makePalette } from "../../components/ui/theme/palette";
import { baseColors } from "../../components/widgets/map/base/base-colors";
import type { CityFacts } from "../../lib/contract/city";
import { archiveBytes, seaTile, worldTiles } from "../../lib/maps/test-archive";
import { expect, test, watchIssues } from "../stack";

const CREDIT = "© Makers of the map";
/** West of this the world's tiles are water, in 4096ths of a tile: at zoom 5 it goes through the city. */
const COAST = 2_560;

/** Share of a map that has a colour, of what a person sees of it. */
async function shareOf(page: Page, color: string): Promise<number> {
  const picture = (await page.locator("[data-map]").first().screenshot()).toString("base64");
  return page.evaluate(
    async ([data = "", wanted = ""]) => {
      const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      if (!context) throw new Error("no canvas");
      context.drawImage(image, 0, 0);
      const pixels = context.getImageData(0, 0, image.width, image.height).data;
      let count = 0;
      for (let i = 0; i < pixels.length; i += 4)
        if (`rgb(${pixels[i]},${pixels[i + 1]},${pixels[i + 2]})` === wanted) count++;
      return count / (pixels.length / 4);
    },
    [picture, color],
  );
}

test("a wall whose place has a base map paints it under its data, with its credit, and asks nobody else", async ({
  page,
  quiet,
}) => {
  const issues = watchIssues(page, quiet.url);
  const city = async (): Promise<CityFacts> =>
    (await (await fetch(`${quiet.url}/api/v1/cities/lianyungang`)).json()) as CityFacts;
  const { water } = baseColors(makePalette("night"));
  // Nothing on its map can be late, which would pale it.
  const tiles = [
    { id: "map", widget: "map", box: { x: 6, y: 0, w: 18, h: 12 }, settings: { layers: [{ type: "outlines" }] } },
    { id: "cases", widget: "figure", box: { x: 0, y: 0, w: 6, h: 3 }, settings: { metric: "cases-today" } },
  ];
  const title = { zh: "底图", en: "Base map" };
  await writeFile(quiet.screenFile("base-map"), JSON.stringify({ title, order: 98, tiles }));
  const wall = `${quiet.url}/wall/lianyungang/base-map?theme=night`;
  await expect.poll(async () => (await fetch(wall)).status).toBe(200);
  await quiet.reading("cases-today", 4_711);
  await page.goto(wall);
  await expect(page.locator("[data-map]").first()).toHaveAttribute("data-ready", "true");
  expect(await shareOf(page, water)).toBeLessThan(0.001);
  expect(await page.locator(".map-notice").first().innerText()).not.toContain(CREDIT);

  const file = path.join(quiet.folder, "sea.pmtiles");
  await writeFile(file, archiveBytes({ tiles: worldTiles(5, seaTile(COAST)) }));
  expect(await quiet.command("map", "add", "lianyungang", file, "--attribution", CREDIT)).toContain(
    "lianyungang: vector (openmaptiles), zooms 0 to 5",
  );
  await expect.poll(async () => (await city()).baseMaps?.length).toBe(1);
  const parts: number[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/maps/vector.pmtiles")) parts.push(response.status());
  });
  await page.goto(wall);
  await expect(page.locator('[data-base="shown"]')).toBeAttached();
  await expect(page.locator(".map-notice").first()).toContainText(CREDIT);
  await expect(page.locator('[data-tile="cases"] [data-topic]').first()).toContainText("4,711");
  expect(parts.length).toBeGreaterThan(0);
  expect(parts.filter((status) => status !== 206)).toEqual([]);
  expect(await shareOf(page, water)).toBeGreaterThan(0.05);
  await page.keyboard.press("c");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dusk");
  await expect.poll(() => shareOf(page, baseColors(makePalette("dusk")).water)).toBeGreaterThan(0.05);

  await quiet.command("map", "remove", "lianyungang");
  await rm(quiet.screenFile("base-map"));
  await expect.poll(async () => (await city()).baseMaps).toBeUndefined();
  expect(issues).toEqual([]);
});
