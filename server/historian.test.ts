import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";

it(
  "a store whose gateway is gone before it stands ends by itself, and leaves the folder to the next",
  { timeout: 20_000 },
  async () => {
    const data = await mkdtemp(path.join(os.tmpdir(), "citywall-historian-"));
    const child = fork(path.join(import.meta.dirname, "historian.ts"), {
      execArgv: ["--import", "tsx"],
      serialization: "advanced",
      env: { ...process.env, CITYWALL_DATA: data },
    });
    const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    child.disconnect();
    const tooLong = new Promise<string>((resolve) => setTimeout(() => resolve("still there"), 15_000).unref());
    const outcome = await Promise.race([ended, tooLong]);
    child.kill("SIGKILL");
    await rm(data, { recursive: true, force: true });
    expect(outcome).toBe(0);
  },
);
