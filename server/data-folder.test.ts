import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeToOthers } from "./data-folder";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-data-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (...names: string[]): Promise<string> =>
  ((await stat(path.join(folder, ...names))).mode & 0o777).toString(8);

describe("the folder of what is kept", () => {
  it("is not made before anything is written: a start that fails leaves nothing behind", async () => {
    await closeToOthers(path.join(folder, "a/data"));
    await expect(stat(path.join(folder, "a"))).rejects.toThrow("ENOENT");
  });

  it("takes from others what was open to them, however deep, and leaves what was closed already", async () => {
    await mkdir(path.join(folder, "journal"));
    for (const name of ["recent.bin", "journal/1", "closed"]) await writeFile(path.join(folder, name), "");
    for (const name of [".", "journal"]) await chmod(path.join(folder, name), 0o755);
    for (const name of ["recent.bin", "journal/1"]) await chmod(path.join(folder, name), 0o644);
    await chmod(path.join(folder, "closed"), 0o400);
    await closeToOthers(folder);
    expect(
      await Promise.all([".", "journal", "recent.bin", "journal/1", "closed"].map((name) => modeOf(name))),
    ).toEqual(["700", "700", "600", "600", "400"]);
  });
});
