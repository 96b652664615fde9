/**
 * `npm run look`: opens every wall and every kind of page of a running product at every size, in both languages and all
 * themes, and says what cannot be read, is cut, leaves its screen or is found by axe. `--pictures FOLDER` keeps a picture of each.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Browser, type Page } from "@playwright/test";
import type { CityList } from "../lib/contract/api/cities";
import { displayOf } from "../lib/contract/screens";
import { freePort } from "../server/free-port";
import { look, prepare, written, type Looked, type Seat } from "./look";
import { ALL_SIZES, allPages, sizeOf, WALL_SIZES, type LookedPage } from "./pages";

const ROOT = path.resolve(import.meta.dirname, "..");
/** Within this time charts are drawn anew after their size changed, ms. */
const REDRAWN_AFTER = 1_500;
/** A desk's screen of 24 inches. */
const DESK: Seat = { height: 0.3, distance: 0.7 };

const { values: given } = parseArgs({
  options: {
    url: { type: "string" },
    only: { type: "string", default: "" },
    sizes: { type: "string" },
    langs: { type: "string", default: "zh,en" },
    themes: { type: "string", default: "night,dusk,day,contrast" },
    pictures: { type: "string" },
    /** a moment, such as that day's 5 in the morning, as an address has it */
    at: { type: "string" },
    "no-axe": { type: "boolean", default: false },
  },
});

interface Running {
  url: string;
  stop(): Promise<void>;
}

/** The product as its start command runs it, with the mock feeds of every place. */
async function start(): Promise<Running> {
  const port = await freePort();
  const data = await mkdtemp(path.join(os.tmpdir(), "citywall-look-"));
  const child: ChildProcess = spawn(process.execPath, ["bin/citywall.mjs", "start"], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, PORT: String(port), CITYWALL_DATA: data },
  });
  const url = `http://127.0.0.1:${port}`;
  const isReady = (): Promise<boolean> =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`the start command ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return {
    url,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** A page has all that it will show: scripts, maps, and readings of feeds that have only just begun. */
async function settled(page: Page): Promise<void> {
  await page.locator("html[data-alive]").waitFor({ state: "attached" });
  const isDone = (): boolean =>
    [...document.querySelectorAll<HTMLElement>("[data-map]")].every(({ dataset }) => dataset.ready === "true") &&
    document.querySelector(".tile[data-freshness=stale], .tile[data-freshness=offline]") === null;
  await page.waitForFunction(isDone, undefined, { timeout: 60_000 }).catch(() => {});
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

function addressOf({ path: own }: LookedPage, lang: string, theme: string): string {
  const more = new URLSearchParams({ lang, theme, ...(given.at === undefined ? {} : { at: given.at }) });
  return `${own}${own.includes("?") ? "&" : "?"}${more.toString()}`;
}

/** Faults of a page in one line each. */
function faultsOf({ small, cut, sparse, overflow, axe }: Looked): string[] {
  const told = (texts: Looked["small"]): string =>
    [...new Set(texts.map(({ text, where }) => `${where}: ${text.slice(0, 24)}`))].slice(0, 6).join("; ");
  return [
    small.length > 0 ? `${small.length} texts are too small: ${told(small)}` : "",
    cut.length > 0 ? `${cut.length} texts are cut: ${told(cut)}` : "",
    sparse.length > 0
      ? `less than half used: ${sparse.map(({ tile, used }) => `${tile} ${Math.round(used * 100)} %`).join(", ")}`
      : "",
    overflow.some((px) => px > 0) ? `leaves its screen by ${overflow.join(" x ")} px` : "",
    ...axe.map((one) => `axe: ${one.slice(0, 200)}`),
  ].filter(Boolean);
}

/** One page as it is looked at. */
interface View {
  page: LookedPage;
  /** null: it is seen from a desk */
  seat: Seat | null;
  size: string;
  lang: string;
  theme: string;
  /** whether its document is judged as well, which no theme changes */
  judged: boolean;
}

/** Every page at every size, in every language and theme that were asked for. */
async function viewsOf(url: string): Promise<View[]> {
  const { cities } = (await (await fetch(`${url}/api/v1/cities`)).json()) as CityList;
  const seatOf = ({ wall }: LookedPage): Seat | null => {
    const city = cities.find(({ id }) => id === wall?.city);
    const layout = city?.screens.find(({ id }) => id === wall?.screen)?.layout;
    return city && layout ? displayOf(layout, city) : null;
  };
  const others = ALL_SIZES.filter((size) => !WALL_SIZES.slice(1).includes(size));
  const sizesOf = ({ wall }: LookedPage): string[] => given.sizes?.split(",") ?? (wall ? ALL_SIZES : others);
  const themes = given.themes.split(",").map((theme, i) => ({ theme, judged: i === 0 && !given["no-axe"] }));
  return allPages(cities)
    .filter(({ name }) => name.includes(given.only))
    .flatMap((page) => sizesOf(page).map((size) => ({ page, seat: seatOf(page), size })))
    .flatMap((view) => given.langs.split(",").map((lang) => ({ ...view, lang })))
    .flatMap((view) => themes.map((theme) => ({ ...view, ...theme })));
}

/** @param blank a page to look at pictures in @returns how many faults were found */
async function lookAt(browser: Browser, url: string, view: View, blank: Page): Promise<number> {
  const { page: own, seat, size, lang, theme } = view;
  const context = await browser.newContext({ viewport: sizeOf(size), locale: lang === "zh" ? "zh-CN" : "en-GB" });
  const page = await context.newPage();
  await prepare(page);
  await page.goto(`${url}${addressOf(own, lang, theme)}`);
  await settled(page);
  await written(page);
  await page.evaluate(() => window.dispatchEvent(new Event("resize")));
  await page.waitForTimeout(REDRAWN_AFTER);
  const seen = await look(page, blank, seat ?? DESK, view.judged);
  // What is seen from a desk is as large as its browser is told to make it.
  const found = faultsOf(seat ? seen : { ...seen, small: [] });
  const smallest = `${seen.smallest.toFixed(1)}′`;
  console.log(`${own.name} ${size} ${lang} ${theme}: smallest ${smallest} of ${seen.texts.length} texts`);
  for (const fault of found) console.log(`    ${fault}`);
  if (given.pictures) {
    await mkdir(given.pictures, { recursive: true });
    await page.screenshot({ path: path.join(given.pictures, `${own.name}_${size}_${lang}_${theme}.png`) });
  }
  await context.close();
  return found.length;
}

async function lookAtAll(browser: Browser, url: string): Promise<number> {
  const blank = await browser.newPage();
  await prepare(blank);
  await blank.goto("about:blank");
  let faults = 0;
  for (const view of await viewsOf(url)) faults += await lookAt(browser, url, view, blank);
  return faults;
}

const running = given.url ? { url: given.url, stop: () => Promise.resolve() } : await start();
const browser = await chromium.launch({
  executablePath: process.env.CITYWALL_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
try {
  const faults = await lookAtAll(browser, running.url);
  console.log(`${faults} faults`);
  process.exitCode = faults === 0 ? 0 : 1;
} finally {
  await browser.close();
  await running.stop();
}
