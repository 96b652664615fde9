import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { create } from "tar";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import { append, lines } from "../../lib/control/audit";
import { controlHere } from "../../lib/control/here";
import { openControl } from "../../lib/control/open";
import { signedIn } from "../../lib/control/test-people";
import { backupsFolder } from "../../lib/gateway/backups";
import { checkedFetch as fetch } from "../../lib/gateway/checked-fetch";
import { madeToken } from "../../lib/control/test-tokens";
import { openGateway, type Gateway } from "../../lib/gateway/server";
import { parseHistoryConfig } from "../../lib/history/config";
import { forkStore } from "../../server/test-programs";
import { copyHistory, databaseFolder, fillTables, HISTORY } from "../../lib/history/store/postgres-copy";
import { openPostgres } from "../../lib/history/store/postgres";
import { TIMESCALE_STAND_IN } from "../../lib/history/store/test-timescale";
import { migrate } from "../../lib/history/store/schema";
import { writeArchive } from "./archive";
import { backup, type BackupPlace } from "./backup";
import { filesIn, sha256Of, type Manifest } from "./manifest";
import { restore } from "./restore";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CITIES = path.join(ROOT, "cities");
const VERSION = "0.1.0";
const SECOND = 1_000;
const DAY = 86_400_000;
/** Noon in Shanghai, three days ago: totals of then are made by way of the store. */
const T0 = Math.floor(Date.now() / DAY) * DAY - 3 * DAY + 4 * 3_600_000;
const SPACING = 10 * SECOND;
const METRIC = "hotline-today";
const server = process.env.CITYWALL_TEST_POSTGRES;
/** Address of a server that has TimescaleDB, for whoever has one. */
const timescale = process.env.CITYWALL_TEST_TIMESCALE;

async function until<T>(task: () => Promise<T | false>, what: string): Promise<T> {
  for (let i = 0; i < 1_200; i++) {
    const found = await task();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

/** A folder with a gateway that can be opened on it. */
class Site {
  gateway: Gateway | null = null;

  constructor(
    readonly data: string,
    readonly databaseUrl: string | undefined,
    readonly cities = CITIES,
  ) {}

  get place(): BackupPlace & { who: string } {
    const { data, cities, databaseUrl } = this;
    return { data, cities, databaseUrl, history: true, leave: 0, version: VERSION, who: "command test" };
  }

  get env(): NodeJS.ProcessEnv {
    const env = {
      ...process.env,
      CITYWALL_DATA: this.data,
      CITYWALL_CITIES: this.cities,
      DATABASE_URL: this.databaseUrl,
    };
    if (this.databaseUrl === undefined) delete env.DATABASE_URL;
    return env;
  }

  async open(): Promise<Gateway> {
    const history = { config: parseHistoryConfig({}), launch: () => forkStore(this.env) };
    const { data, cities, databaseUrl } = this;
    const control = await controlHere({ data, databaseUrl });
    const rest = { pagesPort: null, checkTile, build: "test", rate: 10_000, history, control };
    return (this.gateway = await openGateway({ host: "127.0.0.1", port: 0, data, cities, ...rest }));
  }

  async close(): Promise<void> {
    await this.gateway?.close();
    this.gateway = null;
  }

  get districts(): string[] {
    return (this.gateway?.catalogue.city("zhengzhou")?.facts.districts ?? []).map(({ adcode }) => adcode);
  }

  /** All values of a topic that were kept, by the moment of which they are: a moment may be there once alone. */
  async values(district: string, count: number): Promise<Map<number, number>> {
    const [from, to] = [T0, T0 + count * SPACING].map((at) => new Date(at).toISOString());
    const topic = `reading/zhengzhou/${district}/${METRIC}`;
    const found = await until(async () => {
      const asked = Date.now();
      const url = `http://127.0.0.1:${this.gateway?.port}/api/v1/history?topic=${topic}&from=${from}&to=${to}&step=raw`;
      const answer = await fetch(url);
      if (answer.status !== 200) return false;
      const { series, completeUntil } = (await answer.json()) as {
        series: { at: number[]; last: number[] }[];
        completeUntil: string;
      };
      return Date.parse(completeUntil) >= asked && series[0] !== undefined && series[0];
    }, "an answer that is complete");
    expect(new Set(found.at).size).toBe(found.at.length);
    return new Map(found.at.map((at, i) => [at, found.last[i] as number]));
  }
}

/** Publishes for all districts, moment after moment, and notes when each was acknowledged. */
class Publisher {
  readonly acknowledged: number[] = [];
  private running = true;
  private readonly done: Promise<void>;

  constructor(site: Site, token: string) {
    this.done = this.run(site, token);
  }

  private async run(site: Site, token: string): Promise<void> {
    for (let i = 0; this.running; i++) {
      const at = new Date(T0 + i * SPACING).toISOString();
      const readings = site.districts.map((district) => ({
        city: "zhengzhou",
        district,
        metric: METRIC,
        at,
        value: i + 1,
      }));
      const answer = await fetch(`http://127.0.0.1:${site.gateway?.port}/api/v1/readings`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ readings }),
      });
      const { accepted } = (await answer.json()) as { accepted: number };
      expect(accepted).toBe(readings.length);
      this.acknowledged.push(Date.now());
    }
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.done;
  }
}

/** The command as it is typed. */
function citywall(site: Site, ...args: string[]): ChildProcess {
  return spawn(process.execPath, ["bin/citywall.mjs", ...args], {
    cwd: ROOT,
    env: site.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function ended(child: ChildProcess): Promise<{ code: number; text: string }> {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece: Buffer) => (text += piece.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, text };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-backup-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function run(address: string | undefined, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function freshDatabase(address = server): Promise<string> {
  const name = `backup_${Math.random().toString(36).slice(2)}`;
  await run(address, `CREATE DATABASE ${name}`);
  const url = new URL(address ?? "");
  url.pathname = `/${name}`;
  if (address === timescale) await run(url.href, "CREATE EXTENSION IF NOT EXISTS timescaledb");
  return url.href;
}

/** A database with what stands in for TimescaleDB: its hypertables are plain tables, which nobody makes partitions of. */
async function standIn(): Promise<string> {
  const url = await freshDatabase();
  await run(url, TIMESCALE_STAND_IN("public"));
  return url;
}

/** The databases that there are to keep the past in, beside the embedded one. */
const SERVERS = Object.entries({ postgres: server, "postgres with TimescaleDB": timescale }).flatMap(
  ([name, address]) => (address === undefined ? [] : [[name, address] as const]),
);

describe.each([["duckdb", undefined] as const, ...SERVERS])("a backup, %s", (_name, address) => {
  const siteAt = async (name: string): Promise<Site> =>
    new Site(path.join(folder, name), address === undefined ? undefined : await freshDatabase(address));

  it(
    "that is made while readings come has all that was acknowledged before its moment, once, on an empty machine",
    { timeout: 180_000 },
    async () => {
      const site = await siteAt("one");
      await site.open();
      const token = await madeToken(site.place, { city: "zhengzhou", feed: "governance" });
      const publisher = new Publisher(site, token);
      await until(() => Promise.resolve(publisher.acknowledged.length > 20), "some readings");
      const file = path.join(folder, "kept.tar.gz");
      const killed = citywall(site, "backup", file);
      const asked = (): Promise<string[]> => readdir(backupsFolder(site.data)).catch(() => []);
      await until(async () => (await asked()).length > 0, "a backup to kill");
      killed.kill("SIGKILL");
      await once(killed, "close");
      expect(existsSync(file)).toBe(false);
      await until(async () => (await asked()).length === 0, "what it left to be removed");
      const made = await ended(citywall(site, "backup", file));
      expect(made).toEqual({ code: 0, text: expect.stringMatching(/SHA-256/) as string });
      const count = publisher.acknowledged.length;
      await until(() => Promise.resolve(publisher.acknowledged.length > count + 20), "readings after it");
      await publisher.stop();
      await site.close();
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await readdir(folder)).toEqual(["kept.tar.gz", "one"]);
      await until(async () => (await asked()).length === 0, "nothing to be left");

      const other = await siteAt("two");
      const { manifest, lines: written } = await restore(other.place, file, { replace: false, keepCities: false });
      expect(manifest.engine).toBe(address === undefined ? "duckdb" : "postgres");
      const again = await other.open();
      const before = publisher.acknowledged.filter((at) => at < Date.parse(manifest.moment)).length;
      expect(before).toBeGreaterThan(20);
      expect(before).toBeLessThan(publisher.acknowledged.length);
      const n = other.districts.length;
      const waiting = (): Promise<string> => readFile(path.join(other.data, "totals.json"), "utf8");
      await until(async () => (await waiting()) === '{"waiting":{}}\n', "all totals");
      const [first, all] = [
        await other.values(other.districts[0] as string, before),
        await other.values("all", before),
      ];
      for (let i = 0; i < before; i++) {
        expect([i, first.get(T0 + i * SPACING)]).toEqual([i, i + 1]);
        expect([i, all.get(T0 + i * SPACING)]).toEqual([i, n * (i + 1)]);
      }
      // Who published before may go on, and what he repeats is known.
      const init = { method: "POST", headers: { authorization: `Bearer ${token}` }, body: '{"readings":[]}' };
      expect((await fetch(`http://127.0.0.1:${again.port}/api/v1/readings`, init)).status).not.toBe(401);
      await other.close();
      const db = await openControl(other.place);
      expect((await lines(db)).map(({ action }) => action).slice(0, 2)).toEqual(["backup.restore", "backup.create"]);
      expect((await lines(db)).length).toBe(written);
      await db.destroy();
    },
  );
});

describe.runIf(server ?? timescale)("a backup of a database with TimescaleDB", () => {
  /** Readings of five weeks, so that there is more than one chunk. */
  async function filled(url: string): Promise<string> {
    const engine = await openPostgres(url);
    await migrate(engine);
    await engine.prepare(T0 - 34 * DAY, T0 + 1);
    await engine.close();
    await run(
      url,
      `INSERT INTO readings (series, observed, recorded, value, quality, late, sequence)
        SELECT 1, ${T0} - n * ${DAY}::bigint, ${T0}, n, 0, 0, n FROM generate_series(0, 34) AS n`,
    );
    return url;
  }
  async function rows(url: string, statement: string): Promise<unknown[]> {
    const engine = await openPostgres(url);
    try {
      return await engine.rows(statement);
    } finally {
      await engine.close();
    }
  }
  const READINGS = "SELECT * FROM readings ORDER BY observed";
  const HYPERTABLES = "SELECT hypertable_name AS name FROM timescaledb_information.hypertables ORDER BY 1";

  const plain = (): Promise<string> => freshDatabase();
  const real = (): Promise<string> => freshDatabase(timescale);
  const ways = [
    ...(server
      ? ([
          ["without it, from a stand-in", standIn, plain],
          ["that is a stand-in", plain, standIn],
        ] as const)
      : []),
    ...(timescale ? ([["with it", real, real]] as const) : []),
    ...(server && timescale
      ? ([
          ["without it", real, plain],
          ["with it, from one without", plain, real],
        ] as const)
      : []),
  ];
  it.each(ways)("is brought into one %s, with all rows", { timeout: 60_000 }, async (_what, from, to) => {
    const url = await filled(await from());
    const tree = path.join(folder, "tree");
    await copyHistory(url, tree, () => {});
    const target = await to();
    const engine = await openPostgres(target);
    await migrate(engine);
    const prepare = (first: number, end: number): Promise<void> => engine.prepare(first, end);
    await fillTables(target, databaseFolder(tree, "history"), { prepare });
    await engine.close();
    const found = await rows(target, READINGS);
    expect([found.length, found]).toEqual([35, await rows(url, READINGS)]);
    const hypertables = { [real.name]: HYPERTABLES, [standIn.name]: "SELECT name FROM hypertables ORDER BY 1" }[
      to.name
    ];
    if (hypertables) expect(await rows(target, hypertables)).toEqual([{ name: "positions" }, { name: "readings" }]);
  });
});

describe.runIf(server)("a backup of a database", () => {
  it("knows all tables that a store makes, but for those that it makes anew as it is opened", async () => {
    const engine = await openPostgres(await freshDatabase());
    await migrate(engine);
    const made = await engine.rows(
      "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace",
    );
    await engine.close();
    const names = made.map(({ name }) => String(name)).filter((name) => name !== "schema_version");
    expect(names.sort()).toEqual([...HISTORY].sort());
  });

  it("is brought into an empty one alone", async () => {
    const site = new Site(path.join(folder, "data"), await freshDatabase(), path.join(folder, "cities"));
    await mkdir(site.data, { recursive: true });
    await mkdir(site.cities);
    const engine = await openPostgres(site.databaseUrl ?? "");
    await migrate(engine);
    await engine.close();
    const file = path.join(folder, "kept.tar.gz");
    await backup(site.place, file);
    const other = { ...site.place, data: path.join(folder, "other") };
    await expect(restore(other, file, { replace: true, keepCities: true })).rejects.toThrow(
      /^DATABASE_URL: the database has/,
    );
    const { databaseUrl: _none, ...embedded } = other;
    await expect(
      restore({ ...embedded, databaseUrl: undefined }, file, { replace: true, keepCities: true }),
    ).rejects.toThrow(/^DATABASE_URL: is not set/);
    const databaseUrl = await freshDatabase();
    expect((await restore({ ...other, databaseUrl }, file, { replace: false, keepCities: true })).manifest.engine).toBe(
      "postgres",
    );
  });
});

/** A data folder of what has no process of its own, and a small folder of cities. */
async function still(name: string): Promise<Site> {
  const site = new Site(path.join(folder, name, "data"), undefined, path.join(folder, name, "cities"));
  await mkdir(path.join(site.data, "maps", "x"), { recursive: true });
  await mkdir(site.cities, { recursive: true });
  await writeFile(path.join(site.cities, "a.json"), "{}\n");
  await writeFile(path.join(site.data, "tokens.json"), '{"tokens":[]}\n');
  await writeFile(path.join(site.data, "maps", "x", "map.pmtiles"), Buffer.alloc(300_000, "map"));
  await writeFile(path.join(site.data, "recent.bin.broken-1"), "x");
  const db = await openControl(site.place);
  await append(db, { who: "command test", action: "map.add", object: "map x" });
  await db.destroy();
  return site;
}

const anew = (name: string): Site =>
  new Site(path.join(folder, name, "data"), undefined, path.join(folder, name, "cities"));
const GENTLE = { replace: false, keepCities: false };

describe("a backup of what lies still", () => {
  let site: Site;
  let file: string;
  beforeEach(async () => {
    site = await still("old");
    file = path.join(folder, "kept.tar.gz");
  });

  it("brings back everything but what is broken or of no use, for its own user alone", async () => {
    const { manifest } = await backup(site.place, file);
    const other = anew("new");
    await restore(other.place, file, GENTLE);
    const before = (await filesIn(site.data)).filter((name) => !/broken|last-backup|lock|wal|shm/.test(name));
    expect(await filesIn(other.data)).toEqual(expect.arrayContaining(before.filter((name) => name !== "control.db")));
    for (const name of before.filter((one) => one !== "control.db"))
      expect(await sha256Of(path.join(other.data, name))).toBe(await sha256Of(path.join(site.data, name)));
    expect(existsSync(path.join(other.data, "recent.bin.broken-1"))).toBe(false);
    expect(await readFile(path.join(other.cities, "a.json"), "utf8")).toBe("{}\n");
    expect(manifest).toMatchObject({ engine: null, history: null, maps: true });
    expect(JSON.parse(await readFile(path.join(site.data, "last-backup.json"), "utf8"))).toMatchObject({
      at: manifest.moment,
      file,
      sha256: await sha256Of(file),
    });
  });

  it("leaves base maps out where it is told to", async () => {
    const { manifest } = await backup(site.place, file, { maps: false });
    expect(manifest.maps).toBe(false);
    expect(manifest.files.filter((one) => one.path.startsWith("data/maps"))).toEqual([]);
  });

  it("ends sign-ins, links and codes that it brings back, and keeps accounts", async () => {
    const db = await openControl(site.place);
    await signedIn(db, { role: "editor" });
    await db.destroy();
    await backup(site.place, file);
    const other = anew("new");
    expect((await restore(other.place, file, GENTLE)).ended).toBe(1);
    const restored = await openControl(other.place);
    expect(await restored.selectFrom("session").selectAll().execute()).toEqual([]);
    expect(await restored.selectFrom("account").selectAll().execute()).toHaveLength(1);
    await restored.destroy();
  });

  it("refuses to bring anything where something is in the way, and changes nothing", async () => {
    await backup(site.place, file);
    const there = async (): Promise<string[]> =>
      (await filesIn(site.data)).filter((name) => !/^control\.db-/.test(name));
    const seen = await there();
    await expect(restore(site.place, file, GENTLE)).rejects.toThrow(/is not empty/);
    await expect(restore({ ...anew("new").place, cities: site.cities }, file, GENTLE)).resolves.toMatchObject({
      aside: [],
    });
    await writeFile(path.join(site.cities, "a.json"), '{"changed": true}\n');
    const third = anew("third");
    await expect(restore({ ...third.place, cities: site.cities }, file, GENTLE)).rejects.toThrow(
      /CITYWALL_CITIES: .* is not what/,
    );
    expect(await filesIn(third.data)).toEqual(["gateway.lock", "store.lock"]);
    await restore({ ...third.place, cities: site.cities }, file, { ...GENTLE, keepCities: true });
    expect(await readFile(path.join(site.cities, "a.json"), "utf8")).toBe('{"changed": true}\n');
    const databaseUrl = "postgres://nobody@127.0.0.1:1/x";
    await expect(restore({ ...anew("4").place, databaseUrl }, file, GENTLE)).rejects.toThrow(/^DATABASE_URL: is set/);
    expect(await there()).toEqual(seen);
  });

  it("puts aside what is there where it is told to replace it", async () => {
    await backup(site.place, file);
    await writeFile(path.join(site.data, "tokens.json"), "changed");
    await writeFile(path.join(site.cities, "a.json"), "changed");
    const { aside } = await restore(site.place, file, { ...GENTLE, replace: true });
    expect(aside).toHaveLength(2);
    expect(await readFile(path.join(aside[0] ?? "", "tokens.json"), "utf8")).toBe("changed");
    expect(await readFile(path.join(aside[1] ?? "", "a.json"), "utf8")).toBe("changed");
    expect(await readFile(path.join(site.data, "tokens.json"), "utf8")).toBe('{"tokens":[]}\n');
    expect(await readFile(path.join(site.cities, "a.json"), "utf8")).toBe("{}\n");
  });

  it("is refused on a folder that Citywall holds, and a gateway does not begin beside half a restore", async () => {
    await backup(site.place, file);
    const holder = spawn("flock", ["-x", path.join(site.data, "gateway.lock"), "sh", "-c", "echo held; exec cat"]);
    await once(holder.stdout, "data");
    await expect(restore(site.place, file, { ...GENTLE, replace: true })).rejects.toThrow(/is held by Citywall/);
    holder.stdin.end();
    await once(holder, "close");
    await mkdir(path.join(site.data, "restoring"));
    await expect(site.open()).rejects.toThrow(/a restore into .* was broken off/);
    await restore(site.place, file, { ...GENTLE, replace: true, keepCities: true });
    expect(existsSync(path.join(site.data, "restoring"))).toBe(false);
  });

  it("is refused into the data folder itself, a folder that is not there, and a disk without room", async () => {
    await expect(backup(site.place, path.join(site.data, "x.tar.gz"))).rejects.toThrow(/lies in the data folder/);
    await expect(backup(site.place, path.join(folder, "no", "x.tar.gz"))).rejects.toThrow(/is not there/);
    await expect(backup({ ...site.place, leave: 1e18 }, file)).rejects.toThrow(/MB left: the copy of the store takes/);
    expect(await readdir(folder)).toEqual(["old"]);
  });

  it("that was ended leaves nothing, and one that was killed nothing that stays", async () => {
    await writeFile(file, "the one before");
    await expect(backup(site.place, file, { signal: AbortSignal.abort() })).rejects.toThrow(/aborted/);
    expect(await readFile(file, "utf8")).toBe("the one before");
    expect(await readdir(backupsFolder(site.data))).toEqual([]);
    // What a killed one leaves: its folder, and its draft beside the file.
    await mkdir(path.join(backupsFolder(site.data), "4194305-1-aa", "tree"), { recursive: true });
    await writeFile(`${file}.4194305-1.draft`, "half");
    await backup(site.place, file);
    expect(await readdir(backupsFolder(site.data))).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(["kept.tar.gz", "old"]);
  });
});

describe("an archive", () => {
  let site: Site;
  let file: string;
  let manifest: Manifest;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "citywall-archive-"));
    site = await still("old");
    file = path.join(folder, "kept.tar.gz");
    ({ manifest } = await backup(site.place, file));
    await cp(folder, `${folder}-kept`, { recursive: true });
    file = path.join(`${folder}-kept`, "kept.tar.gz");
    await rm(folder, { recursive: true });
  });
  afterAll(() => rm(path.dirname(file), { recursive: true, force: true }));

  /** An archive of the same files with some changed on the way. */
  async function spoilt(change: (tree: string) => Promise<void>): Promise<string> {
    const tree = path.join(folder, "tree");
    await mkdir(tree);
    const { extractArchive } = await import("./archive");
    await extractArchive(file, tree, manifest);
    await writeFile(path.join(tree, "manifest.json"), JSON.stringify(manifest));
    await change(tree);
    const names = (await filesIn(tree)).filter((name) => name !== "manifest.json");
    const made = path.join(folder, "spoilt.tar.gz");
    await writeArchive(made, tree, ["manifest.json", ...names], new AbortController().signal);
    return made;
  }
  const refused = async (archive: string): Promise<string> => {
    const error = await restore(anew("new").place, archive, GENTLE).catch((fault: Error) => fault);
    expect(existsSync(path.join(folder, "new"))).toBe(false);
    return (error as Error).message;
  };
  const withManifest = (changed: object): Promise<string> =>
    spoilt((tree) => writeFile(path.join(tree, "manifest.json"), JSON.stringify({ ...manifest, ...changed })));

  it("with a file that was changed, is missing or was added is refused by the file's name", async () => {
    const token = (tree: string): string => path.join(tree, "data", "tokens.json");
    expect(await refused(await spoilt((tree) => writeFile(token(tree), '{"tokens":[1]}')))).toBe(
      "data/tokens.json: is damaged",
    );
    await rm(path.join(folder, "tree"), { recursive: true });
    expect(await refused(await spoilt((tree) => rm(token(tree))))).toBe("data/tokens.json: is not there");
    await rm(path.join(folder, "tree"), { recursive: true });
    expect(await refused(await spoilt((tree) => appendFile(path.join(tree, "data", "more"), "x")))).toBe(
      "data/more: is not among what the manifest lists",
    );
  });

  it("that breaks off, or has a bit that fell over, is refused wherever it is", async () => {
    const whole = await readFile(file);
    for (const part of [0.1, 0.5, 0.9, 0.999]) {
      const short = path.join(folder, "short.tar.gz");
      await writeFile(short, whole.subarray(0, Math.floor(whole.length * part)));
      expect(await refused(short)).toMatch(/is damaged|is not there|is no backup/);
      const flipped = Buffer.from(whole);
      flipped[Math.floor(whole.length * part) - 8]! ^= 4;
      await writeFile(short, flipped);
      expect(await refused(short)).toMatch(/is damaged|is not (there|JSON|valid|among)|is no backup/);
    }
  });

  it("of a newer version is refused, whatever of it is newer", async () => {
    for (const newer of [
      { format: 2 },
      { version: "0.1.1" },
      { version: "1.0.0" },
      { history: { schema: 99, readings: 0 } },
      { control: ["2031-something"] },
    ]) {
      expect(await refused(await withManifest(newer))).toMatch(/was made by a newer version of Citywall/);
      await rm(path.join(folder, "tree"), { recursive: true });
    }
  });

  it("cannot write anywhere else: names that lead out of it, and links, are refused", async () => {
    const [one] = manifest.files;
    for (const name of ["../x", "/etc/x", "data/../../x", "data/./x", "data//x", "data\\x", "other/x", "data"]) {
      expect(await refused(await withManifest({ files: [{ ...one, path: name }] }))).toMatch(
        /files\.0\.path: is no file/,
      );
      await rm(path.join(folder, "tree"), { recursive: true });
    }
    const tree = path.join(folder, "tree");
    await mkdir(path.join(tree, "data"), { recursive: true });
    const { symlink } = await import("node:fs/promises");
    await symlink("/etc/passwd", path.join(tree, "data", "tokens.json"));
    await writeFile(path.join(tree, "manifest.json"), JSON.stringify(manifest));
    const archive = path.join(folder, "link.tar.gz");
    await create({ cwd: tree, gzip: true, file: archive }, ["manifest.json", "data/tokens.json"]);
    expect(await refused(archive)).toBe("data/tokens.json: is not among what the manifest lists");
  });

  it("that is none is said to be none", async () => {
    const other = path.join(folder, "x.tar.gz");
    await writeFile(other, "no archive at all");
    expect(await refused(other)).toMatch(/is damaged|is no backup/);
    await expect(restore(anew("new").place, path.join(folder, "none"), GENTLE)).rejects.toThrow(/ENOENT/);
  });
});
