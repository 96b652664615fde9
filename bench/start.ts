import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { freePort } from "../server/free-port";
import { median, quantile, section, table, wait } from "./kit";

const ROOT = path.resolve(import.meta.dirname, "..");
/** Seconds after which memory is read: nothing was asked meanwhile. */
const IDLE = 10;
const WAYS: Record<string, string[]> = {
  "TypeScript, translated as it is read (tsx)": ["--import", "tsx", "server/gateway.ts"],
  "built (dist/)": ["--enable-source-maps", "dist/gateway.js"],
};

interface Figures {
  /** ms from spawning the gateway until /healthz answers */
  start: number;
  /** seconds of CPU that the gateway took until then */
  cpu: number;
  /** resident memory after it was idle, MB */
  gateway: number;
  store: number;
}

function megabytes(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  return (pages * 4_096) / 1e6;
}

/** proc(5): fields 14 and 15 are user and system time in hundredths of a second. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function childOf(parent: number): number {
  const found = readdirSync("/proc").find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error("the gateway has no store");
  return Number(found);
}

async function answers(url: string): Promise<void> {
  for (;;) {
    const up = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return;
    await wait(5);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

async function once(args: string[]): Promise<Figures> {
  const data = await mkdtemp(path.join(os.tmpdir(), "citywall-bench-"));
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "production", PORT: String(port), CITYWALL_DATA: data },
    stdio: "ignore",
  });
  const pid = child.pid ?? 0;
  await answers(`http://127.0.0.1:${port}/healthz`);
  const [start, cpu] = [performance.now() - began, cpuSeconds(pid)];
  await wait(IDLE * 1_000);
  const figures = { start, cpu, gateway: megabytes(pid), store: megabytes(childOf(pid)) };
  await ended(child);
  await rm(data, { recursive: true, force: true });
  return figures;
}

/** How long the gateway takes to answer, and what it and its store hold then, from sources and as built, in turn. */
export async function start(rounds: number): Promise<string> {
  spawnSync(process.execPath, ["scripts/bundle.mjs"], { cwd: ROOT, stdio: "inherit" });
  const runs = Object.fromEntries(Object.keys(WAYS).map((way) => [way, [] as Figures[]]));
  // The first of each is not counted: it fills the caches of disk and translation.
  for (let round = 0; round <= rounds; round++)
    for (const [way, args] of Object.entries(WAYS)) {
      const figures = await once(args);
      if (round > 0) runs[way]?.push(figures);
    }
  const row = ([way, all]: [string, Figures[]]): (string | number)[] => {
    const starts = all.map(({ start: ms }) => ms);
    return [
      way,
      `${Math.round(median(starts))} (${Math.round(quantile(starts, 0))} to ${Math.round(quantile(starts, 1))})`,
      median(all.map(({ cpu }) => cpu)).toFixed(2),
      Math.round(median(all.map(({ gateway }) => gateway))),
      Math.round(median(all.map(({ store }) => store))),
    ];
  };
  return section(
    "Start",
    `
      The gateway with the five places and an empty store, from spawning it until \`/healthz\` answers, and the resident
      memory of its process and of the store's after ${IDLE} s without a request. Medians of ${rounds} rounds in turn,
      with the least and the most.
    `,
    table(
      ["programs", "ms until it answers", "CPU until then, s", "gateway, MB", "store, MB"],
      Object.entries(runs).map(row),
    ),
  );
}
