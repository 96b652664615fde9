import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeWhole, writeWholeSync } from "./atomic";
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

describe("notices", () => {
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

  it("is taken for enough where the system does not tell", async () => {
    const space = new Space(folder, limits, () => null);
    expect([space.state, space.refusal, readdirSync(folder)]).toEqual(["ok", null, []]);
    await writeFile(path.join(folder, "x"), "");
  });
});
