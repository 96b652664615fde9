import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeWhole, writeWholeSync } from "./atomic";
import { giveUpBroken, keepNewestBroken } from "./broken";
import { letGoOf, noteOf, takeFile } from "./lock";
import { acknowledgeAll, giveNotice, noticesIn, type Notice } from "./notices";
import { Space } from "./space";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), "citywall-files-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a file that is written whole", () => {
  it("is there as it was or as it shall be, for its owner alone, and nothing else is left", async () => {
    const file = path.join(folder, "deep/file");
    await writeWhole(file, "one");
    writeWholeSync(file, "two");
    expect([await readFile(file, "utf8"), readdirSync(path.dirname(file)), statSync(file).mode & 0o777]).toEqual([
      "two",
      ["file"],
      0o600,
    ]);
    // Where the file should be stands a folder: it cannot be put there.
    const taken = path.join(folder, "taken");
    await writeWhole(path.join(taken, "inside"), "");
    await expect(writeWhole(taken, "x")).rejects.toThrow();
    expect(() => writeWholeSync(taken, "x")).toThrow();
    expect(readdirSync(folder).sort()).toEqual(["deep", "taken"]);
  });
});

describe("a lock", () => {
  /** Another process that takes the lock, says so and waits to be killed. */
  const HOLDER = `
    const { takeFile } = await import(process.argv[1]);
    process.stdout.write(String(takeFile(process.argv[2], "other")));
    setInterval(() => {}, 1_000);`;

  it("is refused while another process holds it, and free as soon as that is killed", async () => {
    const file = path.join(folder, "x.lock");
    const args = [
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      HOLDER,
      path.join(import.meta.dirname, "lock.ts"),
      file,
    ];
    const other = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = (await once(other.stdout, "data")) as [Buffer];
    expect([said.toString(), takeFile(file, "mine"), noteOf(file)]).toEqual(["true", false, "other"]);
    const ended = once(other, "exit");
    other.kill("SIGKILL");
    await ended;
    expect([takeFile(file, "mine"), noteOf(file)]).toEqual([true, "mine"]);
    // Who has it may take it again; another open of the same file may not.
    expect(takeFile(file, "again")).toBe(true);
    letGoOf(file);
    letGoOf(file);
    expect(takeFile(file, "anew")).toBe(true);
    letGoOf(file);
  });
});

const notice: Notice = {
  what: "store",
  id: "1",
  at: 1,
  file: "f",
  fault: "broken",
  kept: null,
  lost: 2,
  exact: true,
};

describe("notices", () => {
  it("stay until they are acknowledged, each once, and are said in the log", () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    giveNotice(folder, { ...notice, id: "2", at: 2 });
    giveNotice(folder, notice);
    giveNotice(folder, notice);
    expect(noticesIn(folder).map(({ id }) => id)).toEqual(["1", "2"]);
    expect(log.mock.calls).toEqual(Array(2).fill(["citywall: f: broken; 2 acknowledged items are lost"]));
    expect([acknowledgeAll(folder), noticesIn(folder), noticesIn(folder, true).length]).toEqual([2, [], 2]);
    giveNotice(folder, notice);
    expect(noticesIn(folder)).toEqual([]);
    // One that cannot be read hides no other, and is told of itself.
    writeFileSync(path.join(folder, "notices/store-3.json"), "{");
    writeFileSync(path.join(folder, "notices/journal-5.json"), "");
    mkdirSync(path.join(folder, "notices/tokens-6.json"));
    giveNotice(folder, { ...notice, id: "4" });
    expect(noticesIn(folder).map(({ what, id }) => `${what} ${id}`)).toEqual([
      "journal 5",
      "store 3",
      "tokens 6",
      "store 4",
    ]);
    expect(noticesIn(folder)[0]?.fault).toMatch(/cannot be read/);
    expect([acknowledgeAll(folder), noticesIn(folder)]).toEqual([4, []]);
    log.mockRestore();
  });
});

describe("the room on a disk", () => {
  const MB = 1_000_000;
  const limits = { warn: 100 * MB, refuse: 20 * MB, reserve: 3 * MB };

  it("is warned of, then refused with the reserve given back, and taken again once there is more than enough", async () => {
    let free = 200 * MB;
    const space = new Space(folder, limits, () => free);
    const reserve = path.join(folder, "reserve");
    const seen: unknown[] = [];
    for (const megabytes of [200, 99, 21, 19, 22, 24, 26, 200]) {
      free = megabytes * MB;
      space.look();
      await space.settled();
      seen.push([megabytes, space.state, space.refusal !== null, existsSync(reserve)]);
    }
    expect(seen).toEqual([
      [200, "ok", false, true],
      [99, "low", false, true],
      [21, "low", false, true],
      [19, "full", true, false],
      [22, "full", true, false],
      [24, "full", true, false],
      [26, "low", false, true],
      [200, "ok", false, true],
    ]);
    expect(statSync(reserve).blocks * 512).toBeGreaterThanOrEqual(limits.reserve);
  });

  /** Files of 10 MB on a disk that has a certain room for them. */
  function disk(room: number): { space: Space; left: () => string[]; fill: (megabytes: number) => void } {
    let others = 0;
    const isBig = (name: string): boolean => name.includes(".broken-") && !name.endsWith(".wal");
    const left = (): string[] => readdirSync(folder).filter((name) => name.includes(".broken-"));
    const free = (): number => (room - others - left().filter(isBig).length * 10) * MB;
    const space = new Space(folder, limits, free, (isFull) => giveUpBroken(folder, isFull));
    return { space, left, fill: (megabytes) => (others = megabytes) };
  }
  function broken(day: number, seen: boolean): void {
    const kept = path.join(folder, `history.duckdb.broken-2026-11-0${day}`);
    writeFileSync(kept, "");
    writeFileSync(`${kept}.wal`, "");
    utimesSync(kept, day, day);
    utimesSync(`${kept}.wal`, day, day);
    giveNotice(folder, { ...notice, id: String(day), kept });
    if (seen) acknowledgeAll(folder);
  }

  it("is made by giving up broken files: those that a person has seen, and the others only before nothing is taken in", () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    broken(2, true);
    for (const day of [1, 3, 4]) broken(day, false);
    writeFileSync(path.join(folder, "history.duckdb.rescue"), "history.duckdb.broken-2026-11-04");
    const { space, left, fill } = disk(300);
    const days = (): string[] => [...new Set(left().map((name) => /-0(\d)/.exec(name)?.[1] ?? ""))];
    const seen: unknown[] = [];
    for (const megabytes of [0, 165, 175, 245, 255, 265, 275]) {
      fill(megabytes);
      space.look();
      seen.push([megabytes, space.state, days().join("")]);
    }
    expect(seen).toEqual([
      [0, "ok", "1234"],
      [165, "ok", "134"],
      [175, "low", "134"],
      [245, "low", "134"],
      [255, "low", "34"],
      [265, "low", "4"],
      // The last one is being taken over.
      [275, "full", "4"],
    ]);
    expect(log.mock.calls.flat().join("\n")).toMatch(
      /broken-2026-11-02 \(\d+ MB\) was removed: the disk is running full/,
    );
    log.mockRestore();
  });

  it("is not used up by files that broke again and again: the newest two of each are kept", () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    for (const day of [1, 2, 3, 4]) broken(day, false);
    writeFileSync(path.join(folder, "recent.bin.broken-1"), "");
    writeFileSync(path.join(folder, "history.duckdb.rescue"), "history.duckdb.broken-2026-11-01");
    keepNewestBroken(folder);
    const left = readdirSync(folder).filter((name) => name.includes(".broken-"));
    expect(left.filter((name) => !name.endsWith(".wal"))).toEqual([
      "history.duckdb.broken-2026-11-01",
      "history.duckdb.broken-2026-11-03",
      "history.duckdb.broken-2026-11-04",
      "recent.bin.broken-1",
    ]);
    expect(left.filter((name) => name.endsWith(".wal"))).toHaveLength(3);
    log.mockRestore();
  });

  it("is taken for enough where the system does not tell", async () => {
    const space = new Space(folder, limits, () => null);
    expect([space.state, space.refusal, readdirSync(folder)]).toEqual(["ok", null, []]);
    await writeFile(path.join(folder, "x"), "");
  });
});
