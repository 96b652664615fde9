import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noticesIn } from "../files/notices";
import { Hub } from "./hub";
import { RecentFile } from "./recent-file";

const T0 = Date.parse("2026-11-22T08:00:00Z");
const END = { segment: 3, offset: 77 };
let folder = "";
beforeEach(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), "citywall-recent-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

function hubWith(value: number): Hub {
  const hub = new Hub(T0);
  hub.takeReading({ city: "x", district: "all", metric: "m", at: T0, value, quality: "good" });
  return hub;
}

/** The value that a file holds; null without a file that can be read. */
async function valueIn(where = folder): Promise<number | null> {
  const hub = new Hub(T0 + 1);
  await new RecentFile(where).restore(hub);
  const state = hub.state("reading/x/all/m");
  return state?.kind === "reading" ? (state.last?.value ?? null) : null;
}

/** A journal whose flush is settled by the test. */
function journal() {
  let settle: { resolve: () => void; reject: (error: Error) => void } | null = null;
  return {
    end: END,
    flushed: () => new Promise<void>((resolve, reject) => (settle = { resolve, reject })),
    keep: () => settle?.resolve(),
    fail: () => settle?.reject(new Error("disk full")),
  };
}

describe("recent file", () => {
  it("gives back what was saved, and from where on the journal has more", async () => {
    const recent = new RecentFile(folder);
    const kept = journal();
    const saved = recent.save(hubWith(5), kept, T0 + 9);
    kept.keep();
    await saved;
    expect(recent.checkpoint).toEqual(END);

    const again = new RecentFile(folder);
    expect(await again.restore(new Hub(T0 + 1))).toBe(1);
    expect([again.checkpoint, again.recorded]).toEqual([END, T0 + 9]);
    expect(await valueIn()).toBe(5);
  });

  it("is begun anew where there is none, or none that can be read", async () => {
    expect(await new RecentFile(folder).restore(new Hub(T0))).toBe(0);
    for (const content of [
      Buffer.alloc(0),
      Buffer.from("half a fi"),
      serialize({ version: 3, dump: { readings: [], events: [] } }),
    ]) {
      await writeFile(path.join(folder, "recent.bin"), content);
      const recent = new RecentFile(folder);
      expect(await recent.restore(new Hub(T0))).toBe(0);
      expect([recent.checkpoint, recent.recorded]).toEqual([{ segment: 0, offset: 0 }, 0]);
    }
    // What cannot be read even by root.
    await mkdir(path.join(folder, "recent.bin"));
    expect(await new RecentFile(folder).restore(new Hub(T0))).toBe(0);
    expect(noticesIn(folder)).toHaveLength(4);
  });

  it("that a bit was turned in is kept aside and named, and the one before it stands in for it", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const recent = new RecentFile(folder);
    const save = async (value: number, segment: number): Promise<void> => {
      await recent.save(hubWith(value), { end: { segment, offset: 0 }, flushed: () => Promise.resolve() }, T0);
    };
    await save(1, 1);
    await save(2, 2);
    // From here on the journal has to be kept.
    expect(recent.needed).toEqual({ segment: 1, offset: 0 });
    const file = path.join(folder, "recent.bin");
    const [bytes, before] = [await readFile(file), await readFile(path.join(folder, "recent.previous.bin"))];
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (place, bit) => {
        const harmed = Buffer.from(bytes);
        harmed[place] = (harmed[place] ?? 0) ^ (1 << bit);
        await writeFile(file, harmed);
        await writeFile(path.join(folder, "recent.previous.bin"), before);
        const again = new RecentFile(folder);
        const hub = new Hub(T0 + 1);
        expect(await again.restore(hub)).toBe(1);
        const state = hub.state("reading/x/all/m");
        // A turned bit of the seal makes it a file of an earlier version, which had none.
        const value = place >= bytes.length - 8 && place < bytes.length - 4 ? 2 : 1;
        expect(state?.kind === "reading" && state.last?.value).toBe(value);
        expect(again.checkpoint.segment).toBe(value);
      }),
      { numRuns: 60 },
    );
    expect(noticesIn(folder)[0]).toMatchObject({ what: "recent", file });
    log.mockRestore();
  });

  it("reads a checkpoint by its earlier name", async () => {
    const recent = new RecentFile(folder);
    await recent.save(hubWith(1), null, T0);
    const { checkpoint: _none, ...rest } = deserialize(await readFile(path.join(folder, "recent.bin"))) as object & {
      checkpoint: unknown;
    };
    await writeFile(path.join(folder, "recent.bin"), serialize({ ...rest, place: END }));
    const again = new RecentFile(folder);
    await again.restore(new Hub(T0));
    expect(again.checkpoint).toEqual(END);
  });

  it("holds nothing that the journal has not kept yet, and what it held before when the journal cannot", async () => {
    const recent = new RecentFile(folder);
    await recent.save(hubWith(1));
    const kept = journal();
    const saving = recent.save(hubWith(2), kept);
    expect(await valueIn()).toBe(1);
    kept.fail();
    await expect(saving).rejects.toThrow("disk full");
    expect([await valueIn(), recent.checkpoint]).toEqual([1, { segment: 0, offset: 0 }]);
    expect(await readdir(folder)).toEqual(["recent.bin"]);
  });

  it("can be saved again after a save that failed", async () => {
    const recent = new RecentFile(folder);
    const kept = journal();
    const failing = recent.save(hubWith(1), kept);
    kept.fail();
    await expect(failing).rejects.toThrow("disk full");
    await recent.save(hubWith(2));
    expect(await valueIn()).toBe(2);
  });

  it("joins a save that is under way", async () => {
    const recent = new RecentFile(folder);
    const kept = journal();
    const first = recent.save(hubWith(1), kept);
    expect(recent.save(hubWith(2))).toBe(first);
    kept.keep();
    await first;
    expect(await valueIn()).toBe(1);
  });

  it("is settled once no save is under way, whether it succeeded or not", async () => {
    const recent = new RecentFile(folder);
    await recent.settled();
    const kept = journal();
    const failing = recent.save(hubWith(1), kept);
    let settled = false;
    const waiting = recent.settled().then(() => (settled = true));
    await readdir(folder);
    expect(settled).toBe(false);
    kept.fail();
    await expect(failing).rejects.toThrow();
    await waiting;
  });

  it("makes its folder, and replaces the file as a whole", async () => {
    const deep = path.join(folder, "a/b");
    const recent = new RecentFile(deep);
    await recent.save(hubWith(1));
    await recent.save(hubWith(2));
    expect([await readdir(deep), await valueIn(deep)]).toEqual([["recent.bin", "recent.previous.bin"], 2]);
  });
});
