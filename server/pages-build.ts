/** What browsers fetch and the pages' process are made of, and making it. */
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { canBuild, isBuilt, isOld } from "./freshness.mjs";
import { ConfigurationError, type Variables } from "./environment";
import type { Lifecycle } from "./lifecycle";
import { programArgs } from "./processes";
import { ROOT, WITH_PARENT } from "./programs.mjs";
import { endChild } from "../lib/processes/supervise";

/**
 * Makes what is missing or older than its sources. @param dev Next builds by itself what is asked for
 * @throws ConfigurationError where nothing is built and this install cannot build; Error when a build fails
 */
export async function makePages(life: Lifecycle, env: Variables, dev: boolean): Promise<void> {
  if (!canBuild()) {
    if (!isBuilt("pages"))
      throw new ConfigurationError("the pages are not built, and this install cannot build them: run npm run build");
    return;
  }
  // A build makes those files as well.
  if (dev || !isOld("pages")) return makeAssets(life, env);
  console.log("citywall: building the pages (about a minute, once)");
  await runToEnd(life, env, path.join(ROOT, "scripts/build.mjs"));
}

/** Makes the files that browsers fetch beside the build; the fonts among them follow the places that are configured. */
async function makeAssets(life: Lifecycle, env: Variables): Promise<void> {
  await runToEnd(life, env, path.join(ROOT, "scripts/assets.mjs"));
  const fonts = programArgs("fonts");
  await runToEnd(life, env, ...fonts.execArgv, fonts.file);
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
