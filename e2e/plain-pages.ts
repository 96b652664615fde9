import AxeBuilder from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { expect, shot } from "./stack";

export const PASSWORD = "seven brown foxes at noon";
const SIZES = {
  wide: { width: 1920, height: 1080 },
  large: { width: 3840, height: 2160 },
  laptop: { width: 1366, height: 768 },
  phone: { width: 390, height: 844 },
} as const;

/** Looks at a page in both languages and on a wall's screen and a phone: nothing is hard to use, cut or in the other language. */
export async function look(page: Page, name: string): Promise<void> {
  for (const lang of ["zh", "en"] as const) {
    if ((await page.locator("html").getAttribute("lang"))?.startsWith(lang) !== true)
      await page.getByRole("button", { name: "语言 / Language" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", lang === "zh" ? "zh-CN" : "en");
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await shot(page, `account-${name}-${lang}-${size}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), size).toBeLessThanOrEqual(0);
    }
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    const words = await page.locator(".plain").evaluate((root) => {
      const text = (root as HTMLElement).innerText;
      return [...root.querySelectorAll("[aria-label]")].map((one) => one.getAttribute("aria-label")).join("\n") + text;
    });
    // But for the switch to the other language.
    if (lang === "en") expect(words.replace("语言 / Language", "").replace("中文", "")).not.toMatch(/\p{Script=Han}/u);
  }
  await page.getByRole("button", { name: "语言 / Language" }).click();
  await page.setViewportSize(SIZES.wide);
}

/** Somebody's own browser. */
export async function visitor(browser: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ locale: "zh-CN", viewport: SIZES.wide });
  return { context, page: await context.newPage() };
}

/** What the gateway says of who looks at a page. */
export const me = (page: Page): Promise<Record<string, unknown>> =>
  page.evaluate(async () => (await (await fetch("/api/v1/me")).json()) as Record<string, unknown>);
