/**
 * A process's life: how it begins, when it ends, and what has to be done before. Imported first and made before the first
 * await: signals and the parent's death are heard from then on, however long the rest takes to load.
 */
import { after, every, monotonic } from "../lib/clock";
import { ALIVE, ALIVE_EVERY } from "../lib/clock/watchdog";
import { AT_ONCE, EX_CONFIG } from "../lib/processes/supervise";
import { ConfigurationError } from "./environment";

/** npm passes a terminal's Ctrl-C on to a process that got it already: signals so close are one, ms. */
const SAME_SIGNAL = 300;
/** Most ms that ending at once takes. */
const CUT = 2_000;

export interface LifecycleOptions {
  name: string;
  /** most ms that ending may take: what is not done by then is dropped */
  limit: number;
  /** `parent`: signals mean nothing, the process ends when its parent lets go of it */
  endsBy?: "signal" | "parent";
}

/**
 * Ends the process at SIGTERM or SIGINT, and when the process that forked it is gone; a second signal ends it at once. A
 * forked process leaves repeated signals to its parent: a service manager sends them to all of a service's processes.
 */
export class Lifecycle {
  private readonly steps: (() => Promise<void> | void)[] = [];
  private readonly cuts: (() => Promise<void> | void)[] = [];
  private readonly forked = process.send !== undefined;
  private signalledAt: number | null = null;
  private ended: Promise<void> | null = null;
  private cutShort = false;

  constructor(private readonly options: LifecycleOptions) {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => this.signalled());
    if (!this.forked) return;
    process.on("disconnect", () => void this.end(0));
    // Who started it kills it when this stops: a process that hangs is of no more use than one that is gone.
    const say = (): void => {
      if (process.connected) process.send?.(ALIVE, undefined, undefined, () => {});
    };
    say();
    every(ALIVE_EVERY, say);
    // What a parent sends waits for the first who listens. Where it sends questions, that has to be who answers them.
    if (options.endsBy !== "parent")
      process.on("message", (message) => {
        if ((message as Partial<typeof AT_ONCE> | null)?.end === AT_ONCE.end) this.atOnce();
      });
    // The parent may be gone already; nobody would say so again.
    if (!process.connected) void this.end(0);
  }

  /** True once the process is ending: nothing new is begun. */
  get ending(): boolean {
    return this.ended !== null;
  }

  /** Something to do before the process ends; what was added last is done first. */
  onEnd(step: () => Promise<void> | void): void {
    this.steps.unshift(step);
  }

  /** Something to do when there is no time left, such as to kill a child; it is waited for, but not long. */
  onCut(cut: () => Promise<void> | void): void {
    this.cuts.push(cut);
  }

  /** Runs a process's main part; a failure ends the process, with EX_CONFIG where its configuration is at fault. */
  async run(main: () => Promise<void>): Promise<void> {
    try {
      if (!this.ending) await main();
    } catch (error) {
      const misconfigured = error instanceof ConfigurationError;
      console.error(misconfigured ? `citywall: ${error.message}` : error);
      await this.end(misconfigured ? EX_CONFIG : 1);
    }
  }

  /** Does what has to be done, then ends the process. */
  end(code: number): Promise<void> {
    return (this.ended ??= this.finish(code));
  }

  private async finish(code: number): Promise<void> {
    after(this.options.limit, () => {
      console.error(`citywall: ${this.options.name} did not end within ${this.options.limit / 1000} s`);
      this.atOnce();
    });
    for (const step of this.steps) {
      await Promise.resolve()
        .then(step)
        .catch((error: unknown) => console.error(`citywall: ${this.options.name}, ending:`, error));
    }
    // Where children are killed meanwhile, the steps that waited for them are done too soon.
    process.exit(this.cutShort ? 1 : code);
  }

  private signalled(): void {
    if (this.options.endsBy === "parent" && this.forked) return;
    const at = monotonic();
    const repeated = this.signalledAt !== null && at - this.signalledAt > SAME_SIGNAL;
    this.signalledAt ??= at;
    if (repeated && !this.forked) this.atOnce();
    else void this.end(0);
  }

  /** Ends without finishing anything. */
  private atOnce(): void {
    this.cutShort = true;
    after(CUT, () => process.exit(1));
    void Promise.all(this.cuts.map(async (cut) => cut())).finally(() => process.exit(1));
  }
}
