import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "./main";

let data: string;

beforeEach(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-audit-"));
  vi.stubEnv("CITYWALL_DATA", data);
  vi.stubEnv("DATABASE_URL", "");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await rm(data, { recursive: true, force: true });
});

/** Runs the command as `npx citywall` does, and tells what it wrote and how it ended. */
async function citywall(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  vi.spyOn(console, "log").mockImplementation((line: string) => void out.push(`${line}\n`));
  vi.spyOn(console, "error").mockImplementation((line: string) => void err.push(`${line}\n`));
  const written = vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(err.push(String(text))));
  const exits = vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  process.exitCode = undefined;
  let status = 0;
  try {
    await main(["node", "citywall", ...args]);
    status = Number(process.exitCode ?? 0);
  } catch (error) {
    status = Number(/^exit (\d+)$/.exec((error as Error).message)?.[1] ?? NaN);
  }
  process.exitCode = undefined;
  written.mockRestore();
  exits.mockRestore();
  return { status, out: out.join(""), err: err.join("") };
}

const FEED = ["--city", "lianyungang", "--feed", "traffic"];

describe("npx citywall audit", () => {
  it("lists who made and took back a token, never the token itself, and finds a line that was changed", async () => {
    const made = await citywall("token", "create", ...FEED);
    expect(made.err).toBe("");
    expect((await citywall("token", "revoke", ...FEED)).status).toBe(0);

    const listed = (await citywall("audit", "list")).out;
    const who = `command ${os.userInfo().username}`;
    expect(listed.trim().split("\n")).toEqual([
      expect.stringMatching(
        new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z  ${who}  token\\.revoke  token lianyungang/traffic$`),
      ),
      expect.stringContaining(`${who}  token.create  token lianyungang/traffic`),
    ]);
    const [newest] = (await citywall("audit", "list", "--json", "--limit", "1")).out.trim().split("\n");
    expect(JSON.parse(newest ?? "")).toMatchObject({ seq: 2, action: "token.revoke" });
    expect((await citywall("audit", "list", "--action", "token.create")).out.trim().split("\n")).toHaveLength(1);
    expect(listed + newest).not.toContain(made.out.trim());

    expect(await citywall("audit", "verify")).toMatchObject({ status: 0, out: "✓ 2 lines, each as it was written\n" });
    const db = new Database(path.join(data, "control.db"));
    db.prepare("UPDATE audit SET who = 'somebody else' WHERE seq = 1").run();
    db.close();
    const found = await citywall("audit", "verify");
    expect(found.status).toBe(1);
    expect(found.err).toContain("line 1 is changed; the 0 before it are as they were written");
  });

  it("refuses what it is asked wrongly by its name", async () => {
    expect((await citywall("audit", "list", "--since", "yesterday")).err).toContain("--since");
    expect((await citywall("audit", "list", "--action", "nothing")).err).toContain("--action");
  });
});
