import { cpSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noticesIn } from "../../files/notices";
import { parseHistoryConfig } from "../config";
import { journalFolder, JournalWriter, LIVE } from "../writer/journal";
import { freshSchema } from "./fresh-engine";
import { Historian } from "./historian";
import { HistoryService, openEngine, type HistoryState } from "./service";

const NOW = Date.parse("2026-11-24T04:00:00Z");
const TOPIC = "reading/lianyungang/all/cases-today";
const LAYER = "positions/lianyungang/patrols";
const { CITYWALL_TEST_POSTGRES: server } = process.env;
const KINDS = ["duckdb", ...(server ? ["postgres"] : [])];

describe.each(KINDS)(
  "a journal that was restored from an older copy, with the store on %s",
  { timeout: 60_000 },
  (kind) => {
    let root = "";
    let data = "";
    let databaseUrl: string | undefined;
    let drop = (): Promise<void> => Promise.resolve();
    let journal: JournalWriter;
    let store: HistoryService | null = null;
    const told: HistoryState[] = [];
    /** what was ever acknowledged */
    const given: number[] = [];
    beforeEach(async () => {
      vi.spyOn(console, "error").mockImplementation(() => {});
      root = await mkdtemp(path.join(os.tmpdir(), "citywall-restored-"));
      data = path.join(root, "data");
      given.length = told.length = 0;
      if (kind === "postgres") ({ url: databaseUrl, drop } = await freshSchema(server ?? ""));
      journal = new JournalWriter(journalFolder(data), 1e9);
    });
    afterEach(async () => {
      vi.restoreAllMocks();
      await store?.close();
      store = null;
      await journal.close();
      await drop();
      drop = () => Promise.resolve();
      databaseUrl = undefined;
      await rm(root, { recursive: true, force: true });
    });

    /** The gateway starts anew: what it writes goes into a segment of its own. */
    async function restarted(): Promise<void> {
      await journal.close();
      journal = new JournalWriter(journalFolder(data), 1e9);
    }
    async function give(...values: number[]): Promise<void> {
      for (const value of values) {
        given.push(value);
        journal.reading(TOPIC, NOW - 60_000 + value, NOW - 30_000 + value, value, "good");
        journal.position({
          topic: LAYER,
          id: "p1",
          label: "p",
          at: NOW - value * 10_000,
          lon: 119,
          lat: 34,
          heading: 0,
          speed: 0,
        });
        journal.screen("lianyungang", "overview", `layout ${value}`, NOW - 30_000 + value);
        await journal.flushed();
      }
    }
    function opened(): HistoryService {
      const onState = (state: HistoryState): void => void told.push(state);
      store = new HistoryService({ data, databaseUrl, config: parseHistoryConfig({}), now: () => NOW, onState });
      store.start();
      return store;
    }
    async function takenIn(): Promise<void> {
      const open = store ?? opened();
      await vi.waitFor(async () => expect(await open.reach(journal.end)).toBe(true), { timeout: 20_000 });
    }
    async function closed(takeIn = true): Promise<void> {
      await store?.close(takeIn);
      store = null;
    }
    const copy = (): string => path.join(root, "copy");
    const backUp = (): void => cpSync(path.join(data, "journal"), copy(), { recursive: true });
    /** The journal as it was copied; only the store, which is elsewhere, knows of what came since. */
    async function restore(): Promise<void> {
      await closed();
      await journal.close();
      rmSync(path.join(data, "journal"), { recursive: true });
      renameSync(copy(), path.join(data, "journal"));
      journal = new JournalWriter(journalFolder(data), 1e9);
    }
    /** Everything that was given is stored, and nothing twice. */
    async function expectAll(): Promise<void> {
      const historian = (store as unknown as { open(): { engine: { query(sql: string): Promise<object[]> } } }).open();
      const rows = await historian.engine.query("SELECT value FROM readings ORDER BY value");
      expect(rows.map((row) => (row as { value: number }).value)).toEqual([...given].sort((a, b) => a - b));
      for (const table of ["positions", "screen_versions"])
        expect(await historian.engine.query(`SELECT count(*) AS n FROM ${table}`), table).toEqual([
          { n: given.length },
        ]);
    }
    const segmentNow = (): number => journal.end.segment;

    it("loses nothing of what comes, although the store had come further than its numbers", async () => {
      await give(1, 2);
      await takenIn();
      backUp();
      for (let value = 3; value < 7; value++) {
        await restarted();
        await give(value);
        await takenIn();
      }
      const further = segmentNow();
      await restore();
      expect(segmentNow()).toBeLessThan(further);
      await give(7, 8);
      told.length = 0;
      await takenIn();
      await expectAll();
      // What nobody has taken in is not let go of by the gateway, which goes by what it is told.
      expect(told.filter(({ checkpoint }) => checkpoint.segment > segmentNow())).toEqual([]);
      expect(noticesIn(data)).toMatchObject([
        {
          what: "restored",
          fault: expect.stringMatching(/older than the store.*ends with segment \d+.*restored/) as string,
        },
      ]);
      // Once and for all.
      for (let value = 9; value < 14; value++) {
        await give(value);
        await closed();
        await restarted();
        await takenIn();
      }
      await expectAll();
      expect(noticesIn(data)).toHaveLength(1);
    });

    it("is known for what it is also once its numbers have caught up", async () => {
      await give(1);
      await takenIn();
      backUp();
      await restarted();
      await give(2, 3);
      await takenIn();
      const further = segmentNow();
      await restore();
      await give(4, 5, 6, 7);
      expect(segmentNow()).toBe(further);
      await takenIn();
      await expectAll();
      expect(noticesIn(data)).toMatchObject([{ what: "restored" }]);
    });

    it("may be none at all any more", async () => {
      for (const value of [1, 2, 3]) {
        await restarted();
        await give(value);
        await takenIn();
      }
      mkdirSync(copy());
      await restore();
      expect(segmentNow()).toBe(1);
      await give(4);
      await takenIn();
      await expectAll();
    });

    it("is read on where a kill stopped that, without taking in anything twice", async () => {
      for (const value of [1, 2]) {
        await give(value);
        await restarted();
      }
      await takenIn();
      backUp();
      for (const value of [3, 4, 5]) {
        await restarted();
        await give(value);
        await takenIn();
      }
      await restore();
      await give(6);
      await restarted();
      await give(7);
      // Each segment is a step of its own: the process is killed after each of them.
      const folder = journalFolder(data);
      for (let more = true; more;) {
        const engine = await openEngine({ data, databaseUrl });
        const historian = new Historian(engine, parseHistoryConfig({}), data);
        await historian.open(NOW);
        await historian.verify(LIVE, folder, NOW);
        more = await historian.follow(LIVE, folder, NOW);
        await engine.close();
      }
      await takenIn();
      await expectAll();
    });

    it("is not suspected where the gateway and the store start as ever", async () => {
      for (let value = 1; value < 6; value++) {
        await give(value);
        if (value % 2 === 0) await takenIn();
        await closed();
        await restarted();
      }
      await takenIn();
      await expectAll();
      expect(noticesIn(data)).toEqual([]);
    });
  },
);
