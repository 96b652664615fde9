/** For tests: the start command as an operator runs it, the processes below it, and ways to break them. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./programs.mjs";

/** A process, told from a later one with the same number by the time it started. */
interface Seen {
  pid: number;
  started: string;
  command: string;
}

const ROLES = {
  gateway: /(server|dist)\/gateway\.[tj]s/,
  store: /(server|dist)\/historian\.[tj]s/,
  pages: /standalone\/server\.js|next-server/,
  "mock feeds": /mock-feeds(\/main)?\.[tj]s/,
  seed: / seed --days/,
};
export type Role = keyof typeof ROLES;

/** Waits for something to hold. @throws Error that names it when it does not within a minute */
export async function until<T>(look: () => T | Promise<T>, what: string): Promise<NonNullable<T>> {
  for (let i = 0; i < 1_200; i++) {
    const found = await Promise.resolve()
      .then(look)
      .catch(() => null);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

/** proc(5): fields from 3 on; the name in field 2 may hold spaces and ends at the last parenthesis. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

function look(pid: number): Seen | null {
  const stat = statOf(pid);
  if (!stat || stat[0] === "Z") return null;
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return { pid, started: stat[19] ?? "", command };
  } catch {
    return null;
  }
}

const alive = ({ pid, started }: Seen): boolean => look(pid)?.started === started;

/** Processes that a process forked, as the kernel lists them: to read all of /proc each time took a fifth of a core. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    // It ended as it was looked at.
    return [];
  }
}

/** Every process whose parent, or parent's parent and so on, is `pid`. */
function below(pid: number): Seen[] {
  return childrenOf(pid).flatMap((child) => [look(child) ?? [], below(child)].flat());
}

export interface StartedOptions {
  /** of the start command; the pages are left out unless told otherwise */
  args?: string[];
  env?: Record<string, string>;
  uid?: number;
  /** through `npm start` instead of what that runs */
  npm?: boolean;
}

/** The start command, running. */
export class Started {
  readonly child: ChildProcess;
  /** all that it has said */
  said = "";
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  private readonly seen = new Map<string, Seen>();
  private readonly watch: NodeJS.Timeout;

  constructor({ args = ["--no-pages"], env = {}, uid, npm = false }: StartedOptions) {
    const [command, first] = npm ? ["npm", ["start", "--"]] : [process.execPath, ["bin/citywall.mjs", "start"]];
    // What the process that runs the tests was told is not meant for this one.
    const own = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^(CITYWALL_|NODE_OPTIONS|VITEST|PORT$|HOST$|DATABASE_URL)/.test(name),
      ),
    );
    this.child = spawn(command, [...first, ...args], {
      cwd: ROOT,
      env: { ...own, NODE_ENV: "production", PORT: "0", CITYWALL_MOCKS: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.said += chunk.toString();
      });
    this.watch = setInterval(() => this.note(), 20);
    this.ended = new Promise((resolve) =>
      this.child.once("close", (code, signal) => {
        clearInterval(this.watch);
        resolve({ code, signal });
      }),
    );
  }

  /** Remembers every process that is there now. */
  private note(): void {
    if (!this.child.pid) return;
    const own = look(this.child.pid);
    for (const one of [...(own ? [own] : []), ...below(this.child.pid)])
      this.seen.set(`${one.pid} ${one.started}`, one);
  }

  /** The process in a role, once there is one that is not among `but`. */
  process(role: Role, but: number[] = []): Promise<number> {
    return until(() => this.running(role).find((pid) => !but.includes(pid)), `a process: ${role}; ${this.said}`);
  }

  running(role: Role): number[] {
    this.note();
    return [...this.seen.values()].filter((one) => ROLES[role].test(one.command) && alive(one)).map(({ pid }) => pid);
  }

  /** What a process was called with. */
  command(pid: number): string {
    return [...this.seen.values()].find((one) => one.pid === pid)?.command ?? "";
  }

  /** True where such a process was ever there. */
  hadA(role: Role): boolean {
    return [...this.seen.values()].some(({ command }) => ROLES[role].test(command));
  }

  /** Where it says that it runs. */
  async url(): Promise<string> {
    await until(
      () => /Citywall is running/.test(this.said) || this.child.exitCode !== null,
      "the start command to say so",
    );
    const found = /^ +(https?:\S+)\/$/m.exec(this.said)?.[1];
    if (!found) throw new Error(`it did not start: ${this.said}`);
    return found;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Processes of all that were ever seen that are still there. */
  left(): string[] {
    return [...this.seen.values()].filter(alive).map(({ pid, command }) => `${pid} ${command}`);
  }

  /** Resolves once nothing of it is left. @throws Error that names what does not go */
  async gone(): Promise<void> {
    await until(() => this.left().length === 0, "every process to end").catch(() => {
      throw new Error(`still there: ${this.left().join("; ")}`);
    });
  }

  /** Ends it whatever state it is in; for the end of a test. */
  async clear(): Promise<void> {
    this.note();
    for (const one of this.seen.values()) if (alive(one)) process.kill(one.pid, "SIGKILL");
    await this.ended;
    await this.gone();
  }
}

/** Kills a process without a word. */
export function kill(pid: number): void {
  process.kill(pid, "SIGKILL");
}

/** The process that holds a data folder's store, as its lock names it; null where the kernel's lock is free. */
export function lockHolder(data: string): number | null {
  const file = path.join(data, "store.lock");
  const isFree = !existsSync(file) || spawnSync("flock", ["-n", file, "true"]).status === 0;
  return isFree ? null : Number(readFileSync(file, "utf8").split(" ")[0]);
}
