import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noticesIn } from "../files/notices";
import { Tokens } from "./tokens";

/** Looks at the file so far. */
const looks = vi.hoisted(() => ({ count: 0 }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    stat: (file: string, options: { bigint: true }) => {
      looks.count++;
      return real.stat(file, options);
    },
  };
});

const CREATED = "2026-11-24T00:00:00Z";
let data = "";
let tokens: Tokens;

beforeEach(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-tokens-"));
  vi.useFakeTimers({ toFake: ["performance"] });
  tokens = new Tokens(data);
  await tokens.refresh();
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(data, { recursive: true, force: true });
});

describe("a publisher's token", () => {
  it("is known at once when another process makes it, to all who ask at the same time", async () => {
    const secret = await new Tokens(data).create("lianyungang", "traffic", CREATED);
    const found = await Promise.all(Array.from({ length: 5 }, () => tokens.of(`Bearer ${secret}`)));
    expect(found.map((token) => token?.feed)).toEqual(Array(5).fill("traffic"));
  });

  it("is refused within a second after another process took it back", async () => {
    const other = new Tokens(data);
    const secret = await other.create("lianyungang", "traffic", CREATED);
    expect(await tokens.of(`Bearer ${secret}`)).not.toBeNull();
    await other.revoke("lianyungang", "traffic");
    vi.advanceTimersByTime(1_000);
    expect(await tokens.of(`Bearer ${secret}`)).toBeNull();
  });

  it("costs one look at the file a second, however often it is shown", async () => {
    const secret = await new Tokens(data).create("lianyungang", "traffic", CREATED);
    await tokens.of(`Bearer ${secret}`);
    looks.count = 0;
    for (let i = 0; i <= 1_000; i++) {
      expect(await tokens.of(`bearer  ${secret}`)).not.toBeNull();
      vi.advanceTimersByTime(10);
    }
    expect(looks.count).toBe(10);
  });

  it("stays in force while the file is empty or broken, also over a restart, and the fault is named", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const secret = await tokens.create("lianyungang", "traffic", CREATED);
    const file = path.join(data, "tokens.json");
    for (const broken of ["", "{", '{"tokens":[{"id":1}]}', "[]", null]) {
      // What cannot be read even by root.
      if (broken === null) await rm(file).then(() => mkdir(file));
      else await writeFile(file, broken);
      vi.advanceTimersByTime(1_000);
      for (const one of [tokens, new Tokens(data)]) {
        expect((await one.of(`Bearer ${secret}`))?.feed).toBe("traffic");
        expect([await one.of("Bearer cw_made-up"), one.fault]).toEqual([null, expect.any(String)]);
      }
    }
    expect(new Set(noticesIn(data).map(({ what, file: named }) => `${what} ${named}`))).toEqual(
      new Set([`tokens ${file}`]),
    );
    expect(log.mock.calls.flat().join()).toContain(file);
    // A change begins from what is in force, and what stood in the file is not thrown away.
    const other = await new Tokens(data).create("lianyungang", "rating", CREATED);
    for (const one of [secret, other]) expect(await tokens.of(`Bearer ${one}`)).not.toBeNull();
    expect([tokens.fault, (await readdir(data)).filter((name) => name.includes("broken")).length]).toEqual([null, 1]);
    log.mockRestore();
  });

  it("is kept when many are made at the same time, in one process and in six", { timeout: 60_000 }, async () => {
    const here = await Promise.all(
      ["a", "b", "c", "d"].map((feed) => new Tokens(data).create("lianyungang", feed, CREATED)),
    );
    const make = `
      const { Tokens } = await import(process.argv[1]);
      process.stdout.write(await new Tokens(process.argv[2]).create("lianyungang", process.argv[3], "${CREATED}"));`;
    const module = path.join(import.meta.dirname, "tokens.ts");
    const elsewhere = await Promise.all(
      Array.from({ length: 6 }, async (_, i) => {
        const args = ["--import", "tsx", "--input-type=module", "-e", make, module, data, `feed-${i}`];
        return (await promisify(execFile)(process.execPath, args)).stdout;
      }),
    );
    vi.advanceTimersByTime(1_000);
    for (const secret of [...here, ...elsewhere]) expect(await tokens.of(`Bearer ${secret}`)).not.toBeNull();
    expect((await readdir(data)).sort()).toEqual(["tokens.good.json", "tokens.json", "tokens.lock"]);
  });

  it("of one feed is taken back and the others stay", async () => {
    const [a, b] = [await tokens.create("x", "a", CREATED), await tokens.create("x", "b", CREATED)];
    expect(await new Tokens(data).revoke("x", "a")).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect([await tokens.of(`Bearer ${a}`), (await tokens.of(`Bearer ${b}`))?.feed]).toEqual([null, "b"]);
  });

  it("is none when nobody made it", async () => {
    await tokens.create("lianyungang", "traffic", CREATED);
    expect(await tokens.of("Bearer cw_made-up")).toBeNull();
    expect(await tokens.of("Basic abc")).toBeNull();
    expect(await tokens.of(undefined)).toBeNull();
  });
});
