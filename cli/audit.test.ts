import os from "node:os";
import path from "node:path";
import Database from "libsql";
import { afterEach, describe, expect, it, vi } from "vitest";
import { main } from "./main";
import { ownData } from "./test-command";

const data = ownData();
afterEach(() => void (process.exitCode = undefined));

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
        new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z  ${who}  token\\.revoke  tokens lianyungang/traffic$`),
      ),
      expect.stringMatching(new RegExp(`${who}  token\\.create  token [\\da-f]{8} lianyungang/traffic$`)),
    ]);
    const [newest] = (await citywall("audit", "list", "--json", "--limit", "1")).out.trim().split("\n");
    expect(JSON.parse(newest ?? "")).toMatchObject({ seq: 2, action: "token.revoke" });
    expect((await citywall("audit", "list", "--action", "token.create")).out.trim().split("\n")).toHaveLength(1);
    expect(listed + newest).not.toContain(made.out.trim());

    expect(await citywall("audit", "verify")).toMatchObject({ status: 0, out: "✓ 2 lines, each as it was written\n" });
    const db = new Database(path.join(data(), "control.db"));
    db.prepare("UPDATE audit SET who = 'somebody else' WHERE seq = 1").run();
    db.close();
    const found = await citywall("audit", "verify");
    expect(found.status).toBe(1);
    expect(found.err).toContain("line 1 is changed; the 0 before it are as they were written");
  });

  it("writes the log as a file, oldest first, and that it did", async () => {
    await citywall("token", "create", ...FEED);
    await citywall("token", "create", ...FEED, "--note", "=1+1");
    const file = async (...args: string[]): Promise<string> => {
      const written: string[] = [];
      const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => Boolean(written.push(String(text))));
      await citywall("audit", "export", ...args);
      out.mockRestore();
      return written.join("");
    };
    const rows = (await file())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { seq: number; action: string });
    expect(rows.map(({ seq, action }) => [seq, action])).toEqual([
      [1, "token.create"],
      [2, "token.create"],
      [3, "audit.export"],
    ]);
    const csv = (await file("--format", "csv", "--action", "audit.export")).split("\r\n");
    expect(csv[0]).toBe("seq,time,who,action,object,address,detail,hash");
    expect(csv.slice(1).map((line) => line.split(",")[0])).toEqual(["3", "4", ""]);
  });

  it("refuses what it is asked wrongly by its name", async () => {
    expect((await citywall("audit", "list", "--since", "yesterday")).err).toContain("--since");
    expect((await citywall("audit", "list", "--action", "nothing")).err).toContain("--action");
  });
});

describe("npx citywall token", () => {
  it("makes, lists, rotates and takes back tokens", async () => {
    const made = await citywall(
      "token",
      "create",
      ...FEED,
      "--expires",
      "90d",
      "--address",
      "10.0.0.0/8",
      "--note",
      "hall",
    );
    expect(made.out).toMatch(/^cw_[\w-]{43}\n$/);
    const listed = (await citywall("token", "list")).out;
    expect(listed).toMatch(
      /^[\da-f]{8} {2}lianyungang\/traffic {2}ends \d{4}-\d\d.*used never.*from 10\.0\.0\.0\/8.*hall\n$/,
    );
    const id = listed.slice(0, 8);
    const next = await citywall("token", "rotate", id, "--grace", "60");
    expect([next.out, next.err]).toEqual([
      expect.stringMatching(/^cw_/),
      expect.stringContaining(`token ${id} ends at`),
    ]);
    const all = (await citywall("token", "list", "--json")).out.trim().split("\n");
    expect(all.map((line) => (JSON.parse(line) as { replacedBy: string | null }).replacedBy !== null).sort()).toEqual([
      false,
      true,
    ]);
    expect((await citywall("token", "rotate", id)).err).toContain("was rotated already");
    expect((await citywall("token", "revoke", id)).out).toBe(`token ${id} revoked\n`);
    expect((await citywall("token", "revoke", ...FEED)).out).toBe("1 token(s) of lianyungang/traffic revoked\n");
    expect(await citywall("token", "list")).toMatchObject({ out: "", status: 0 });
  });

  it("refuses what it is asked wrongly by its name", async () => {
    for (const [args, name] of [
      [["create", "--city", "atlantis", "--feed", "x"], "--city"],
      [["create", "--city", "lianyungang", "--feed", "x"], "--feed"],
      [["create", ...FEED, "--address", "10.0.0.300"], "--address"],
      [["create", ...FEED, "--expires", "soon"], "--expires"],
      [["create", ...FEED, "--expires", "2020-01-01T00:00:00Z"], "expires"],
      [["rotate", "00000000", "--grace", "-1"], "--grace"],
      [["rotate", "00000000"], "id"],
      [["revoke"], "--city"],
      [["revoke", "00000000", ...FEED], "--city"],
    ] as const)
      expect(await citywall("token", ...args)).toMatchObject({
        status: 64,
        err: expect.stringContaining(name) as string,
      });
    expect((await citywall("audit", "list")).out).toBe("");
  });
});
