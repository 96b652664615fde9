import type { Request } from "@playwright/test";
import { expect, test, watchIssues } from "../stack";

/**
 * Most bytes over the wire for the first load of the overview wall, heads and bodies, with a quiet store (the titles of
 * many events would bring a few more glyphs). It does not depend on time: whoever adds a library to every wall meets it
 * here.
 */
const BUDGET = 1_100_000;
const WALL = "/wall/lianyungang/overview";
const TEXTS = /html|javascript|css|json|svg/;

async function bytesOf(request: Request): Promise<number> {
  const { responseHeadersSize, responseBodySize } = await request.sizes();
  const response = await request.response();
  // Of what a worker fetches, the page's tools see the head alone.
  return responseHeadersSize + (responseBodySize || Number((await response?.headerValue("content-length")) ?? 0));
}

test("a wall is alive with all that it loads packed, and stays within its budget of bytes", async ({ page, quiet }) => {
  const issues = watchIssues(page, quiet.url);
  const requests: Request[] = [];
  page.on("requestfinished", (request) => requests.push(request));
  await quiet.reading("cases-today", 4_711);
  // Who asks for an outline first gets it packed in a hurry; from then on it is as small as it gets.
  const sizeOf = async (file: string): Promise<number> => {
    const address = `${quiet.url}/api/v1/cities/lianyungang/${file}.geojson`;
    const response = await fetch(address, { headers: { "accept-encoding": "br" } });
    await response.arrayBuffer();
    return Number(response.headers.get("content-length") ?? Infinity);
  };
  for (const [file, most] of [
    ["districts", 8_000],
    ["roads", 10_000],
    ["surroundings", 12_000],
  ] as const)
    await expect.poll(() => sizeOf(file), { message: file }).toBeLessThan(most);
  await page.goto(`${quiet.url}${WALL}`);
  const figure = page.locator('[data-tile="cases"] [data-topic]').first();
  await expect(figure).toContainText("4,711");
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  // The list of rare glyphs comes last.
  await page.waitForFunction(() => [...document.fonts].length > 200);
  await quiet.reading("cases-today", 4_712);
  await expect(figure).toContainText("4,712");

  const loaded = await Promise.all(
    requests.map(async (request) => {
      const headers = (await (await request.response())?.allHeaders()) ?? {};
      return { path: new URL(request.url()).pathname, bytes: await bytesOf(request), headers };
    }),
  );
  const unpacked = loaded.filter(
    ({ headers, bytes }) =>
      TEXTS.test(headers["content-type"] ?? "") && headers["content-encoding"] === undefined && bytes > 2_000,
  );
  expect(unpacked.map(({ path }) => path)).toEqual([]);
  expect(loaded.filter(({ headers }) => headers["content-encoding"] === "br").length).toBeGreaterThan(20);
  const total = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = loaded.sort((a, b) => b.bytes - a.bytes).slice(0, 12);
  expect(total, JSON.stringify(largest.map(({ path, bytes }) => [path, bytes]))).toBeLessThanOrEqual(BUDGET);
  expect(total).toBeGreaterThan(BUDGET / 4);
  expect(issues).toEqual([]);
});

test("a wall that comes again asks for what it has and gets none of it", async ({ page, quiet }) => {
  const before = new Set<string>();
  page.on("requestfinished", (request) => before.add(request.url()));
  await page.goto(`${quiet.url}${WALL}`);
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  page.removeAllListeners("requestfinished");
  const again: Request[] = [];
  page.on("requestfinished", (request) => again.push(request));
  await page.reload();
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  const sent = await Promise.all(
    again
      .filter((request) => before.has(request.url()))
      .map(async (request) => ({
        path: new URL(request.url()).pathname,
        bytes: (await request.sizes()).responseBodySize,
      })),
  );
  const lasting = sent.filter(
    ({ path, bytes }) => bytes > 0 && /^\/_next\/static\/|\.geojson$|\.woff2$|\.css$/.test(path),
  );
  expect(lasting).toEqual([]);
});

test("a glyph that no place was known to need is fetched when something is called so", async ({ page, quiet }) => {
  const rare = "龘";
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${quiet.url}${WALL}`);
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  expect(asked.filter((path) => path.startsWith("/fonts/noto-sans-sc@"))).toEqual([]);
  const at = new Date().toISOString();
  await quiet.publish("events", [
    {
      city: "lianyungang",
      id: "rare-name",
      kind: "accident",
      title: `${rare}路口两车相撞`,
      district: "320706",
      severity: 2,
      source: "operations-center",
      at,
      updated: at,
      stages: ["reported", "handled", "closed"],
      stage: "reported",
    },
  ]);
  await expect(page.getByText(rare).first()).toBeVisible();
  await expect.poll(() => asked.filter((path) => path.startsWith("/fonts/noto-sans-sc@")).length).toBeGreaterThan(0);
  expect(
    await page.evaluate(
      (text) => document.fonts.load('400 16px "Noto Sans SC"', text).then((faces) => faces.map(({ status }) => status)),
      rare,
    ),
  ).toEqual(["loaded"]);
});
