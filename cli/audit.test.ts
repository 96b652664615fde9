import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "..");
let data: string;

beforeEach(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-audit-"));
});
afterEach(() => rm(data, { recursive: true, force: true }));

function citywall(...args: string[]): { status: number | null; out: string; err: string } {
  const env: NodeJS.ProcessEnv = { ...process.env, CITYWALL_DATA: data };
  delete env.DATABASE_URL;
  const done = spawnSync(process.execPath, ["bin/citywall.mjs", ...args], { cwd: ROOT, env, encoding: "utf8" });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

const FEED = ["--city", "lianyungang", "--feed", "traffic"];

describe("npx citywall audit", () => {
  it("lists who made and took back a token, never the token itself, and finds a line that was changed", () => {
    const made = citywall("token", "create", ...FEED);
    expect(made.err).toBe("");
    expect(citywall("token", "revoke", ...FEED).status).toBe(0);

    const listed = citywall("audit", "list").out;
    const who = `command ${os.userInfo().username}`;
    expect(listed.trim().split("\n")).toEqual([
      expect.stringMatching(
        new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z  ${who}  token\\.revoke  token lianyungang/traffic$`),
      ),
      expect.stringContaining(`${who}  token.create  token lianyungang/traffic`),
    ]);
    const [newest] = citywall("audit", "list", "--json", "--limit", "1").out.trim().split("\n");
    expect(JSON.parse(newest ?? "")).toMatchObject({ seq: 2, action: "token.revoke" });
    expect(citywall("audit", "list", "--action", "token.create").out.trim().split("\n")).toHaveLength(1);
    expect(listed + newest).not.toContain(made.out.trim());

    expect(citywall("audit", "verify")).toMatchObject({ status: 0, out: "✓ 2 lines, each as it was written\n" });
    const db = new Database(path.join(data, "control.db"));
    db.prepare("UPDATE audit SET who = 'somebody else' WHERE seq = 1").run();
    db.close();
    const found = citywall("audit", "verify");
    expect(found.status).toBe(1);
    expect(found.err).toContain("line 1 is changed; the 0 before it are as they were written");
  });

  it("refuses what it is asked wrongly by its name", () => {
    expect(citywall("audit", "list", "--since", "yesterday").err).toContain("--since");
    expect(citywall("audit", "list", "--action", "nothing").err).toContain("--action");
  });
});
