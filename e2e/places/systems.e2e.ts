import { readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect as soon, layoutIssues, turnTo, test, watchIssues } from "../stack";

const DOCS = path.resolve(import.meta.dirname, "../../docs/systems.md");
const rows = readFileSync(DOCS, "utf8")
  .split("\n")
  .filter((line) => /^\| [a-z]+ \|/.test(line) && !line.includes("| place |"))
  .map((line) => {
    const [place = "", system = "", , feed = "", screen = "", tile = ""] = line
      .split("|")
      .slice(1)
      .map((cell) => cell.trim().replaceAll("`", ""));
    return { place, system, feed, screen, tile };
  });
const screens = [...new Set(rows.map(({ place, screen }) => `${place}/${screen}`))];
const places = [...new Set(rows.map(({ place }) => place))];
/** Feeds of five places first bring the hours before, then each metric at its own pace: a slow machine needs minutes. */
const expect = soon.configure({ timeout: 240_000 });
test.describe.configure({ timeout: 600_000 });

/**
 * Tiles in a picture of a page in which no more than five colours cover more than a speck: an empty tile has its ground alone.
 * @param blank a page to look at the picture in
 */
async function emptyTiles(blank: Page, page: Page, tiles: string[]): Promise<string[]> {
  const boxes = await Promise.all(
    tiles.map(async (tile) => ({ tile, box: await page.locator(`[data-tile="${tile}"]`).boundingBox() })),
  );
  const picture = (await page.screenshot()).toString("base64");
  await blank.setContent(`<img src="data:image/png;base64,${picture}">`);
  return blank.evaluate(async (boxes) => {
    const image = document.querySelector("img") as HTMLImageElement;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
    context.drawImage(image, 0, 0);
    const colours = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }): number => {
      const { data } = context.getImageData(x, y, width, height);
      const seen = new Map<number, number>();
      for (let i = 0; i < data.length; i += 4) {
        const key = ((data[i] ?? 0) >> 4) * 256 + ((data[i + 1] ?? 0) >> 4) * 16 + ((data[i + 2] ?? 0) >> 4);
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
      return [...seen.values()].filter((count) => count > 8).length;
    };
    return boxes.flatMap(({ tile, box }) => (box && colours(box) > 5 ? [] : [tile]));
  }, boxes);
}

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect
    .poll(() =>
      page
        .locator("[data-map]")
        .evaluateAll((maps) => maps.every((map) => (map as HTMLElement).dataset.ready === "true")),
    )
    .toBe(true);
  await expect.poll(() => page.locator(".tile[data-freshness=stale], .tile[data-freshness=offline]").count()).toBe(0);
}

test("docs/systems.md tells of every feed of every place, and of nothing else", async () => {
  const { cities } = await import("../../mock-feeds");
  for (const { place, systems } of cities)
    expect(
      [...new Set(rows.filter((row) => row.place === place.city).map((row) => row.feed))].sort(),
      place.city,
    ).toEqual(systems.map(({ id }) => id).sort());
});

for (const place of places) {
  test(`${place}: every system is seen working on its page, in both languages`, async ({
    page,
    browser,
    places: stack,
  }) => {
    await page.setViewportSize({ width: 1920, height: 1080 });
    const issues = watchIssues(page, stack.url);
    const blank = await browser.newPage();
    for (const [i, name] of screens.filter((screen) => screen.startsWith(`${place}/`)).entries()) {
      await open(page, `${stack.url}/wall/${name}?lang=zh`);
      const shown = rows.filter((row) => `${row.place}/${row.screen}` === name);
      for (const { system, tile } of shown) {
        const box = page.locator(`[data-tile="${tile}"]`);
        await expect(box, `${name} ${system}`).toBeVisible();
        await expect(box).toHaveAttribute("data-freshness", /live|late/);
        for (const figure of await box.locator("[data-topic]").all())
          await expect(figure, `${name} ${tile}`).toHaveText(/\d/);
      }
      const tiles = shown.map(({ tile }) => tile);
      await expect.poll(() => emptyTiles(blank, page, tiles), { message: `${name}: tiles that are empty` }).toEqual([]);
      // Nothing sticks out on a screen or, of a place's first, on a wide wall, and in English no Chinese is left.
      expect(await page.evaluate(layoutIssues), name).toEqual([]);
      if (i === 0) {
        await page.setViewportSize({ width: 5760, height: 1080 });
        await expect.poll(() => page.evaluate(layoutIssues), { message: `${name} at 5760x1080` }).toEqual([]);
        await page.setViewportSize({ width: 1920, height: 1080 });
      }
      await page.keyboard.press("l");
      await expect(page.locator("html")).toHaveAttribute("lang", "en");
      await expect
        .poll(
          () =>
            page
              .locator(".wall")
              .innerText()
              .then((text) => text.replaceAll("中", "").match(/[\u4e00-\u9fff]+/g) ?? []),
          { message: `${name} in English` },
        )
        .toEqual([]);
    }
    await blank.close();
    expect(issues).toEqual([]);
  });
}

test("the opening of school enrolment is warned of minutes ahead, with what would be needed", async ({
  page,
  places: stack,
}) => {
  await open(page, `${stack.url}/wall/zhengzhou/enrolment?lang=zh`);
  const surge = page.locator('[data-tile="surge"] .capacity');
  await expect(page.locator('[data-tile="enrol-demand"] [data-topic]')).toHaveText(/\d/);
  expect(await stack.command("drill", "zhengzhou/enrolment")).toContain("begins in five minutes");
  await expect(surge).toHaveAttribute("data-state", "short");
  await expect(surge.locator('[data-part="word"]')).toHaveText("预警：承载不足");
  await expect(surge.locator('[data-part="when"]')).toHaveText(/距开放 [1-4]分/);
  await expect(surge.locator('[data-part="advice"]')).toHaveText(/需扩容至 [\d,]+ 次\/秒，或分\d+批开放/);
  await stack.command("drill", "zhengzhou/enrolment", "--stop");
});

test("a province is drilled into twice, and Back leads out again", async ({ page, places: stack }) => {
  await open(page, `${stack.url}/wall/guangdong/overview?lang=zh`);
  // Numbers come first: keys choose a place once there is a map.
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("[data-selected]").first()).toHaveAttribute("data-selected", "440100");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/district\/guangdong\/440100/);
  await expect(page.locator("h1")).toHaveText("广东 · 广州市");
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("[data-selected]").first()).toHaveAttribute("data-selected", "440103");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/district\/guangdong\/440103/);
  await expect(page.locator("h1")).toHaveText("广东 · 广州 · 荔湾区");
  await expect(page.locator('[data-topic="reading/guangdong/440103/cases-today"]').first()).toHaveText(/\d/);
  await page.goBack();
  await expect(page).toHaveURL(/440100/);
  await page.goBack();
  await expect(page).toHaveURL(/\/wall\/guangdong\/overview/);
});

test("an event is followed from start to end, with when and by whom", async ({ page, places: stack }) => {
  await open(page, `${stack.url}/events/zhangjiagang?lang=zh`);
  await expect(page.locator(".stages li")).toHaveText([/上报/, /受理/, /核实/, /派遣/, /部门处置/, /核查/, /办结/]);
  await page.locator("[data-event]").first().click();
  await expect(page).toHaveURL(/\/events\/zhangjiagang\/dld-/);
  const story = page.locator('[data-tile="story"] .story');
  await expect(story.locator("li")).toHaveCount(7);
  const now = story.locator('li[data-state="now"], li[data-state="done"]').last();
  await expect(now.locator("time")).toHaveText(/^\d\d:\d\d:\d\d$/);
  await expect(now.locator("small")).toHaveText(/[\u4e00-\u9fff]{2}/);
  const gone = await page.goto(`${stack.url}/events/zhangjiagang/none-such`);
  expect(gone?.status()).toBe(404);
});

test("places are compared by what is alike, and unlike is told apart with its reason", async ({
  page,
  places: stack,
}) => {
  await page.goto(`${stack.url}/compare?lang=zh&indicator=data-records`);
  const bars = page.locator(".compare-bars li");
  await expect(bars).toHaveCount(3);
  await expect(bars.filter({ hasText: "杭州" })).toHaveAttribute("data-leading", "true");
  await page.locator('[data-indicator="app-users"]').click();
  await expect(page).toHaveURL(/indicator=app-users/);
  await expect(page.locator(".compare-bars li")).toHaveCount(1);
  await expect(page.locator('[data-place="lianyungang"]')).toHaveAttribute("data-apart", "true");
  await expect(page.locator('[data-place="lianyungang"]')).toContainText("下载次数，不是实名用户");
  await expect(page.locator('[data-place="guangdong"] [data-topic]')).toHaveText(/3\d,\d{3},\d{3}/);
});

test("the indicators of a place are a catalogue that can be searched and leads to each", async ({
  page,
  places: stack,
}) => {
  await page.goto(`${stack.url}/indicators/hangzhou?lang=zh`);
  const all = page.locator("tbody tr");
  expect(await all.count()).toBeGreaterThan(60);
  await page.getByRole("searchbox").fill("ISO 37122");
  await expect(all).toHaveCount(2);
  await expect(page.locator('[data-metric="parking-free"]')).toContainText("ISO 37122:2019 19.8");
  await page.getByRole("link", { name: "空余泊位" }).click();
  await expect(page).toHaveURL(/\/metric\/hangzhou\/parking-free/);
});

test("the center's two zones have a set of screens each", async ({ page, places: stack }) => {
  await page.goto(`${stack.url}/wall/lianyungang/overview?lang=zh`);
  await expect(page.locator("h1")).toHaveText("连云港城市运营中心");
  await expect(page.locator(".title-zone")).toHaveText("展示区");
  await expect(page.locator(".title-bar nav a")).toHaveText(["城市总览", "政务服务", "运行走势", "运营区 ›"]);
  await page.keyboard.press("PageUp");
  await expect(page).toHaveURL(/\/wall\/lianyungang\/trends/);
  await turnTo(page, "运营区 ›");
  await expect(page.locator("h1")).toHaveText("连云港城市运营中心");
  await expect(page.locator(".title-zone")).toHaveText("运营区");
});

test("numbers are written as people read them, and health codes as the history they are", async ({
  page,
  places: stack,
}) => {
  await page.goto(`${stack.url}/wall/lianyungang/epidemic?lang=zh`);
  const issued = page.locator('[data-tile="codes-issued"]');
  await expect(issued.locator("[data-topic]")).toHaveText(/^1,8\d\d,\d{3}$/);
  await expect(issued.locator(".era")).toHaveText("历史 2020–2022");
  await page.keyboard.press("n");
  await expect(issued.locator("[data-topic]")).toHaveText(/^18\d\.\d\d万$/);
  await page.keyboard.press("l");
  await expect(issued.locator("[data-topic]")).toHaveText(/^1\.8\dM$/);
  await page.keyboard.press("l");
  await page.keyboard.press("n");
  await page.keyboard.press("n");
  await page.goto(`${stack.url}/wall/lianyungang/epidemic?lang=zh&at=2022-11-20T10:00:00%2B08:00`);
  await expect(page.locator(".time-now")).toContainText("2022-11-20 · 健康码时期");
  await expect(issued.locator(".era")).toHaveText("健康码时期");
});
