import type { Page } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";
import { forgetCanvases, seenTexts, usedOf, watchCanvases, type SeenText, type TileUse } from "./in-page";

/** How large a display is, and from how far it is seen, m. */
export interface Seat {
  height: number;
  distance: number;
}

/** Least height of type that is read without effort, arc minutes. The source is in docs/decisions.md. */
export const LEAST_ARC_MINUTES = 16;

/** The angle that so many pixels of a display fill, arc minutes. @param screen the display's pixels from top to bottom */
export function arcMinutes(pixels: number, screen: number, { height, distance }: Seat): number {
  return 2 * Math.atan((pixels * height) / screen / (2 * distance)) * (180 / Math.PI) * 60;
}

/** What was found on one page at one size. */
export interface Looked {
  texts: SeenText[];
  /** of the smallest text, arc minutes */
  smallest: number;
  small: SeenText[];
  cut: SeenText[];
  /** tiles of which less than half is used */
  sparse: TileUse[];
  /** wider or higher than the screen, px */
  overflow: [number, number];
  /** findings of axe, with the elements of each */
  axe: string[];
}

/** To be called once, before a page is opened. */
export async function prepare(page: Page): Promise<void> {
  // tsx names functions by a helper that a page does not have.
  await page.addInitScript("globalThis.__name = (task) => task");
  await page.addInitScript(watchCanvases);
}

/** How much of each tile is used. @param blank a page to look at the picture in */
async function usesOf(page: Page, blank: Page): Promise<TileUse[]> {
  const tiles = await page.locator("[data-tile]").all();
  const boxes = await Promise.all(
    tiles.map(async (one) => {
      const box = await one.boundingBox();
      return box && box.width > 0 ? [{ tile: (await one.getAttribute("data-tile")) ?? "", ...box }] : [];
    }),
  );
  if (boxes.flat().length === 0) return [];
  const picture = (await page.screenshot()).toString("base64");
  await blank.setContent(`<img src="data:image/png;base64,${picture}">`);
  return blank.evaluate(usedOf, boxes.flat());
}

async function axeOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`);
}

/** Has a page write everything anew, so that what its canvases say is known. */
export async function written(page: Page): Promise<void> {
  await page.evaluate(forgetCanvases);
}

/** Looks at a page as it is now. @param blank another page @param axe whether its document is judged as well */
export async function look(page: Page, blank: Page, seat: Seat, axe = true): Promise<Looked> {
  const screen = page.viewportSize()?.height ?? 0;
  const texts = await page.evaluate(seenTexts);
  const angles = texts.map((one) => ({ ...one, angle: arcMinutes(one.size, screen, seat) }));
  const overflow = await page.evaluate((): [number, number] => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    return [Math.max(0, scrollWidth - innerWidth), Math.max(0, scrollHeight - innerHeight)];
  });
  const uses = await usesOf(page, blank);
  return {
    texts,
    smallest: Math.min(...angles.map(({ angle }) => angle)),
    small: angles.filter(({ angle }) => angle < LEAST_ARC_MINUTES - 0.05),
    cut: texts.filter(({ cut }) => cut),
    sparse: uses.filter(({ used }) => used < 0.5),
    overflow,
    axe: axe ? await axeOf(page) : [],
  };
}
