import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { CDPSession } from "@playwright/test";
import { launchChromium, list, median, section, table, wait } from "./kit";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Least-squares slope of [hours, MB]. */
function slope(points: [number, number][]): number {
  const [mx, my] = [0, 1].map((k) => points.reduce((sum, p) => sum + (p[k] as number), 0) / points.length) as [
    number,
    number,
  ];
  return (
    points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
  );
}

/** ms between two samples, and collections a sample takes the least of. */
const EVERY = 15_000;
const COLLECTIONS = 3;
/** Minutes of one line of the table. */
const WINDOW = 15;

/**
 * How often V8 wants to have run a function before it compiles it anew and better, as shipped (its `--help`). A wall
 * draws a chart every few seconds however fast data comes, so its rarer functions get there after many hours; meanwhile
 * code grows, to a bound that their number sets. Ten times the speed is ten times as soon.
 */
const THRESHOLDS = {
  "invocation-count-for-maglev": 400,
  "invocation-count-for-maglev-with-delay": 600,
  "invocation-count-for-maglev-osr": 100,
  "invocation-count-for-turbofan": 3_000,
  "invocation-count-for-osr": 500,
  "minimum-invocations-after-ic-update": 500,
};

interface SnapshotNodes {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  nodes: number[];
  strings: string[];
}

/** MB of a heap snapshot by what it is. */
interface Sums {
  /** compiled code with what V8 has learnt about it: grows for hours while ever rarer paths are optimised */
  code: number;
  /** the browser's own: elements, layout, shaped text; not part of the JavaScript heap */
  native: number;
  /** objects, strings, numbers, arrays and closures: what a page's script can leak */
  objects: number;
}

interface Contents extends Sums {
  /** bytes by kind and name of node */
  names: Map<string, number>;
}

async function contents(session: CDPSession): Promise<Contents> {
  const chunks: string[] = [];
  const take = ({ chunk }: { chunk: string }): void => void chunks.push(chunk);
  session.on("HeapProfiler.addHeapSnapshotChunk", take);
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  session.off("HeapProfiler.addHeapSnapshotChunk", take);
  const {
    snapshot: { meta },
    nodes,
    strings,
  } = JSON.parse(chunks.join("")) as SnapshotNodes;
  const [type, name, size, width] = [
    meta.node_fields.indexOf("type"),
    meta.node_fields.indexOf("name"),
    meta.node_fields.indexOf("self_size"),
    meta.node_fields.length,
  ];
  const [kinds] = meta.node_types;
  const made: Contents = { code: 0, native: 0, objects: 0, names: new Map() };
  for (let i = 0; i < nodes.length; i += width) {
    const kind = kinds[nodes[i + type] ?? 0] ?? "";
    const bytes = nodes[i + size] ?? 0;
    made[kind === "code" || kind === "native" ? kind : "objects"] += bytes / 1e6;
    const key = `${kind} ${/string|number/.test(kind) ? "" : (strings[nodes[i + name] ?? 0] ?? "").slice(0, 60)}`;
    made.names.set(key, (made.names.get(key) ?? 0) + bytes);
  }
  return made;
}

/** What grew most between two snapshots, for whoever looks for a leak. */
function grown(before: Contents, after: Contents): string {
  return [...after.names]
    .map(([name, bytes]) => [name, bytes - (before.names.get(name) ?? 0)] as const)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 25)
    .map(([name, bytes]) => `${(bytes / 1024).toFixed(0).padStart(8)} KB  ${name}`)
    .join("\n");
}

const PORT = 41_399;
const WALL = `http://127.0.0.1:${PORT}/wall/lianyungang/overview`;

/** Citywall with the mock feeds at ten times their speed, once it serves the wall. */
async function startStack(): Promise<ChildProcess> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-heap-"));
  const stack = spawn(process.execPath, ["bin/citywall.mjs", "start"], {
    cwd: ROOT,
    stdio: "ignore",
    env: {
      ...process.env,
      PORT: String(PORT),
      CITYWALL_DATA: folder,
      CITYWALL_MOCK_SPEED: "10",
      CITYWALL_MOCK_CITIES: "lianyungang",
    },
  });
  const isServed = (): Promise<boolean> =>
    fetch(WALL).then(
      (answer) => answer.ok,
      () => false,
    );
  for (let i = 0; i < 600 && !(await isServed()); i++) await wait(200);
  return stack;
}

/** MB of the heap after collection: the least of several, as a single one leaves some behind. */
async function collected(session: CDPSession): Promise<number> {
  let bytes = Infinity;
  for (let i = 0; i < COLLECTIONS; i++) {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = (await session.send("Runtime.getHeapUsage")) as { usedSize: number };
    bytes = Math.min(bytes, usedSize);
    await wait(300);
  }
  return bytes / 1e6;
}

interface Course {
  /** [hours since the page was opened, MB] */
  samples: [number, number][];
  /** what the heap held after the warm-up and at the end, and the hours between */
  before: Contents;
  after: Contents;
  hours: number;
}

/** Samples the heap of a page for as long as it is asked, with a snapshot at both ends of what counts. */
async function observe(session: CDPSession, warmUp: number, minutes: number): Promise<Course> {
  const samples: [number, number][] = [];
  const began = performance.now();
  const passed = (): number => (performance.now() - began) / 60_000;
  async function sampleUntil(minute: number): Promise<void> {
    while (passed() < minute) {
      await wait(EVERY);
      const mb = await collected(session);
      samples.push([passed() / 60, mb]);
      console.log(`${passed().toFixed(1)} min  ${mb.toFixed(2)} MB`);
    }
  }
  await sampleUntil(warmUp);
  const [before, beforeAt] = [await contents(session), passed()];
  await sampleUntil(warmUp + minutes);
  return { samples, before, after: await contents(session), hours: (passed() - beforeAt) / 60 };
}

/** Switches with which V8 compiles anew `sooner` times as soon. */
function compileSooner(sooner: number): string[] {
  if (sooner === 1) return [];
  const switches = Object.entries(THRESHOLDS).map(([name, count]) => `--${name}=${Math.round(count / sooner)}`);
  return [`--js-flags=${switches.join(" ")}`];
}

/**
 * JavaScript heap of a wall with the mock feeds at ten times their speed, collected before each sample.
 * @param warmUp minutes until the page has run all it runs often
 * @param minutes of the run that counts
 * @param sooner by what V8's thresholds are divided
 */
export async function heap(warmUp: number, minutes: number, sooner: number): Promise<string> {
  const stack = await startStack();
  const browser = await launchChromium(...compileSooner(sooner));
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(WALL);
    const course = await observe(await page.context().newCDPSession(page), warmUp, minutes);
    console.log(grown(course.before, course.after));
    return report(course, warmUp, minutes, sooner);
  } finally {
    await browser.close();
    stack.kill("SIGTERM");
    await wait(1_000);
  }
}

function report({ samples, before, after, hours }: Course, warmUp: number, minutes: number, sooner: number): string {
  const growth = (key: keyof Sums): string => {
    const hourly = (after[key] - before[key]) / hours;
    return `${before[key].toFixed(2)} to ${after[key].toFixed(2)} MB (${hourly.toFixed(2)} MB/h)`;
  };
  const between = (from: number, to: number): [number, number][] =>
    samples.filter(([at]) => at * 60 >= from && at * 60 < to);
  const settled = between(warmUp, Infinity);
  const windows = Array.from({ length: Math.floor((warmUp + minutes) / WINDOW) }, (_, i) =>
    between(i * WINDOW, (i + 1) * WINDOW),
  );
  const rows = windows.map((part, i) => [
    `${i * WINDOW} to ${(i + 1) * WINDOW}`,
    median(part.map(([, mb]) => mb)).toFixed(2),
    slope(part).toFixed(2),
  ]);
  return section(
    "Heap",
    `
      The overview wall of Lianyungang with the mock feeds at 10x; JavaScript heap every 15 s, each time the least
      after three forced collections. Warm-up: ${warmUp} minutes, in which series fill and V8 compiles what runs
      often${sooner === 1 ? "" : `, after a ${sooner}th of the runs it wants as shipped`}. Goal: flat within 1 MB/h
      over the ${minutes} minutes after that.
    `,
    list(
      `
        slope **${slope(settled).toFixed(2)} MB/h**, median ${median(settled.map(([, mb]) => mb)).toFixed(1)} MB (first
        sample of all ${samples[0]?.[1].toFixed(1)} MB)
      `,
      `
        by snapshots at both ends of that: objects, strings and the like ${growth("objects")}; compiled code
        ${growth("code")}; the browser's own, which is not part of that heap, ${growth("native")}
      `,
    ),
    table(["minutes", "median, MB", "slope within, MB/h"], rows),
  );
}
