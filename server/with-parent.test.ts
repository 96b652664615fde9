import { spawn, type ChildProcess } from "node:child_process";
import { afterEach, expect, it } from "vitest";
import { ALIVE, isAlive } from "../lib/clock/watchdog";
import { AT_ONCE } from "../lib/processes/supervise";
import { WITH_PARENT } from "./programs.mjs";

let child: ChildProcess;
afterEach(() => child.kill("SIGKILL"));

const ended = (): Promise<unknown> => new Promise((resolve) => child.once("exit", resolve));

function run(script: string): void {
  child = spawn(process.execPath, [...WITH_PARENT, "--eval", script], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

/** The next message that says more than that it is alive. */
const message = (): Promise<unknown> =>
  new Promise((resolve) =>
    child.on("message", (one) => {
      if (!isAlive(one)) resolve(one);
    }),
  );

/** Resolves once it runs what it was given. */
async function busy(): Promise<void> {
  run(`setInterval(() => {}, 1_000); process.send("busy")`);
  await message();
}

it("says at once and again and again that it is alive", async () => {
  run(`setInterval(() => {}, 1_000)`);
  for (let i = 0; i < 3; i++) expect(await new Promise((resolve) => child.once("message", resolve))).toEqual(ALIVE);
});

it("ends by itself once it has nothing left to do, such as a step of the build", async () => {
  run("0");
  expect(await ended()).toBe(0);
});

it("goes on for as long as it listens to its parent, such as a worker", async () => {
  run(`process.once("message", (question) => process.send(question)); process.send("ready")`);
  const heard = (): Promise<unknown> => Promise.race([message(), ended().then(() => "its end")]);
  expect(await heard()).toBe("ready");
  child.send("a question");
  expect(await heard()).toBe("a question");
  expect(await heard()).toBe("its end");
});

it("ends when its parent lets go of it, whatever it is doing", async () => {
  await busy();
  child.disconnect();
  expect(await ended()).toBe(0);
});

it("ends with 1 when told to end at once, whatever it is doing", async () => {
  await busy();
  child.send(AT_ONCE);
  expect(await ended()).toBe(1);
});

it("leaves a child of the child, which inherits it, to its own parent", async () => {
  run(`
    const { fork } = require("node:child_process");
    const script = 'process.once("message", (m) => process.send({ channel: process.listenerCount("disconnect"), m }))';
    const grandchild = fork("-e", [script], { execArgv: process.execArgv.filter((one) => one !== "--eval").slice(0, 2) });
    grandchild.once("message", (answer) => { process.send(answer); grandchild.disconnect(); });
    grandchild.send("a task");
  `);
  expect(await message()).toEqual({ channel: 0, m: "a task" });
  expect(await ended()).toBe(0);
});
