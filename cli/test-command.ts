import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { main } from "./main";

/** For tests of commands: each has an empty data folder of its own with embedded control data. @returns tells which it is now */
export function ownData(): () => string {
  let data = "";
  beforeEach(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), "citywall-command-"));
    vi.stubEnv("CITYWALL_DATA", data);
    vi.stubEnv("DATABASE_URL", "");
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await rm(data, { recursive: true, force: true });
  });
  return () => data;
}

/** For tests: runs a command as `npx citywall` does, and tells what it wrote and how it ended. */
export async function citywall(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const mocks = [
    vi.spyOn(console, "log").mockImplementation((line: string) => void out.push(`${line}\n`)),
    vi.spyOn(console, "error").mockImplementation((line: string) => void err.push(`${line}\n`)),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(err.push(String(text)))),
    vi.spyOn(process, "exit").mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    }),
  ];
  let status = 0;
  try {
    await main(["node", "citywall", ...args]);
  } catch (error) {
    status = Number(/^exit (\d+)$/.exec((error as Error).message)?.[1] ?? NaN);
  }
  for (const mock of mocks) mock.mockRestore();
  return { status, out: out.join(""), err: err.join("") };
}
