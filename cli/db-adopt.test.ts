import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freshSchema } from "../lib/history/store/fresh-engine";
import { installationOf } from "../lib/history/store/installation";
import { openPostgres } from "../lib/history/store/postgres";

const ROOT = path.resolve(import.meta.dirname, "..");
const { CITYWALL_TEST_POSTGRES: server } = process.env;

describe.runIf(server)("npx citywall db adopt", { timeout: 90_000 }, () => {
  let root = "";
  let url = "";
  let drop = (): Promise<void> => Promise.resolve();
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), "citywall-adopt-"));
    for (const name of ["first", "second"]) await mkdir(folder(name));
    ({ url, drop } = await freshSchema(server ?? ""));
  });
  afterEach(async () => {
    await drop();
    await rm(root, { recursive: true, force: true });
  });

  const folder = (name: string): string => path.join(root, name);

  /** Runs the command as a person does. @returns its exit code and what it said */
  async function adopt(name: string): Promise<{ code: number | null; said: string }> {
    const env = { ...process.env, CITYWALL_DATA: folder(name), DATABASE_URL: url };
    const child = spawn(process.execPath, ["bin/citywall.mjs", "db", "adopt"], { cwd: ROOT, env });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, said };
  }

  async function ownerIn(): Promise<string | undefined> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ folder: string }>("SELECT folder FROM installation");
    await client.end();
    return rows[0]?.folder;
  }

  it("makes the database of another data folder this one's, and leaves one alone whose store is at work", async () => {
    const first = await openPostgres(url, installationOf(folder("first"), { anew: true }));
    const refused = await adopt("second");
    expect(refused.code).toBe(1);
    expect(refused.said).toMatch(/^PostgreSQL database \S+ on \S+ is held by another Citywall \(.*\/first\)[^\n]*\n$/);
    expect(await ownerIn()).toMatch(/\/first$/);
    await first.close();
    await expect(openPostgres(url, installationOf(folder("second"), { anew: true }))).rejects.toThrow(
      "npx citywall db adopt",
    );
    const done = await adopt("second");
    expect(done).toEqual({ code: 0, said: `the database is that of ${folder("second")} now\n` });
    expect(await ownerIn()).toMatch(/\/second$/);
    await (await openPostgres(url, installationOf(folder("second")))).close();
    await expect(openPostgres(url, installationOf(folder("first")))).rejects.toThrow(
      /holds the past of another Citywall \(.*\/second\)/,
    );
  });
});
