import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Browser, Page, Request } from "@playwright/test";
import { freePort } from "../server/free-port";
import { launchChromium, median, section, table, wait } from "./kit";

const ROOT = path.resolve(import.meta.dirname, "..");
const WALL = "/wall/lianyungang/overview";
const TOPIC = "reading/lianyungang/all/cases-today";
/** What still comes once the map is there: the list of rare glyphs, a title's slice. Ms. */
const AFTERWARDS = 3_000;
const KINDS = ["document", "script", "style sheet", "font", "data"] as const;
type Kind = (typeof KINDS)[number];

const NETS = {
  "as fast as it goes": null,
  "5 Mbit/s, 40 ms": { offline: false, latency: 40, downloadThroughput: 625_000, uploadThroughput: 625_000 },
} as const;
type Net = keyof typeof NETS;

interface Load {
  requests: number;
  bytes: Record<Kind, number>;
  /** ms from the start of the navigation */
  figure: number;
  map: number;
}

/** A build that is running with the mock feeds of one city. */
interface Running {
  name: string;
  url: string;
  stop(): Promise<void>;
}

/** Makes the pages of a checkout that has none; the start command would do so as well, and say nothing of it here. */
async function build(root: string): Promise<void> {
  const built = await access(path.join(root, ".next/BUILD_ID")).then(
    () => true,
    () => false,
  );
  if (built) return;
  console.log(`building the pages of ${root}`);
  const child = spawn("npm", ["run", "build"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${root}: the build ended with ${code}`);
}

async function start(name: string, root: string): Promise<Running> {
  const port = await freePort();
  const data = await mkdtemp(path.join(os.tmpdir(), "citywall-load-"));
  const child: ChildProcess = spawn(process.execPath, ["bin/citywall.mjs", "start"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      PORT: String(port),
      CITYWALL_DATA: data,
      CITYWALL_SEED_DAYS: "0",
      CITYWALL_MOCK_CITIES: "lianyungang",
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const lives = async (): Promise<boolean> => {
    const answer = await fetch(`${url}/api/v1/snapshot?topic=${TOPIC}`);
    const { topics } = (await answer.json()) as { topics: { value: number | null }[] };
    return topics[0]?.value !== null && (await fetch(`${url}${WALL}`)).ok;
  };
  // A build that is older than its sources is made anew by the start command first.
  while (!(await lives().catch(() => false))) {
    if (child.exitCode !== null) throw new Error(`${root}: the start command ended with ${child.exitCode}`);
    await wait(250);
  }
  return {
    name,
    url,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      await rm(data, { recursive: true, force: true });
    },
  };
}

function kindOf(request: Request): Kind {
  const type = request.resourceType();
  if (type === "document" || type === "script" || type === "font") return type;
  return type === "stylesheet" ? "style sheet" : "data";
}

/** Head and body of an answer as they came over the wire. */
async function bytesOf(request: Request): Promise<number> {
  const { responseHeadersSize, responseBodySize } = await request.sizes();
  const declared = Number((await (await request.response())?.headerValue("content-length")) ?? 0);
  // What a worker is made of is fetched by the worker: the page's tools see its head alone.
  return responseHeadersSize + (responseBodySize || declared);
}

/** Notes when there is a first figure, and a map that shows its layers. */
function watchArrivals(): void {
  const seen: { figure?: number; map?: number } = {};
  Object.assign(window, { seen });
  const observer = new MutationObserver(() => {
    const figures = [...document.querySelectorAll('[data-widget="figure"] [data-topic]')];
    if (figures.some((element) => /\d/.test(element.textContent ?? ""))) seen.figure ??= performance.now();
    if (document.querySelector('[data-map][data-ready="true"]')) seen.map ??= performance.now();
    if (seen.figure && seen.map) observer.disconnect();
  });
  observer.observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["data-ready"],
  });
}

async function openPage(browser: Browser, net: Net): Promise<Page> {
  // A context of its own has a cache of its own, which is empty.
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: "zh-CN" });
  const page = await context.newPage();
  await page.addInitScript("globalThis.__name = (task) => task");
  await page.addInitScript(watchArrivals);
  const conditions = NETS[net];
  if (conditions) {
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", conditions);
  }
  return page;
}

async function measure(browser: Browser, url: string, net: Net): Promise<Load> {
  const page = await openPage(browser, net);
  const finished: Request[] = [];
  page.on("requestfinished", (request) => finished.push(request));
  await page.goto(`${url}${WALL}`);
  await page.locator('[data-map][data-ready="true"]').waitFor({ timeout: 120_000 });
  await wait(AFTERWARDS);
  const counted = [...finished];
  const bytes = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  for (const request of counted) bytes[kindOf(request)] += await bytesOf(request);
  const seen = await page.evaluate(() => (window as unknown as { seen: { figure: number; map: number } }).seen);
  await page.context().close();
  return { requests: counted.length, bytes, ...seen };
}

const kilobytes = (bytes: number): string => (bytes / 1_000).toFixed(0);

function row(net: Net, name: string, loads: Load[]): (string | number)[] {
  const of = (value: (load: Load) => number): number => median(loads.map(value));
  return [
    net,
    name,
    of(({ requests }) => requests),
    ...KINDS.map((kind) => kilobytes(of(({ bytes }) => bytes[kind]))),
    kilobytes(of(({ bytes }) => Object.values(bytes).reduce((sum, part) => sum + part, 0))),
    (of(({ figure }) => figure) / 1_000).toFixed(2),
    (of(({ map }) => map) / 1_000).toFixed(2),
  ];
}

/**
 * The first load of a wall, with an empty cache. Pages that are not built yet are built first.
 * @param rounds loads of each build over each net @param against folder of another checkout, measured in turns
 */
export async function load(rounds: number, against: string | null): Promise<string> {
  const roots = [["this", ROOT], ...(against ? [["older", path.resolve(against)]] : [])] as [string, string][];
  for (const [, root] of roots) await build(root);
  const builds: Running[] = [];
  try {
    for (const [name, root] of roots) builds.push(await start(name, root));
    return await compare(builds, rounds);
  } finally {
    for (const running of builds) await running.stop();
  }
}

async function compare(builds: Running[], rounds: number): Promise<string> {
  const nets = Object.keys(NETS) as Net[];
  const runs = nets.flatMap((net) => builds.map((build) => ({ net, build, loads: [] as Load[] })));
  const browser = await launchChromium();
  try {
    // Outlines are packed as small as they get once they were asked for, and code is compiled: nobody is the first
    // after a start.
    for (const { build } of runs) await measure(browser, build.url, "as fast as it goes");
    for (let round = 0; round < rounds; round++)
      for (const { net, build, loads } of runs) loads.push(await measure(browser, build.url, net));
  } finally {
    await browser.close();
  }
  const rows = runs.map(({ net, build, loads }) => row(net, build.name, loads));
  return section(
    "Load",
    `
      The first load of the overview wall of Lianyungang at 1920x1080 with an empty cache, in headless Chromium with
      software raster, the mock feeds running: kilobytes over the wire (heads and bodies) until ${AFTERWARDS / 1_000} s
      after the map is drawn; when the first figure stands and the map shows its layers, from the start of the
      navigation. The slow net is the browser's own emulation, which does not slow what workers fetch. Medians of
      ${rounds} interleaved rounds${builds.length > 1 ? "; older is the build of another checkout (`--against`)" : ""}. Goals:
      1,100 KB, first figure within 1.0 s and map within 3.5 s unthrottled.
    `,
    table(
      ["net", "build", "requests", ...KINDS.map((kind) => `${kind}, KB`), "all, KB", "first figure, s", "map, s"],
      rows,
    ),
  );
}
