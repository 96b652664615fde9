import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { starvedOf } from "./starved";

const MS = 1e6;

/** A process's state as proc(5) has it, such as R or T. */
const stateOf = (pid: number): string => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0] ?? "";

describe("whether a process waits for a processor", () => {
  it("is told of the time since it was asked before: more than half of it", () => {
    let [waited, time] = [0, 0];
    const starved = starvedOf(
      1,
      () => waited,
      () => time,
    );
    [waited, time] = [600 * MS, 1_000];
    expect(starved()).toBe(true);
    [waited, time] = [1_000 * MS, 2_000];
    expect(starved()).toBe(false);
  });

  it("is not so of one that was never started, that is gone, or where the kernel does not say", () => {
    expect(starvedOf(undefined)()).toBe(false);
    expect(starvedOf(2 ** 30)()).toBe(false);
    expect(starvedOf(1, () => null)()).toBe(false);
  });

  it("is so of a process among many that want all processors, and not of one that is stopped", async () => {
    const busy = "process.send(1);for(const end=Date.now()+6000;Date.now()<end;);";
    const run = (source: string) => fork("-e", [source], { execArgv: [], stdio: "ignore" });
    const children = Array.from({ length: availableParallelism() * 4 }, () => run(busy));
    const [first, ...others] = children as [ReturnType<typeof fork>, ...ReturnType<typeof fork>[]];
    await Promise.all(children.map((child) => once(child, "message")));
    const starved = starvedOf(first.pid);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const amongMany = starved();
    first.kill("SIGSTOP");
    // It stops when it has its next turn.
    await expect.poll(() => stateOf(first.pid as number)).toBe("T");
    starved();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const stopped = starved();
    for (const child of [first, ...others]) child.kill("SIGKILL");
    expect([amongMany, stopped]).toEqual([true, false]);
  });
});
