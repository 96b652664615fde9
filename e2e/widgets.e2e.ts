import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, test, watchIssues, type Stack } from "./stack";
import { widgets } from "../components/widgets";

const STREAM = path.resolve(import.meta.dirname, "stream");

async function writeScreen(stack: Stack, tiles: object[]): Promise<void> {
  await writeFile(stack.screenFile("trial"), JSON.stringify({ title: { zh: "试验", en: "Trial" }, tiles }));
}

/** Remembers, without holding on to them, the elements of each tile. */
function remember(round: number): void {
  const kept = window as unknown as { held?: Map<string, WeakRef<Element>[]> };
  kept.held ??= new Map();
  for (const tile of document.querySelectorAll<HTMLElement>("[data-tile]")) {
    if (tile.dataset.tile !== "clock")
      kept.held.set(
        `${round} ${tile.dataset.tile}`,
        [tile, ...tile.querySelectorAll("*")].map((element) => new WeakRef(element)),
      );
  }
}

/** Tiles of a round of which something is still in memory. */
async function stillHeld(page: Page, round: number): Promise<string[]> {
  await page.requestGC();
  return page.evaluate((prefix) => {
    const { held } = window as unknown as { held: Map<string, WeakRef<Element>[]> };
    return [...held]
      .filter(([id, refs]) => id.startsWith(prefix) && refs.some((ref) => ref.deref() !== undefined))
      .map(
        ([id, refs]) =>
          `${id}: ${refs
            .flatMap((ref) => ref.deref()?.tagName ?? [])
            .slice(0, 5)
            .join(" ")}`,
      );
  }, `${round} `);
}

test("a widget that leaves the wall leaves nothing behind", async ({ page, living }) => {
  const clock = { id: "clock", widget: "clock", box: { x: 0, y: 11, w: 24, h: 1 } };
  const tiles = Object.values(widgets).map(({ definition: { type, sample } }, i) => ({
    id: `a-${type}`,
    widget: type,
    box: { x: (i % 8) * 3, y: Math.floor(i / 8) * 3, w: 3, h: 3 },
    settings: sample as object,
  }));
  await writeScreen(living, [clock, ...tiles]);
  const issues = watchIssues(page, living.url);
  await expect.poll(() => fetch(`${living.url}/wall/lianyungang/trial`).then((r) => r.status)).toBe(200);
  await page.goto(`${living.url}/wall/lianyungang/trial`);
  // The clock stays, so that the wall itself, its live store and its repaint loop do: what they hold by mistake is
  // found.
  for (const round of [1, 2, 3]) {
    await expect(page.locator("[data-tile]")).toHaveCount(tiles.length + 1);
    await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".tile-body")].every((body) => body.childElementCount > 0),
    );
    await page.evaluate(remember, round);
    await writeScreen(living, [clock]);
    await expect(page.locator("[data-tile]")).toHaveCount(1);
    if (round < 3) await writeScreen(living, [clock, ...tiles]);
  }
  // Libraries keep the very first canvas to measure text with, and the last map in the reason its workers ended:
  // neither grows. Of the round between, nothing may be left.
  await expect.poll(() => stillHeld(page, 2)).toEqual([]);
  expect(issues).toEqual([]);
});

test("a camera's HLS stream plays, tells when it is lost, and comes back", async ({ page, quiet }) => {
  await page.clock.install();
  await page.clock.resume();
  let broken = false;
  await page.route("**/streams/**", async (route) => {
    if (broken) return route.fulfill({ status: 503 });
    const name = path.basename(new URL(route.request().url()).pathname);
    return route.fulfill({
      body: await readFile(path.join(STREAM, name)),
      contentType: name.endsWith("m3u8") ? "application/vnd.apple.mpegurl" : "video/mp2t",
    });
  });
  await writeScreen(quiet, [
    { id: "gate", widget: "video", box: { x: 0, y: 0, w: 24, h: 12 }, settings: { src: "/streams/gate.m3u8" } },
  ]);
  await expect.poll(() => fetch(`${quiet.url}/wall/lianyungang/trial`).then((r) => r.status)).toBe(200);
  const issues = watchIssues(page, quiet.url);
  await page.goto(`${quiet.url}/wall/lianyungang/trial?lang=zh`);
  const time = (): Promise<number> => page.locator("video").evaluate((video: HTMLVideoElement) => video.currentTime);
  await expect.poll(time).toBeGreaterThan(0.5);
  await expect(page.getByText("视频流中断")).toHaveCount(0);
  broken = true;
  await page.locator("video").evaluate((video: HTMLVideoElement) => video.pause());
  await page.clock.fastForward(12_000);
  await expect(page.getByText("视频流中断，正在重试")).toBeVisible();
  broken = false;
  await expect(page.getByText("视频流中断")).toHaveCount(0);
  await expect.poll(time).toBeGreaterThan(0.2);
  expect(issues).toEqual([]);
});
