import { fork, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Browser, CDPSession, Page } from "@playwright/test";
import { WebSocketServer } from "ws";
import { benchValue } from "./city";
import { BenchGateway, launchChromium, median, quantile, section, table, wait } from "./kit";

const RATES = process.env.BENCH_RATES ? process.env.BENCH_RATES.split(",").map(Number) : [48, 240, 2_400];
const ROOT = path.resolve(import.meta.dirname, "..");
const ROUNDS = 3;
const SECONDS = 10;
const WARM = 5;

interface Round {
  /** renderer CPU, ms per 1,000 readings */
  cpu: number;
  /** renderer CPU, share of a core in % */
  load: number;
  latencies: number[];
  /** bytes on the wire a reading */
  bytes: number;
}

async function rendererCpu(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.filter((info) => info.type === "renderer").reduce((sum, info) => sum + info.cpuTime, 0) * 1000;
}

/** Notes how long each change of a figure took from the making of its reading to the frame that shows it. */
async function watchFigures(page: Page, selector: string): Promise<void> {
  await page.evaluate((figures) => {
    const seen: number[] = [];
    Object.assign(window, { seen });
    for (const element of document.querySelectorAll(figures)) {
      new MutationObserver(() => {
        const made = Number((element.textContent ?? "").replace(/\D/g, ""));
        // The double frame is when the pixels of this change have been handed over.
        requestAnimationFrame(() => seen.push((Date.now() % 10_000_000) - made));
      }).observe(element, { childList: true, characterData: true, subtree: true });
    }
  }, selector);
}

async function measure(
  browser: Browser,
  page: Page,
  selector: string,
  fed: () => Promise<{ fed: number; bytes: number }>,
): Promise<Round> {
  await wait(WARM * 1000);
  await watchFigures(page, selector);
  const session = await browser.newBrowserCDPSession();
  const [cpu, before] = [await rendererCpu(session), await fed()];
  await wait(SECONDS * 1000);
  const [cpuAfter, after] = [await rendererCpu(session), await fed()];
  const latencies = await page.evaluate(() => (window as unknown as { seen: number[] }).seen);
  const readings = after.fed - before.fed;
  return {
    cpu: ((cpuAfter - cpu) / readings) * 1000,
    load: (cpuAfter - cpu) / (SECONDS * 10),
    latencies,
    bytes: (after.bytes - before.bytes) / readings,
  };
}

/** The pages of a checkout that is built, over this checkout's gateway. */
function pagesOf(root: string, port: number, gateway: number): ChildProcess {
  return fork(path.join(root, ".next/standalone/server.js"), [], {
    cwd: root,
    env: {
      ...process.env,
      CITYWALL_FILES: root,
      CITYWALL_GATEWAY: `http://127.0.0.1:${gateway}`,
      PORT: String(port),
      HOSTNAME: "127.0.0.1",
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

async function citywallRound(rate: number, root: string, pagesPort: number): Promise<Round> {
  const gateway = await BenchGateway.open(24, { port: pagesPort, root });
  const pages = pagesOf(root, pagesPort, gateway.port);
  const browser = await launchChromium();
  try {
    for (
      let i = 0;
      i < 100 &&
      !(await fetch(`http://127.0.0.1:${gateway.port}/`).then(
        (r) => r.ok,
        () => false,
      ));
      i++
    )
      await wait(100);
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(`http://127.0.0.1:${gateway.port}/wall/bench/wall?lang=en`);
    await page.locator("[data-topic]").nth(11).waitFor();
    await gateway.order({ kind: "feed", rate, metrics: 24, city: "bench" });
    // A WebSocket frame from the server costs 2 or 4 bytes around its payload.
    return await measure(browser, page, '[data-widget="figure"] [data-topic]', async () => {
      const stats = await gateway.order({ kind: "stats" });
      return { fed: stats.fed, bytes: stats.bytes + stats.frames * (rate > 1_000 ? 4 : 2) };
    });
  } finally {
    await browser.close();
    pages.kill("SIGKILL");
    gateway.close();
  }
}

async function floorRound(rate: number): Promise<Round> {
  const server = createServer((request, response) => {
    const name = request.url === "/floor.js" ? "floor.js" : "floor.html";
    void readFile(path.join(import.meta.dirname, name)).then((body) =>
      response.writeHead(200, { "content-type": name.endsWith("js") ? "text/javascript" : "text/html" }).end(body),
    );
  }).listen(0, "127.0.0.1");
  const sockets = new WebSocketServer({ server });
  const began = performance.now();
  let fed = 0;
  let bytes = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000) * rate);
    for (; fed < due; fed++) {
      const at = Date.now();
      const m = (fed % 24) + 1;
      const text = JSON.stringify({ m, at, v: benchValue(m, at) });
      bytes += text.length + 2;
      for (const socket of sockets.clients) socket.send(text);
    }
  }, 4);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return await measure(browser, page, "#g > div:nth-child(-n+6) b", () => Promise.resolve({ fed, bytes }));
  } finally {
    await browser.close();
    clearInterval(timer);
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    server.close();
  }
}

/**
 * One wall of 24 widgets against the least a page can do.
 * @param against folder of another checkout that is built, whose pages are measured in turn with these; null for none
 */
export async function wall(against: string | null): Promise<string> {
  const roots = [["this", ROOT], ...(against ? [["older", path.resolve(against)]] : [])] as [string, string][];
  const results = RATES.flatMap((rate) =>
    roots.map(([build, root]) => ({ rate, build, root, ours: [] as Round[], floor: [] as Round[] })),
  );
  let port = 41_200;
  for (let round = 0; round < ROUNDS; round++) {
    for (const rate of RATES) {
      const floor = await floorRound(rate);
      for (const one of results.filter((result) => result.rate === rate)) {
        one.floor.push(floor);
        one.ours.push(await citywallRound(rate, one.root, port++));
      }
    }
  }
  const rows = results.map(({ rate, build, ours, floor }) => {
    const latencies = ours.flatMap((r) => r.latencies);
    const [our, their] = [median(ours.map((r) => r.cpu)), median(floor.map((r) => r.cpu))];
    return [
      rate,
      build,
      our.toFixed(0),
      their.toFixed(0),
      (our / their).toFixed(2),
      `${median(ours.map((r) => r.load)).toFixed(0)} %`,
      quantile(latencies, 0.5).toFixed(0),
      quantile(latencies, 0.95).toFixed(0),
      median(ours.map((r) => r.bytes)).toFixed(1),
      median(floor.map((r) => r.bytes)).toFixed(1),
    ];
  });
  return section(
    "One wall of 24 widgets",
    `
      12 line charts, 6 gauges, 6 figures at 1920x1080 in headless Chromium with software raster, against a bare \`ws\`
      + canvas page that draws the same at the same rates (bench/floor.js: lines once a second, gauges twice, figures at
      each change). Gauges and lines swing over most of their range. Ours draws a line again when time has moved by two
      pixels, here every 2 to 3 s. Medians of ${ROUNDS} interleaved rounds of ${SECONDS} s. Goals: visible p95 under 100
      ms at 48 and 240/s, under 250 ms at 2,400/s; CPU at most 1.25 times the floor; at most 16 bytes a reading.
    `,
    table(
      [
        "readings/s",
        "build",
        "renderer CPU per 1,000 readings, ms",
        "floor, ms",
        "ratio",
        "renderer load",
        "feed to visible p50, ms",
        "p95, ms",
        "bytes a reading",
        "floor bytes",
      ],
      rows,
    ),
  );
}
