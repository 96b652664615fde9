/** Whether what is built is older than its sources, and building it. */
import { spawn, type ChildProcess } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Variables } from "./environment";
import { endChild } from "./supervise";
import type { Lifecycle } from "./lifecycle";
import { ROOT, WITH_PARENT } from "./processes";

/** Next's command. */
export const NEXT = path.join(ROOT, "node_modules/next/dist/bin/next");

const SOURCES = ["app", "components", "lib", "proxy.ts", "next.config.js", "package.json"];

/** True when there is no build of the pages, or a source is newer than it. */
export function pagesAreOld(): Promise<boolean> {
  return isOlder(".next/BUILD_ID", SOURCES);
}

/** True when a file of the checkout is not there, or one of the sources (files or folders) is newer. */
async function isOlder(file: string, sources: string[]): Promise<boolean> {
  const built = await stat(path.join(ROOT, file)).then(
    (info) => info.mtimeMs,
    () => null,
  );
  if (built === null) return true;
  const newest = await Promise.all(sources.map((name) => newestIn(path.join(ROOT, name))));
  return Math.max(...newest) > built;
}

async function newestIn(file: string): Promise<number> {
  const info = await stat(file).catch(() => null);
  if (!info) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  const inside = await readdir(file);
  return Math.max(0, ...(await Promise.all(inside.map((name) => newestIn(path.join(file, name))))));
}

/** Makes the files that browsers fetch beside the build; the fonts among them follow the places that are configured. */
export async function makeAssets(life: Lifecycle, env: Variables): Promise<void> {
  await runToEnd(life, env, path.join(ROOT, "scripts/assets.mjs"));
  await runToEnd(life, env, "--import", "tsx", path.join(ROOT, "scripts/fonts.ts"));
}

/** Builds the pages. @throws Error when the build fails */
export async function buildPages(life: Lifecycle, env: Variables): Promise<void> {
  console.log("citywall: building the pages (about a minute, once)");
  await runToEnd(life, env, path.join(ROOT, "scripts/build.mjs"));
}

function runToEnd(life: Lifecycle, env: Variables, ...args: string[]): Promise<void> {
  const name = path.basename(args.at(-1) ?? "");
  const child: ChildProcess = spawn(process.execPath, [...WITH_PARENT, ...args], {
    cwd: ROOT,
    env: { ...env, NEXT_TELEMETRY_DISABLED: "1" } as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  life.onEnd(() => endChild(child, name, 2_000));
  life.onCut(() => void child.kill("SIGKILL"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code === 0) resolve();
      else if (!life.ending) reject(new Error(`${name} ended with ${signal ?? code}`));
    });
  });
}
