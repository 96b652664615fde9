/** Where the processes' code is, and how they are started: as it was built, or as TypeScript by who runs as that. */
import { fork, type ChildProcess, type ForkOptions } from "node:child_process";
import path from "node:path";
import type { Variables } from "./environment";
import { PROGRAMS, ROOT, WITH_PARENT } from "./programs.mjs";

type Program = keyof typeof PROGRAMS;
const built = import.meta.filename.endsWith(".js");

/**
 * Of the gateway's memory most by far is short-lived: half of V8's usual room for that (MB) holds as much of it as is needed,
 * see docs/reliability.md.
 */
const OPTIONS: Partial<Record<Program, string[]>> = { gateway: ["--max-semi-space-size=8"] };

/**
 * The C library gives each thread that packs or reads files an arena of memory of its own, up to sixteen on two cores, and seldom
 * gives any back: two are enough for four threads that work in turns (mallopt(3), M_ARENA_MAX).
 */
const VARIABLES: Partial<Record<Program, Variables>> = { gateway: { MALLOC_ARENA_MAX: "2" } };

/** What Node is called with for a program: its own options, and the program's file. */
export function programArgs(name: Program): { execArgv: string[]; file: string } {
  const own = OPTIONS[name] ?? [];
  return built
    ? { execArgv: [...own, "--enable-source-maps"], file: path.join(ROOT, "dist", `${name}.js`) }
    : { execArgv: [...own, "--import", "tsx"], file: path.join(ROOT, PROGRAMS[name]) };
}

/** Starts a process of ours in the checkout's folder; names of files in `env` have to be absolute. @param args what it is told */
export function forkProgram(
  name: Program,
  env: Variables,
  { execArgv = [], args = [], ...options }: ForkOptions & { args?: string[] } = {},
): ChildProcess {
  const program = programArgs(name);
  return fork(program.file, args, {
    ...options,
    cwd: ROOT,
    env: { ...VARIABLES[name], ...env } as NodeJS.ProcessEnv,
    execArgv: [...execArgv, ...program.execArgv],
  });
}

/** Starts the pages' process: as it was built, or Next's own server that builds what is asked for. @param port on loopback */
export function forkPages(port: number, dev: boolean, env: Variables): ChildProcess {
  const [file, args] = dev
    ? ["node_modules/next/dist/bin/next", ["dev", "-H", "127.0.0.1", "-p", String(port)]]
    : [".next/standalone/server.js", []];
  return fork(path.join(ROOT, file), args, {
    cwd: ROOT,
    env: {
      ...env,
      CITYWALL_FILES: ROOT,
      PORT: String(port),
      HOSTNAME: "127.0.0.1",
      NEXT_TELEMETRY_DISABLED: "1",
    } as unknown as NodeJS.ProcessEnv,
    execArgv: WITH_PARENT,
    stdio: ["ignore", dev ? "inherit" : "ignore", "inherit", "ipc"],
  });
}
