/** For tests: how the programs are started. */
import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";
import { isOld } from "./freshness.mjs";
import { PROGRAMS, ROOT } from "./programs.mjs";

type Program = keyof typeof PROGRAMS;

/** As they are built where that is as new as the sources: to translate TypeScript takes a second of a core at each start. */
const built = !isOld("programs");

/** What Node is called with for a program, its file last; in the checkout's folder. */
export const nodeArgs = (name: Program): string[] =>
  built ? ["--enable-source-maps", `dist/${name}.js`] : ["--import", "tsx", PROGRAMS[name]];

/** The store's process, as a gateway forks it. @param env names of files are absolute @param told what it is called with */
export function forkStore(env: NodeJS.ProcessEnv, told: string[] = []): ChildProcess {
  const args = nodeArgs("historian");
  return fork(path.join(ROOT, args.at(-1) ?? ""), told, {
    cwd: ROOT,
    execArgv: args.slice(0, -1),
    serialization: "advanced",
    env,
  });
}
