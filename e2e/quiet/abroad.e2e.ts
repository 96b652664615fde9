import path from "node:path";
import { expect, layoutIssues, test, watchIssues } from "../stack";

const OUTLINES = path.resolve(import.meta.dirname, "../../docs/examples/rivermouth.geojson");
const HAN = /\p{Script=Han}/u;

test("a city outside China reads well in English on every page, in its own time", async ({ page, quiet }) => {
  const issues = watchIssues(page, quiet.url);
  page.on("console", (message) => {
    if (message.type() === "error") issues.push(message.text());
  });
  await page.setViewportSize({ width: 1920, height: 1080 });
  expect(
    await quiet.command(
      "city",
      "create",
      "--id",
      "rivermouth",
      "--name",
      "Rivermouth",
      "--outlines",
      OUTLINES,
      "--crs",
      "wgs84",
      "--codes",
      "own",
      "--time-zone",
      "America/New_York",
    ),
  ).toContain("8 districts, 4 screens");
  expect(await quiet.command("check")).toContain("✓ rivermouth: 8 districts, 10 metrics, 4 screens");
  await expect.poll(() => fetch(`${quiet.url}/wall/rivermouth/overview`).then((response) => response.status)).toBe(200);
  const token = await quiet.tokenFor("rivermouth");
  const at = new Date().toISOString();
  const counts = [
    ["all", 60],
    ["X-HARBOR", 12],
    ["X-SAINT-ETIENNE", 20],
    ["X-ILE-AUX-PHOQUES", 1],
  ] as const;
  await quiet.publish(
    "readings",
    counts.map(([district, value]) => ({ city: "rivermouth", district, metric: "cases-today", value, at })),
    token,
  );

  await page.goto(`${quiet.url}/wall/rivermouth/overview?lang=en`);
  await expect(page.locator("h1")).toHaveText("Rivermouth Operations Center");
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  await expect(page.locator('[data-tile="cases-today"] [data-topic]')).toHaveText("60");
  await expect(page.locator("body")).toContainText("Schematic · boundaries for orientation only");
  expect(await page.locator(".wall-grid").innerText()).not.toMatch(HAN);
  expect(await page.evaluate(layoutIssues)).toEqual([]);
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: "America/New_York",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  await expect
    .poll(async () => (await page.locator(".title-bar").innerText()).includes(clock.format(Date.now())))
    .toBe(true);

  for (const address of [
    "/wall/rivermouth/services",
    "/wall/rivermouth/operations",
    "/wall/rivermouth/traffic",
    "/district/rivermouth/X-HARBOR",
    "/district/rivermouth/X-SAINT-ETIENNE?view=analysis",
    "/metric/rivermouth/cases-today",
    "/events/rivermouth",
    "/indicators/rivermouth",
  ]) {
    const response = await page.goto(`${quiet.url}${address}${address.includes("?") ? "&" : "?"}lang=en`);
    expect(response?.status(), address).toBe(200);
    await expect(page.locator("h1"), address).toBeVisible();
    await page.waitForLoadState("networkidle").catch(() => undefined);
    const text = await page.locator("main, body").first().innerText();
    expect(
      text.split("\n").filter((line) => HAN.test(line) && !/中文|^中$|文$/.test(line)),
      address,
    ).toEqual([]);
  }
  await page.goto(`${quiet.url}/district/rivermouth/X-HARBOR?lang=en`);
  await expect(page.locator('[data-tile="figure-cases-today"] [data-topic]')).toHaveText("12");

  // A metric put on the running wall by command.
  await page.goto(`${quiet.url}/wall/rivermouth/overview?lang=en`);
  await expect(page.locator('[data-tile="more"]')).toBeVisible();
  await quiet.command("screen", "add", "rivermouth", "overview", "--metric", "mean-speed", "--into", "more");
  await expect(page.locator('[data-tile="more"]')).toContainText("Average speed");
  expect(issues).toEqual([]);
});
