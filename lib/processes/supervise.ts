import type { ChildProcess } from "node:child_process";
import { after, monotonic } from "../clock";
import { Backoff } from "../clock/backoff";
import { isAlive, Watchdog } from "../clock/watchdog";
import { starvedOf } from "./starved";

/** Exit code of a process whose configuration is wrong (sysexits.h). */
export const EX_CONFIG = 78;
/** What a parent sends to a child that has to end without finishing anything. */
export const AT_ONCE = { end: "at once" } as const;

export interface SuperviseOptions {
  name: string;
  launch: () => ChildProcess;
  /** called once where the child says at its first start that its configuration is wrong; left out, it is started again */
  onMisconfigured?: () => void;
  /** told each of the child's messages but its signs of life */
  onMessage?: (message: unknown) => void;
  /** told that the child is gone, and how it ended, also where it is not started again; it is started again after that */
  onGone?: (how: string) => void;
  backoff?: Backoff;
  log?: (line: string) => void;
}

/** A child that is started again whenever it ends, until it is told to stop. */
export interface Supervised {
  readonly pid: number | undefined;
  /** whether it can be told anything */
  readonly connected: boolean;
  /** Tells it something; nobody is told where it is gone. */
  send(message: object): void;
  /** Ends it for good, killing it after so many ms. @param by hanging up ends one that takes signals for nothing */
  stop(limit: number, by?: "signal" | "hanging up"): Promise<void>;
  /** Ends it for good without giving it time for anything; it takes its own children with it. */
  cut(): Promise<void>;
}

/** How a process ended, for a log. */
export function ending(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `was ended by ${signal}` : `ended with code ${code}`;
}

/**
 * Starts a child and starts it again when it ends, waiting longer each time it ends soon; one that hangs, and so gives no sign
 * of life any more, is killed. A child that ends with EX_CONFIG
 * before it ever sent a message is misconfigured; later on it is started again like any other, as it has been in order.
 */
export function supervise(options: SuperviseOptions): Supervised {
  const { name, launch, backoff = new Backoff(), log = (line: string) => console.error(line) } = options;
  let child: ChildProcess | null = null;
  let stopped = false;
  let wasReady = false;
  let cancelStart = (): void => {};

  function run(): void {
    const began = monotonic();
    const current = launch();
    child = current;
    const dog = new Watchdog((seconds) => {
      log(`citywall: ${name} has given no sign of life for ${seconds} s and is killed`);
      current.kill("SIGKILL");
    }, starvedOf(current.pid));
    current.on("message", (message) => {
      dog.heard();
      if (isAlive(message)) return;
      wasReady = true;
      options.onMessage?.(message);
    });
    // A process that could not even be started has no exit.
    current.once("error", (error) => {
      if (current.pid === undefined) gone(`could not be started: ${error.message}`);
    });
    current.once("exit", (code, signal) => {
      if (code === EX_CONFIG && !wasReady && !stopped && options.onMisconfigured) {
        stopped = true;
        child = null;
        dog.stop();
        options.onMisconfigured();
      } else gone(ending(code, signal));
    });

    function gone(how: string): void {
      dog.stop();
      child = null;
      if (stopped) return options.onGone?.(how);
      const wait = backoff.next(monotonic() - began);
      log(`citywall: ${name} ${how}; starting again in ${(wait / 1000).toFixed(1)} s`);
      options.onGone?.(how);
      cancelStart = after(wait, run);
    }
  }
  run();

  return {
    get pid() {
      return child?.pid;
    },
    get connected() {
      return child?.connected ?? false;
    },
    send(message) {
      if (child?.connected) child.send(message, () => {});
    },
    async stop(limit, by = "signal") {
      stopped = true;
      cancelStart();
      if (child) await endChild(child, name, limit, log, by);
    },
    async cut() {
      stopped = true;
      cancelStart();
      if (child) await cutChild(child);
    },
  };
}

/** Most ms a child has to end at once by itself; a killed one cannot end its own children, they notice by themselves. */
const AT_ONCE_WITHIN = 500;

function cutChild(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const cancel = after(AT_ONCE_WITHIN, () => child.kill("SIGKILL"));
    child.once("exit", () => {
      cancel();
      resolve();
    });
    if (child.connected) child.send(AT_ONCE, () => {});
    else child.kill("SIGKILL");
  });
}

/** Ends a child with SIGTERM, or by hanging up, and kills it when it is still there after `limit` ms. */
export function endChild(
  child: ChildProcess,
  name: string,
  limit: number,
  log: (line: string) => void = (line) => console.error(line),
  by: "signal" | "hanging up" = "signal",
): Promise<void> {
  if (typeof child.exitCode === "number" || typeof child.signalCode === "string") return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = after(limit, () => {
      log(`citywall: ${name} did not end within ${limit / 1000} s and is killed`);
      child.kill("SIGKILL");
    });
    child.once("exit", () => {
      cancel();
      resolve();
    });
    if (by === "signal") child.kill("SIGTERM");
    else if (child.connected) child.disconnect();
  });
}
