import type { Page } from "@playwright/test";
import { expect, test, watchIssues } from "../stack";

/**
 * What somebody may put into an event who has a publisher's token: markup that would run, an address that would, text that turns what
 * stands beside it around (Unicode's bidirectional controls), and words of the page's own templates.
 */
const HOSTILE = [
  `<img src=x onerror="window.hacked=1">`,
  `<script>window.hacked=1</script>`,
  `"><svg onload=window.hacked=1>`,
  `javascript:window.hacked=1`,
  `{{constructor.constructor('window.hacked=1')()}}`,
  `\u202Eexe.evitcepsni\u202C`,
  `</title><iframe src="javascript:parent.hacked=1">`,
];
const HOUR = 3_600_000;

const hostileEvents = () =>
  HOSTILE.map((text, i) => ({
    id: `hostile-${i}`,
    city: "lianyungang",
    district: "320706",
    kind: "incident",
    title: text,
    titles: { zh: text, en: text },
    severity: 4,
    stage: text.slice(0, 40),
    stages: [text.slice(0, 40), "办结"],
    at: new Date(Date.now() - HOUR + i * 1_000).toISOString(),
    lon: 119.2 + i / 1_000,
    lat: 34.6,
    source: text,
    unit: text,
  }));

/** What of the page is there that only a text which was taken for markup could have made. */
const made = (page: Page): Promise<unknown[]> =>
  page.evaluate(() => [
    ...[...document.querySelectorAll("img[src='x'], iframe, svg[onload], [onerror], a[href^='javascript:']")].map(
      (one) => one.outerHTML,
    ),
    ...("hacked" in window ? ["a script ran"] : []),
  ]);

test("text of an event is text wherever it is told: no markup of it is made, nothing of it runs", async ({
  page,
  quiet,
}) => {
  const issues = watchIssues(page, quiet.url);
  await quiet.publish("events", hostileEvents());
  await page.goto(`${quiet.url}/wall/lianyungang/operations`);
  await expect(page.locator('[data-tile="events"]')).toContainText(HOSTILE[0] as string);
  expect(await made(page)).toEqual([]);
  await page.goto(`${quiet.url}/events/lianyungang`);
  for (const text of HOSTILE) await expect(page.locator("main")).toContainText(text);
  expect(await made(page)).toEqual([]);
  for (const i of [0, 1, 2, 6]) {
    await page.goto(`${quiet.url}/events/lianyungang/hostile-${i}`);
    await expect(page.locator("main")).toContainText(HOSTILE[i] as string);
    await expect(page).toHaveTitle(/./);
    expect(await made(page)).toEqual([]);
  }
  expect(issues).toEqual([]);
});

test("text of a note is text as well", async ({ page, quiet }) => {
  const issues = watchIssues(page, quiet.url);
  const write = (text: string): Promise<number> =>
    fetch(`${quiet.url}/api/v1/annotations/lianyungang`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ from: Date.now() - HOUR, text, district: "320706" }),
    }).then(({ status }) => status);
  // The store may just be opening.
  for (const text of HOSTILE) await expect.poll(() => write(text)).toBe(201);
  await page.goto(`${quiet.url}/district/lianyungang/320706?view=analysis&side=notes&range=24h`);
  for (const text of HOSTILE) await expect(page.locator("body")).toContainText(text);
  expect(await made(page)).toEqual([]);
  expect(issues).toEqual([]);
});
