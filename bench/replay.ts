import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import { launchChromium, median, quantile, section, table, wait } from "./kit";

const ROOT = path.resolve(import.meta.dirname, "..");
const ROUNDS = 3;
const SECONDS = 15;
const WARM = 8;
const SPEEDS = [1, 60, 600] as const;
const PORT = 41_499;
const BASE = `http://127.0.0.1:${PORT}`;
const TOPIC = "reading/lianyungang/all/code-scans-today";

interface Spent {
  /** ms of script in each animation frame in which something was done */
  frames: number[];
  /** main thread's load, share of a core in % */
  load: number;
  /** tasks longer than 50 ms in a minute */
  long: number;
}

/** Adds up what runs in each animation frame: the wall's repaints and the map's. */
function watchFrames(): void {
  const spent = new Map<number, number>();
  let long = 0;
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (task) =>
    ask((at) => {
      const began = performance.now();
      task(at);
      spent.set(at, (spent.get(at) ?? 0) + performance.now() - began);
    });
  new PerformanceObserver((list) => {
    long += list.getEntries().length;
  }).observe({ type: "longtask" });
  Object.assign(window, {
    taken: () => {
      const out = { frames: [...spent.values()], long };
      spent.clear();
      long = 0;
      return out;
    },
  });
}

type Taken = { taken: () => { frames: number[]; long: number } };

async function measure(page: Page): Promise<Spent> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
  };
  await wait(WARM * 1000);
  await page.evaluate(() => (window as unknown as Taken).taken());
  const before = await busy();
  await wait(SECONDS * 1000);
  const load = ((await busy()) - before) / SECONDS;
  const { frames, long } = await page.evaluate(() => (window as unknown as Taken).taken());
  return { frames, load: load * 100, long: (long * 60) / SECONDS };
}

async function open(browser: Browser, speed: number | null): Promise<Spent> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  // tsx gives functions their names by a helper that a page does not have.
  await page.addInitScript("globalThis.__name = (task) => task");
  await page.addInitScript(watchFrames);
  const at = new Date(Date.now() - 20 * 3_600_000).toISOString();
  await page.goto(`${BASE}/wall/lianyungang/overview${speed === null ? "" : `?at=${at}`}`);
  if (speed !== null) {
    await page.locator('.time-bar[data-loading="false"]').waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: `${speed}×`, exact: true }).click();
    await page.locator(".time-play").click();
  }
  const spent = await measure(page);
  await page.close();
  return spent;
}

/** What a replay costs the page beside the same wall live. */
export async function replay(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-replay-"));
  const stack = spawn(process.execPath, ["bin/citywall.mjs", "start"], {
    cwd: ROOT,
    stdio: "ignore",
    env: {
      ...process.env,
      PORT: String(PORT),
      CITYWALL_DATA: folder,
      CITYWALL_SEED_DAYS: "2",
      CITYWALL_MOCK_CITIES: "lianyungang",
    },
  });
  const browser = await launchChromium();
  try {
    // The seed and its rollups have to be in before anything is measured.
    const hours = async (): Promise<number> => {
      const body = (await (
        await fetch(`${BASE}/api/v1/history?topic=${TOPIC}&from=now-2d&step=1h&agg=count`)
      ).json()) as { series?: { at: number[] }[] };
      return body.series?.[0]?.at.length ?? 0;
    };
    for (let i = 0; i < 600 && (await hours().catch(() => 0)) < 47; i++) await wait(500);
    await wait(5_000);
    const cases = [null, ...SPEEDS];
    const runs = cases.map(() => [] as Spent[]);
    for (let round = 0; round < ROUNDS; round++)
      for (const [i, speed] of cases.entries()) runs[i]?.push(await open(browser, speed));
    const rows = cases.map((speed, i) => {
      const of = runs[i] ?? [];
      const at = (q: number): string => median(of.map(({ frames }) => quantile(frames, q))).toFixed(1);
      return [
        speed === null ? "live" : `replay ${speed}×`,
        at(0.5),
        at(0.95),
        at(0.99),
        `${median(of.map(({ load }) => load)).toFixed(0)} %`,
        median(of.map(({ long }) => long)).toFixed(0),
      ];
    });
    return section(
      "Replay",
      `
        The overview wall of Lianyungang at 1920x1080, live and from the store (kept by the minute), in headless
        Chromium with software raster: script in each animation frame in which something was done, the repaints and the
        map together. Medians of ${ROUNDS} interleaved rounds of ${SECONDS} s. Goal: at 600x a frame stays within what
        the live wall allows itself, a frame of 60 Hz (16.7 ms).
      `,
      table(
        ["wall", "script a frame p50, ms", "p95, ms", "p99, ms", "main thread's load", "tasks over 50 ms a minute"],
        rows,
      ),
    );
  } finally {
    await browser.close();
    stack.kill("SIGTERM");
    await wait(1_000);
  }
}
