import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test, watchIssues } from "../stack";

const STREAM = path.resolve(import.meta.dirname, "../stream");

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
  const gate = {
    id: "gate",
    widget: "video",
    box: { x: 0, y: 0, w: 24, h: 12 },
    settings: { src: "/streams/gate.m3u8" },
  };
  await writeFile(quiet.screenFile("trial"), JSON.stringify({ title: { zh: "试验", en: "Trial" }, tiles: [gate] }));
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
