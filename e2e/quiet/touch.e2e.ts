import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { boundsOf } from "../../components/widgets/map/map-option";
import { expect, test, watchIssues, type Stack } from "../stack";

test.use({ hasTouch: true, viewport: { width: 1280, height: 720 } });

const DISTRICTS = path.resolve(import.meta.dirname, "../../cities/lianyungang/districts.geojson");
const [[west, south], [east, north]] = boundsOf(JSON.parse(readFileSync(DISTRICTS, "utf8")) as never);
/** What stands in the middle of the map. */
const MIDDLE = { lon: (west + east) / 2, lat: (south + north) / 2 };

interface Spot {
  x: number;
  y: number;
}

/** Events: three of one place in the middle of the map, and two near each other a fifth of a degree to the east. */
async function tellEvents(quiet: Stack, stage: string): Promise<void> {
  const at = new Date(Date.now() - 60_000).toISOString();
  const event = (id: string, severity: number, east: number): object => ({
    id: `touch-${id}`,
    city: "lianyungang",
    district: "320706",
    kind: "noise",
    title: `噪声${id}`,
    severity,
    lon: MIDDLE.lon + east,
    lat: MIDDLE.lat,
    at,
    updated: new Date().toISOString(),
    stage,
    stages: ["上报", "办结"],
    source: "operations-center",
  });
  await quiet.publish("events", [
    event("a", 1, 0),
    event("b", 3, 0),
    event("c", 1, 0),
    event("d", 2, 0.2),
    event("e", 1, 0.203),
  ]);
}

/** A screen that is a map alone, and the middle of that. */
async function openMap(page: Page, quiet: Stack): Promise<Spot> {
  const map = {
    id: "map",
    widget: "map",
    box: { x: 0, y: 0, w: 24, h: 12 },
    settings: { layers: [{ type: "district-fill", metric: "cases-today" }, { type: "outlines" }, { type: "events" }] },
  };
  await writeFile(quiet.screenFile("touched"), JSON.stringify({ title: { zh: "触摸", en: "Touch" }, tiles: [map] }));
  await expect.poll(() => fetch(`${quiet.url}/wall/lianyungang/touched`).then((r) => r.status)).toBe(200);
  await page.goto(`${quiet.url}/wall/lianyungang/touched?lang=zh`);
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  const box = await page.locator("[data-map]").boundingBox();
  if (!box) throw new Error("no map");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Two fingers that move apart, or together, around a place: each so far from it, CSS pixels. */
async function pinch(page: Page, { x, y }: Spot, from: number, to: number): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const fingers = (apart: number): { x: number; y: number; id: number }[] => [
    { x: x - apart, y, id: 0 },
    { x: x + apart, y, id: 1 },
  ];
  await cdp.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: fingers(from) });
  for (let step = 1; step <= 8; step++)
    await cdp.send("Input.dispatchTouchEvent", {
      type: "touchMove",
      touchPoints: fingers(from + ((to - from) * step) / 8),
    });
  await cdp.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await cdp.detach();
}

test("fingers zoom a map and choose on it; after a minute without a hand it shows the whole again, and nothing chosen", async ({
  page,
  quiet,
}) => {
  await page.clock.install();
  await page.clock.resume();
  const issues = watchIssues(page, quiet.url);
  const middle = await openMap(page, quiet);
  const view = page.locator("[data-map] [data-home]");
  const card = page.locator(".map-card");

  await pinch(page, middle, 40, 160);
  await expect(view).toHaveAttribute("data-home", "false");
  await expect(page).toHaveURL(/\/wall\/lianyungang\/touched/);
  expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
  await page.touchscreen.tap(middle.x - 30, middle.y);
  await expect(card).toHaveAttribute("data-place", /^3207\d\d$/);
  await expect(page).toHaveURL(/\/wall\/lianyungang\/touched/);

  await page.clock.fastForward(50_000);
  await expect(view).toHaveAttribute("data-home", "false");
  await page.clock.fastForward(11_000);
  await expect(view).toHaveAttribute("data-home", "true");
  await expect(card).toHaveCount(0);
  await expect(page.locator("[data-selected]")).toHaveAttribute("data-selected", "");

  // Pinched together it is never less than the whole.
  await pinch(page, middle, 160, 40);
  await expect(view).toHaveAttribute("data-home", "true");
  await page.touchscreen.tap(middle.x - 30, middle.y);
  await expect(card).toHaveAttribute("data-place", /^3207\d\d$/);
  const place = (await card.getAttribute("data-place")) ?? "";
  await page.touchscreen.tap(middle.x - 30, middle.y);
  await expect(page).toHaveURL(new RegExp(`/district/lianyungang/${place}$`));
  expect(issues).toEqual([]);
});

test("a finger learns what a crowd of events is, parts it, and gets a list where it cannot be parted", async ({
  page,
  quiet,
}) => {
  // A tap while the map still moves would be one somewhere else.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await tellEvents(quiet, "上报");
  const middle = await openMap(page, quiet);
  const view = page.locator("[data-map] [data-home]");
  const card = page.locator(".map-card");
  await page.touchscreen.tap(middle.x, middle.y);
  await expect(card).toHaveAttribute("data-events", "3");
  await expect(card).toContainText("噪声b");
  await page.touchscreen.tap(middle.x, middle.y);
  await expect(card.getByRole("link")).toHaveCount(3);
  await expect(view.and(page.locator('[data-home="false"]'))).toHaveCount(0);
  // A tap elsewhere closes the list and does nothing else.
  await page.touchscreen.tap(middle.x - 60, middle.y + 60);
  await expect(card).toHaveCount(0);

  // Degrees of longitude on the screen: the height is what the place fills.
  const box = await page.locator("[data-map]").boundingBox();
  const across = (((box?.height ?? 0) - 52) / (north - south)) * Math.cos((MIDDLE.lat * Math.PI) / 180);
  const two = { x: middle.x + across * 0.2, y: middle.y };
  await page.touchscreen.tap(two.x, two.y);
  await expect(card).toHaveAttribute("data-events", "2");
  await page.touchscreen.tap(two.x, two.y);
  await expect(view).toHaveAttribute("data-home", "false");
  await page.touchscreen.tap(middle.x, middle.y);
  await expect(card).toHaveAttribute("data-events", "1");
  await expect(card).toContainText("噪声d");
  await page.touchscreen.tap(middle.x, middle.y);
  await expect(page).toHaveURL(/\/events\/lianyungang\/touch-d/);
  await tellEvents(quiet, "办结");
});
