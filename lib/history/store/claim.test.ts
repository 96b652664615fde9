import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noticesIn } from "../../files/notices";
import { parseHistoryConfig } from "../config";
import { journalFolder, JournalWriter } from "../writer/journal";
import { freshSchema } from "./fresh-engine";
import { installationFile, installationOf } from "./installation";
import { openPostgres } from "./postgres";
import { HistoryService } from "./service";

const NOW = Date.parse("2026-11-24T04:00:00Z");
const TOPIC = "reading/lianyungang/all/cases-today";
const { CITYWALL_TEST_POSTGRES: server } = process.env;

/** A data folder with its journal, and its store while there is one. */
interface Site {
  data: string;
  journal: JournalWriter;
  store: HistoryService;
}

describe.runIf(server)("a PostgreSQL database", { timeout: 60_000 }, () => {
  let root = "";
  let url = "";
  let drop = (): Promise<void> => Promise.resolve();
  let admin: pg.Client;
  const sites: Site[] = [];
  beforeEach(async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    root = await mkdtemp(path.join(os.tmpdir(), "citywall-claim-"));
    ({ url, drop } = await freshSchema(server ?? ""));
    admin = new pg.Client({ connectionString: url });
    await admin.connect();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const { store, journal } of sites.splice(0)) {
      await store.close();
      await journal.close();
    }
    await admin.end();
    await drop();
    await rm(root, { recursive: true, force: true });
  });

  function site(name: string): Site {
    const data = path.join(root, name);
    const journal = new JournalWriter(journalFolder(data), 1e9);
    const own = { data, journal, store: reopened({ data }) };
    sites.push(own);
    return own;
  }
  function reopened({ data }: { data: string }): HistoryService {
    return new HistoryService({ data, databaseUrl: url, config: parseHistoryConfig({}), now: () => NOW });
  }
  async function give({ journal }: Site, value: number): Promise<void> {
    journal.reading(TOPIC, NOW - 60_000 + value, NOW, value, "good");
    await journal.flushed();
  }
  const isUpToDate = ({ store, journal }: Site): Promise<void> =>
    vi.waitFor(async () => expect(await store.reach(journal.end)).toBe(true), { timeout: 20_000 });
  const isRefused = ({ store }: Site, why: RegExp): Promise<void> =>
    vi.waitFor(() => expect(store.state().error).toMatch(why), { timeout: 20_000 });
  const stored = async (): Promise<number[]> =>
    (await admin.query<{ value: number }>("SELECT value FROM readings ORDER BY observed")).rows.map((row) => row.value);
  /** Ends the session that holds the store's lock, as a server does that is started again. */
  const cut = async (): Promise<void> => {
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
       WHERE locktype = 'advisory' AND granted AND objid::bigint = hashtext(current_schema())::bigint & 4294967295`,
    );
  };

  it("takes the past of one data folder: another is refused by name, then and later, until it is told to take it", async () => {
    const [first, second] = [site("first"), site("second")];
    await give(first, 1);
    first.store.start();
    await isUpToDate(first);
    await give(second, 10);
    second.store.start();
    await isRefused(
      second,
      /^PostgreSQL database postgres on .* is held by another Citywall \(.*\/first\), connected from/,
    );
    expect(noticesIn(second.data)).toMatchObject([{ what: "database", file: /^PostgreSQL database/ }]);
    expect(await stored()).toEqual([1]);
    await give(first, 2);
    await isUpToDate(first);
    expect(first.store.state().error).toBeNull();
    // The one that has it is away for a while: its place in its journal is not for others.
    await first.store.close();
    await isRefused(second, /holds the past of another Citywall \(.*\/first\); .* db adopt/);
    expect(await stored()).toEqual([1, 2]);
    await second.store.close();
    await (await openPostgres(url, installationOf(second.data), { adopt: true })).close();
    second.store = reopened(second);
    second.store.start();
    await isUpToDate(second);
    expect(await stored()).toEqual([1, 2, 10]);
    await expect(openPostgres(url, installationOf(first.data))).rejects.toThrow(
      /is held by another Citywall .*\/second/,
    );
  });

  it("goes on with a data folder that has been moved", async () => {
    const before = site("before");
    await give(before, 1);
    before.store.start();
    await isUpToDate(before);
    await before.store.close();
    await before.journal.close();
    sites.length = 0;
    renameSync(before.data, path.join(root, "after"));
    const after = site("after");
    await give(after, 2);
    after.store.start();
    await isUpToDate(after);
    expect(await stored()).toEqual([1, 2]);
    expect((await admin.query("SELECT folder FROM installation")).rows).toEqual([
      { folder: `${os.hostname()}:${after.data}` },
    ]);
  });

  it("is not written by a store whose connection was lost until it has the lock again", async () => {
    const own = site("own");
    await give(own, 1);
    own.store.start();
    await isUpToDate(own);
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    // It waits in line, so that it has the lock as soon as the store has not.
    const has = other.query("SELECT pg_advisory_lock($1, hashtext(current_schema()))", [0x63_77_61_6c]);
    await cut();
    await has;
    await give(own, 2);
    await isRefused(own, /is held by a store of this data folder/);
    expect([await stored(), noticesIn(own.data)]).toEqual([[1], []]);
    await other.end();
    await isUpToDate(own);
    expect(await stored()).toEqual([1, 2]);
    // The fault is over with the first round that goes well, which may end after what it wrote is seen.
    await vi.waitFor(() => expect(own.store.state().error).toBeNull(), { timeout: 30_000 });
  });

  it("is free as soon as the process that had it is killed", async () => {
    const program = `
      const { openPostgres } = await import(process.argv[1]);
      await openPostgres(process.argv[2]);
      process.stdout.write("open");`;
    const module = path.join(import.meta.dirname, "postgres.ts");
    const args = ["--import", "tsx", "--input-type=module", "-e", program, module, url];
    const holder = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    await expect(openPostgres(url)).rejects.toThrow(/is held by another Citywall, connected from/);
    const ended = once(holder, "exit");
    holder.kill("SIGKILL");
    await ended;
    await vi.waitFor(async () => (await openPostgres(url)).close(), { timeout: 10_000 });
  });

  it.each([
    ["empty", (file: string) => writeFileSync(file, "")],
    ["broken", (file: string) => writeFileSync(file, "\0\u0001 no name")],
    [
      "unreadable",
      (file: string) => {
        rmSync(file);
        // What cannot be read even by root.
        renameSync(path.join(path.dirname(file), "journal"), file);
      },
    ],
  ])("is left alone by a data folder whose name in it is %s, which is said", async (_how, harm) => {
    const own = site("own");
    own.store.start();
    await isUpToDate(own);
    await own.store.close();
    const file = installationFile(own.data);
    const name = readFileSync(file, "utf8");
    await own.journal.close();
    harm(file);
    sites.length = 0;
    const store = reopened(own);
    store.start();
    await isRefused({ ...own, store }, /installation (is empty|holds no name|cannot be read)/);
    expect(noticesIn(own.data)).toMatchObject([{ what: "database", file }]);
    await store.close();
    expect((await admin.query("SELECT id FROM installation")).rows).toEqual([{ id: name.trim() }]);
    rmSync(file, { recursive: true });
    writeFileSync(file, "");
    const owner = installationOf(own.data, { anew: true });
    await (await openPostgres(url, owner, { adopt: true })).close();
    await (await openPostgres(url, installationOf(own.data))).close();
  });
});
