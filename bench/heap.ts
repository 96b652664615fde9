import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { CDPSession } from "@playwright/test";
import { launchChromium, median, wait } from "./kit";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Least-squares slope of [hours, MB]. */
function slope(points: [number, number][]): number {
  const [mx, my] = [0, 1].map((k) => points.reduce((sum, p) => sum + (p[k] as number), 0) / points.length) as [number, number];
  return points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

/** ms between two samples, collections a sample takes the least of, and minutes until fine series are full. */
const EVERY = 15_000;
const COLLECTIONS = 3;
const FILLING = 15;

interface SnapshotNodes {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  nodes: number[];
}

/** MB of a heap snapshot by what it is. */
interface Contents {
  /** compiled code with what V8 has learnt about it: grows for hours while ever rarer paths are optimised */
  code: number;
  /** the browser's own: elements, layout, shaped text; not part of the JavaScript heap */
  native: number;
  /** objects, strings, numbers, arrays and closures: what a page's script can leak */
  objects: number;
}

async function contents(session: CDPSession): Promise<Contents> {
  const chunks: string[] = [];
  const take = ({ chunk }: { chunk: string }): void => void chunks.push(chunk);
  session.on("HeapProfiler.addHeapSnapshotChunk", take);
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  session.off("HeapProfiler.addHeapSnapshotChunk", take);
  const { snapshot: { meta }, nodes } = JSON.parse(chunks.join("")) as SnapshotNodes;
  const [type, size, width] = [meta.node_fields.indexOf("type"), meta.node_fields.indexOf("self_size"), meta.node_fields.length];
  const [code, native] = [meta.node_types[0].indexOf("code"), meta.node_types[0].indexOf("native")];
  const sums: Contents = { code: 0, native: 0, objects: 0 };
  for (let i = 0; i < nodes.length; i += width) sums[nodes[i + type] === code ? "code" : nodes[i + type] === native ? "native" : "objects"] += (nodes[i + size] ?? 0) / 1e6;
  return sums;
}

/** JavaScript heap of a wall over `minutes` with the mock feeds at ten times their speed, collected before each sample. */
export async function heap(minutes: number): Promise<string> {
  const port = 41_399;
  const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-heap-"));
  const stack = spawn(process.execPath, ["bin/citywall.mjs", "start"], { cwd: ROOT, stdio: "ignore", env: { ...process.env, PORT: String(port), CITYWALL_DATA: folder, CITYWALL_MOCK_SPEED: "10", CITYWALL_MOCK_CITIES: "lianyungang" } });
  for (let i = 0; i < 600 && !(await fetch(`http://127.0.0.1:${port}/wall/lianyungang/overview`).then((r) => r.ok, () => false)); i++) await wait(200);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(`http://127.0.0.1:${port}/wall/lianyungang/overview`);
    const session = await page.context().newCDPSession(page);
    const samples: [number, number][] = [];
    const began = performance.now();
    let before: (Contents & { at: number }) | null = null;
    while (performance.now() - began < minutes * 60_000) {
      await wait(EVERY);
      if (!before && performance.now() - began >= Math.min(FILLING, minutes / 2) * 60_000) before = { at: performance.now(), ...(await contents(session)) };
      let usedSize = Infinity;
      for (let i = 0; i < COLLECTIONS; i++) {
        await session.send("HeapProfiler.collectGarbage");
        usedSize = Math.min(usedSize, ((await session.send("Runtime.getHeapUsage")) as { usedSize: number }).usedSize);
        await wait(300);
      }
      samples.push([(performance.now() - began) / 3_600_000, usedSize / 1e6]);
      console.log(`${((samples[samples.length - 1]?.[0] ?? 0) * 60).toFixed(1)} min  ${(usedSize / 1e6).toFixed(2)} MB`);
    }
    const after = await contents(session);
    const hours = before ? (performance.now() - before.at) / 3_600_000 : NaN;
    const growth = (key: keyof Contents): string => `${before?.[key].toFixed(2)} to ${after[key].toFixed(2)} MB (${((after[key] - (before?.[key] ?? NaN)) / hours).toFixed(2)} MB/h)`;
    const settled = samples.filter(([hours]) => hours * 60 >= Math.min(FILLING, minutes / 2));
    return `## Heap\n\nThe overview wall of Lianyungang for ${minutes} minutes with the mock feeds at 10x; JavaScript heap every 15 s, each time the least after three forced collections. Fine series fill for 15 minutes, so the slope is taken after that. Goal: flat within 1 MB/h.\n\n- median ${median(settled.map(([, mb]) => mb)).toFixed(1)} MB, slope ${slope(settled).toFixed(2)} MB/h over ${((settled[settled.length - 1]?.[0] ?? 0) * 60 - (settled[0]?.[0] ?? 0) * 60).toFixed(0)} minutes (first sample ${samples[0]?.[1].toFixed(1)} MB)\n- by snapshots at both ends of that: objects, strings and the like ${growth("objects")}; compiled code ${growth("code")}; the browser's own, which is not part of that heap, ${growth("native")}\n`;
  } finally {
    await browser.close();
    stack.kill("SIGTERM");
    await wait(1_000);
  }
}
