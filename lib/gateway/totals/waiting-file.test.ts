import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noticesIn } from "../../files/notices";
import { NotKept } from "../../history/writer/journal";
import { WaitingFile } from "./waiting-file";

let folder = "";
let file = "";
beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-waiting-"));
  file = path.join(folder, "totals.json");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

describe("the file of what waits for the store", () => {
  it("has all that was saved, for its owner alone, before it says that it has", async () => {
    const own = new WaitingFile(file);
    expect(own.read()).toEqual({});
    own.save({ a: [[1, 2]] });
    const first = own.kept();
    own.save({ a: [[1, 3]] });
    await Promise.all([first, own.kept()]);
    expect([new WaitingFile(file).read(), statSync(file).mode & 0o777]).toEqual([{ a: [[1, 3]] }, 0o600]);
    own.save({});
    await own.close();
    expect([new WaitingFile(file).read(), existsSync(`${file}.draft`), noticesIn(folder)]).toEqual([{}, false, []]);
  });

  it("has in the same turn what a killed process was given, and what it had before", () => {
    writeFileSync(file, JSON.stringify({ waiting: { a: [[1, 2]], b: [[5, 6]] } }));
    new WaitingFile(file).save({ a: [[2, 4]] });
    expect(new WaitingFile(file).read()).toEqual({ a: [[1, 4]], b: [[5, 6]] });
    // Half a draft was never acknowledged.
    writeFileSync(`${file}.draft`, '{"waiting":{"a":[[');
    expect(new WaitingFile(file).read()).toEqual({ a: [[1, 2]], b: [[5, 6]] });
  });

  it("says that it cannot be written, and is written once it can be", async () => {
    mkdirSync(`${file}.draft`);
    const own = new WaitingFile(file);
    own.save({ a: [[1, 2]] });
    await expect(own.kept()).rejects.toThrow(NotKept);
    rmdirSync(`${file}.draft`);
    await own.kept();
    expect(new WaitingFile(file).read()).toEqual({ a: [[1, 2]] });
    await own.close();
  });

  it.each([
    ["is empty", () => writeFileSync(file, ""), "is empty"],
    ["is broken", () => writeFileSync(file, '{"waiting":{"a":[[1,'), "holds no stretches of time"],
    ["holds something else", () => writeFileSync(file, '{"waiting":{"a":[[1]]}}'), "holds no stretches of time"],
    ["cannot be read", () => mkdirSync(file), "cannot be read"],
  ])("is named and kept aside where it %s, and goes on", async (_how, harm, fault) => {
    harm();
    const own = new WaitingFile(file);
    expect(own.read()).toBeNull();
    const [notice] = noticesIn(folder);
    expect(notice).toMatchObject({ what: "totals", file, lost: 0 });
    expect(notice?.fault).toContain(`${fault}`);
    expect(existsSync(notice?.kept ?? "")).toBe(true);
    own.save({ a: [[1, 2]] });
    await own.kept();
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ waiting: { a: [[1, 2]] } });
    await own.close();
  });
});
