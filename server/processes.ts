/** Where the processes' code is, and how they are started: as TypeScript in a checkout under development, else as it was built. */
import { fork, type ChildProcess, type ForkOptions } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Variables } from "./environment";

/** The folder of the checkout. */
export const ROOT = path.resolve(import.meta.dirname, "..");

const SOURCES = {
  gateway: "server/gateway.ts",
  historian: "server/historian.ts",
  "mock-feeds": "mock-feeds/main.ts",
};

/** Preloaded into children that have nothing to finish, see there. */
export const WITH_PARENT = [
  "--import",
  `${pathToFileURL(path.join(ROOT, "server/with-parent.mjs")).href}?of=${process.pid}`,
];

/** Starts a process of ours in the checkout's folder; names of files in `env` have to be absolute. */
export function forkProcess(
  name: keyof typeof SOURCES,
  env: Variables,
  { execArgv = [], ...options }: ForkOptions = {},
): ChildProcess {
  return fork(path.join(ROOT, SOURCES[name]), {
    ...options,
    cwd: ROOT,
    env: env as NodeJS.ProcessEnv,
    execArgv: [...execArgv, "--import", "tsx"],
  });
}
