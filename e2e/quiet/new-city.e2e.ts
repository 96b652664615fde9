import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "../stack";

test("a city is made from its outlines, and its wall runs without a restart", async ({ page, quiet }) => {
  const ring = (lon: number, lat: number): number[][] => [
    [lon, lat],
    [lon + 0.3, lat],
    [lon + 0.3, lat + 0.25],
    [lon, lat + 0.25],
    [lon, lat],
  ];
  const features = [
    ["999901", "东湖区", ring(118, 34)],
    ["999902", "南山县", ring(118.3, 34)],
    ["999903", "河阳市", ring(118, 34.25)],
  ].map(([adcode, name, coordinates]) => ({
    type: "Feature",
    properties: { adcode, name },
    geometry: { type: "Polygon", coordinates: [coordinates] },
  }));
  const file = path.join(quiet.folder, "outlines.geojson");
  await mkdir(quiet.folder, { recursive: true });
  await writeFile(file, JSON.stringify({ type: "FeatureCollection", features }));
  expect(
    await quiet.command(
      "city",
      "create",
      "--id",
      "yuncheng",
      "--adcode",
      "999900",
      "--name",
      "云城",
      "--outlines",
      file,
      "--crs",
      "gcj02",
    ),
  ).toContain("3 districts, 4 screens");
  expect(await quiet.command("check")).toContain("✓ yuncheng: 3 districts, 10 metrics, 4 screens");
  await expect.poll(() => fetch(`${quiet.url}/wall/yuncheng/overview`).then((r) => r.status)).toBe(200);
  await page.goto(`${quiet.url}/wall/yuncheng/overview?lang=zh`);
  await expect(page.locator("h1")).toHaveText("云城城市运营中心");
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  const token = await quiet.tokenFor("yuncheng");
  const at = new Date().toISOString();
  await quiet.publish(
    "readings",
    [
      ["all", 60],
      ["999901", 10],
      ["999902", 20],
      ["999903", 30],
    ].map(([district, value]) => ({ city: "yuncheng", district, metric: "cases-today", value, at })),
    token,
  );
  await expect(page.locator('[data-tile="cases-today"] [data-topic]')).toHaveText("60");
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("[data-selected]").first()).toHaveAttribute("data-selected", "999901");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/district\/yuncheng\/999901/);
  await expect(page.locator('[data-tile="figure-cases-today"] [data-topic]')).toHaveText("10");
});
