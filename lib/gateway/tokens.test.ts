import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Tokens } from "./tokens";

/** Looks at the file so far. */
const looks = vi.hoisted(() => ({ count: 0 }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    stat: (file: string) => {
      looks.count++;
      return real.stat(file);
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

  it("is none when nobody made it", async () => {
    await tokens.create("lianyungang", "traffic", CREATED);
    expect(await tokens.of("Bearer cw_made-up")).toBeNull();
    expect(await tokens.of("Basic abc")).toBeNull();
    expect(await tokens.of(undefined)).toBeNull();
  });
});
