import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noticesIn } from "../../files/notices";
import { parseHistoryConfig } from "../config";
import { asideCount, asideItems, replayAside } from "../writer/aside";
import { journalFolder, JournalWriter, LIVE, segmentFile } from "../writer/journal";
import type { Engine, Session } from "./engine";
import { ENGINES } from "./fresh-engine";
import { Historian } from "./historian";
import { Unkeepable } from "./sifting";

const NOW = Date.parse("2026-11-24T04:00:00Z");
const TOPIC = "reading/lianyungang/all/cases-today";

/** An engine whose sessions run `before` on each append and statement. */
function watched(engine: Engine, before: (what: string, values: ArrayLike<unknown>) => void): Engine {
  const session = (inner: Session): Session => ({
    ...inner,
    append: async (table, count, columns) => {
      before(table, columns.find(({ name }) => name === "value")?.values ?? []);
      await inner.append(table, count, columns);
    },
    run: async (sql, params) => {
      before(sql, params ?? []);
      return inner.run(sql, params);
    },
  });
  return { ...engine, transaction: (task) => engine.transaction((inner) => task(session(inner))) };
}

describe.each(ENGINES)("what the store refuses, on %s", (kind, fresh) => {
  let data = "";
  let engine: Engine;
  let drop: () => Promise<void>;
  let journal: JournalWriter;
  beforeEach(async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    data = await mkdtemp(path.join(os.tmpdir(), "citywall-refused-"));
    ({ engine, drop } = await fresh());
    journal = new JournalWriter(journalFolder(data), 1e9);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await journal.close();
    await engine.close();
    await drop();
    await rm(data, { recursive: true, force: true });
  });

  async function opened(over: Engine = engine): Promise<Historian> {
    const historian = new Historian(over, parseHistoryConfig({}), data);
    await historian.open(NOW);
    return historian;
  }
  async function follow(historian: Historian, name = LIVE): Promise<void> {
    while (await historian.follow(name, journalFolder(data, name), NOW));
  }
  /** Gives values in records of so many; those that `topicOf` names otherwise are no topic. */
  async function give(values: number[], size = 3, isBad: (value: number) => boolean = () => false): Promise<void> {
    for (let i = 0; i < values.length; i += size) {
      for (const value of values.slice(i, i + size))
        journal.reading(isBad(value) ? "nonsense" : TOPIC, NOW - 60_000 + value, NOW, value, "good");
      await journal.flushed();
    }
  }
  const stored = async (): Promise<unknown[]> =>
    (await engine.rows("SELECT value FROM readings ORDER BY observed")).map(({ value }) => value);

  it(
    "is set aside item by item with the reason, and all the rest goes on, each once",
    { timeout: 60_000 },
    async () => {
      const historian = await opened();
      let base = 0;
      const list = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });
      await fc.assert(
        fc.asyncProperty(list, fc.integer({ min: 1, max: 7 }), async (bad, size) => {
          const before = asideCount(data);
          const values = bad.map((_, i) => base + i);
          const isBad = (value: number): boolean => bad[value - (values[0] ?? 0)] === true;
          base += bad.length;
          const had = (await stored()).length;
          await give(values, size, isBad);
          await follow(historian);
          expect((await stored()).slice(had)).toEqual(values.filter((value) => !isBad(value)));
          expect(asideCount(data) - before).toBe(bad.filter(Boolean).length);
        }),
        { numRuns: 12 },
      );
      for (const { kind: what, reason } of asideItems(data))
        expect([what, reason]).toEqual(["reading", "nonsense is not a topic of readings"]);
      expect(historian.checkpoint(LIVE)).toEqual(journal.end);
    },
  );

  it("is also what would make sums infinite, a time that is none and, on PostgreSQL, U+0000 in a name", async () => {
    journal.reading(TOPIC, NOW, NOW, 1.7e308, "good");
    journal.reading(TOPIC, NaN, NOW, 2, "good");
    journal.reading(TOPIC, NOW, NOW, 3, "good");
    const place = { topic: "positions/x/bus", at: NOW, lon: 1, lat: 1, heading: 0, speed: 0 };
    journal.position({ ...place, id: "bus-1", label: "a\0b" });
    journal.position({ ...place, id: "bus-2", label: "sound" });
    await journal.flushed();
    await follow(await opened());
    expect(await stored()).toEqual([3]);
    const labels = (await engine.rows("SELECT label FROM things ORDER BY id")).map(({ label }) => label);
    expect(labels).toEqual(kind === "postgres" ? ["sound"] : ["a\0b", "sound"]);
    expect(asideItems(data).map((item) => item.kind)).toEqual(
      kind === "postgres" ? ["reading", "reading", "position"] : ["reading", "reading"],
    );
  });

  it("comes in once it is given again and can be kept, and is set aside anew as long as it cannot", async () => {
    let strict = true;
    const picky = watched(engine, (table, values) => {
      if (strict && table === "readings" && Array.prototype.includes.call(values, 13)) throw new Unkeepable("unlucky");
    });
    const historian = await opened(picky);
    await give([12, 13, 14]);
    await follow(historian);
    expect([await stored(), asideItems(data)]).toMatchObject([[12, 14], [{ reason: "unlucky", item: { value: 13 } }]]);
    const again = async (now: number): Promise<void> => {
      expect(replayAside(data, now)).toEqual({ given: 1, unread: [] });
      expect(asideCount(data)).toBe(0);
      await follow(historian, `again-${now}`);
    };
    await again(1);
    expect([await stored(), asideCount(data)]).toEqual([[12, 14], 1]);
    strict = false;
    await again(2);
    expect([await stored(), asideCount(data), replayAside(data, 3).given]).toEqual([[12, 13, 14], 0, 0]);
  });

  it("is nothing while a disk is full or a server away: it is tried again, and nothing is set aside", async () => {
    let fault: Error | null = Object.assign(new Error("IO Error: No space left on device"), { code: "53100" });
    const failing = watched(engine, (table) => {
      if (fault && table === "readings") throw fault;
    });
    const historian = await opened(failing);
    await give([1, 2, 3]);
    for (const error of [fault, Object.assign(new Error("terminating connection"), { code: "57P01" })]) {
      fault = error;
      await expect(follow(historian)).rejects.toBe(error);
    }
    expect([await stored(), asideCount(data)]).toEqual([[], 0]);
    fault = null;
    await follow(historian);
    expect([await stored(), asideCount(data)]).toEqual([[1, 2, 3], 0]);
  });

  it("is set aside once, although the store was killed just before it noted how far it had come", async () => {
    let killed = true;
    const dying = watched(engine, (sql) => {
      if (killed && /^(INSERT INTO|UPDATE) journal_place/.test(sql) && asideCount(data) > 0) throw new Error("killed");
    });
    const historian = await opened(dying);
    await give([1, 2, 3], 3, (value) => value === 2);
    await expect(follow(historian)).rejects.toThrow("killed");
    await give([4, 5, 6], 3, (value) => value === 5);
    killed = false;
    await follow(await opened());
    expect([await stored(), asideCount(data), asideItems(data).length]).toEqual([[1, 3, 4, 6], 2, 2]);
  });

  it("says which files of the journal are not there, and goes on behind them", async () => {
    await give([1]);
    await follow(await opened());
    const { segment } = journal.end;
    await journal.close();
    journal = new JournalWriter(journalFolder(data), 1e9, segment + 3);
    await give([2]);
    await rm(segmentFile(journalFolder(data), segment));
    await follow(await opened());
    expect(await stored()).toEqual([1, 2]);
    const fault = `segments ${segment + 1} to ${segment + 3} are not there; what was in them is not in the store`;
    expect(noticesIn(data)).toMatchObject([{ what: "journal", fault }]);
  });

  it("leaves what damaged bytes hide behind, says how much that was, and goes on", async () => {
    await give([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const file = segmentFile(journalFolder(data), journal.end.segment);
    const bytes = await readFile(file);
    // A bit of the second of three records.
    const place = Math.floor(bytes.length / 2);
    bytes[place] = (bytes[place] ?? 0) ^ 4;
    await writeFile(file, bytes);
    const historian = await opened();
    await follow(historian);
    expect(await stored()).toEqual([1, 2, 3, 7, 8, 9]);
    const [notice, ...more] = noticesIn(data);
    expect([notice, more]).toMatchObject([{ what: "journal", file, lost: 3, exact: true }, []]);
    expect(existsSync(notice?.kept ?? "")).toBe(true);
    expect(await readdir(path.join(data, "aside"))).toHaveLength(1);
    await follow(await opened());
    expect([await stored(), noticesIn(data).length]).toEqual([[1, 2, 3, 7, 8, 9], 1]);
  });
});
