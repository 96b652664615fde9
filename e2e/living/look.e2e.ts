import type { CityFacts } from "../../lib/contract/city";
import { displayOf, screenSchema, type Screen } from "../../lib/contract/screens";
import { look, prepare, written } from "../../look/look";
import { expect, test, type Stack } from "../stack";

const CITY = "lianyungang";

/** From where a screen is looked at, as the gateway tells it. */
async function seatOf(stack: Stack, name: string): Promise<{ height: number; distance: number }> {
  const ask = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${stack.url}/api/v1/cities/${CITY}${path}`)).json()) as T;
  const { layout } = await ask<{ layout: Screen }>(`/screens/${name}`);
  const seat = displayOf(screenSchema.parse(layout), await ask<Pick<CityFacts, "zones">>(""));
  if (!seat) throw new Error(`${name} tells no display`);
  return seat;
}

for (const [name, lang] of [
  ["overview", "zh"],
  ["overview", "en"],
  ["trends", "zh"],
] as const)
  test(`the wall ${name} in ${lang} is read from where people sit, stays within its screen, and axe finds nothing`, async ({
    page,
    context,
    living,
  }) => {
    const blank = await context.newPage();
    await prepare(blank);
    await prepare(page);
    await blank.goto("about:blank");
    await page.goto(`${living.url}/wall/${CITY}/${name}?lang=${lang}`);
    await expect(page.locator('[data-map]:not([data-ready="true"])')).toHaveCount(0);
    await expect(page.locator(".tile[data-freshness=stale], .tile[data-freshness=offline]")).toHaveCount(0);
    await written(page);
    await page.evaluate(() => window.dispatchEvent(new Event("resize")));
    // Charts write anew what they show; the map's names are drawn from pictures and need not be.
    await expect
      .poll(() =>
        page.evaluate(() => (window as unknown as { look: { canvases: Map<unknown, unknown> } }).look.canvases.size),
      )
      .toBeGreaterThan(0);
    const { small, overflow, axe } = await look(page, blank, await seatOf(living, name));
    expect(small.map(({ where, text, size }) => `${where}: ${text} ${size}`)).toEqual([]);
    expect(overflow).toEqual([0, 0]);
    expect(axe).toEqual([]);
  });
