import { writeFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test, watchIssues, type Stack } from "../stack";
import { widgets } from "../../components/widgets";

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
