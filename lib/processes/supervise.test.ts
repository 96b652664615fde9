import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Backoff } from "../clock/backoff";
import { ALIVE } from "../clock/watchdog";
import { supervise } from "./supervise";

/** A child as far as its supervisor sees it. */
class Child extends EventEmitter {
  pid: number | undefined = 1;
  exitCode: number | null = null;
  signalCode: string | null = null;
  connected = false;
  readonly killed: string[] = [];

  kill(signal: string): void {
    this.killed.push(signal);
    if (signal === "SIGKILL") this.exit(null, signal);
  }

  exit(code: number | null, signal: string | null = null): void {
    this.exitCode = code;
    this.signalCode = signal;
    this.emit("exit", code, signal);
  }
}

let children: Child[];
let said: string[];
let misconfigured: number;
const last = (): Child => children.at(-1) as Child;

function begin() {
  return supervise({
    name: "pages",
    launch: () => {
      children.push(new Child());
      return last() as unknown as ChildProcess;
    },
    onMisconfigured: () => misconfigured++,
    backoff: new Backoff(() => 0.5),
    log: (line) => said.push(line),
  });
}

/** So many seconds in which the child says that it is alive. */
function live(seconds: number): void {
  for (let i = 0; i < seconds; i++) {
    last().emit("message", ALIVE);
    vi.advanceTimersByTime(1_000);
  }
}

beforeEach(() => {
  children = [];
  said = [];
  misconfigured = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

it("starts a child again, later each time it ends soon, and says what ended how and when it comes again", () => {
  begin();
  last().exit(1);
  vi.advanceTimersByTime(249);
  expect(children).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(children).toHaveLength(2);
  last().exit(null, "SIGSEGV");
  vi.advanceTimersByTime(500);
  expect(children).toHaveLength(3);
  live(30);
  last().exit(0);
  expect(said).toEqual([
    "citywall: pages ended with code 1; starting again in 0.3 s",
    "citywall: pages was ended by SIGSEGV; starting again in 0.5 s",
    "citywall: pages ended with code 0; starting again in 0.3 s",
  ]);
});

it("does not start a child again that is misconfigured, unless it was in order before", () => {
  begin();
  last().emit("message", { ready: 1 });
  last().exit(78);
  vi.advanceTimersByTime(300);
  expect([children.length, misconfigured]).toEqual([2, 0]);
  begin();
  last().exit(78);
  vi.advanceTimersByTime(20_000);
  expect([children.length, misconfigured]).toEqual([3, 1]);
});

it("kills a child that hangs, and takes its signs of life for nothing else", () => {
  begin();
  live(100);
  vi.advanceTimersByTime(8_999);
  expect(last().killed).toEqual([]);
  vi.advanceTimersByTime(300);
  expect(children).toHaveLength(2);
  expect(children[0]?.killed).toEqual(["SIGKILL"]);
  expect(said).toEqual([
    "citywall: pages has given no sign of life for 10 s and is killed",
    "citywall: pages was ended by SIGKILL; starting again in 0.3 s",
  ]);
  live(3);
  last().exit(78);
  expect(misconfigured).toBe(1);
});

it("tries again to start what could not be started at all", () => {
  begin();
  last().pid = undefined;
  last().emit("error", new Error("spawn EAGAIN"));
  vi.advanceTimersByTime(300);
  expect(children).toHaveLength(2);
  expect(said).toEqual(["citywall: pages could not be started: spawn EAGAIN; starting again in 0.3 s"]);
});

it("ends a child in order, kills it when it does not end, and starts nothing again", async () => {
  const willing = begin();
  const ended = willing.stop(5_000);
  expect(last().killed).toEqual(["SIGTERM"]);
  last().exit(0);
  await ended;
  const stubborn = begin();
  const killed = stubborn.stop(5_000);
  vi.advanceTimersByTime(5_000);
  await killed;
  expect(last().killed).toEqual(["SIGTERM", "SIGKILL"]);
  const waiting = begin();
  last().exit(1);
  await waiting.stop(5_000);
  vi.advanceTimersByTime(60_000);
  expect(children).toHaveLength(3);
  expect(said.filter((line) => line.includes("is killed"))).toEqual([
    "citywall: pages did not end within 5 s and is killed",
  ]);
});
