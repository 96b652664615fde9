import { randomBytes } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { openGateway, type Gateway } from "../lib/gateway/server";
import { nodeArgs } from "../server/test-programs";
import { answering } from "../lib/history/store/answering";
import { parseHistoryConfig, type HistoryConfig } from "../lib/history/config";
import type { FromStore, ToStore } from "../lib/history/client/remote";
import { HistoryService } from "../lib/history/store/service";
import { madeToken } from "../lib/control/test-tokens";
import { TestTokens } from "../lib/gateway/test-tokens";
import { freePort } from "../server/free-port";
import { CITY, writeCity } from "./place";

const ROOT = path.resolve(import.meta.dirname, "..");

export type Victims = "store" | "gateway" | "both";

/** A gateway with its store, whose time the model owns and which the model may kill. */
export interface Subject {
  /** the gateway's address */
  readonly url: string;
  readonly token: string;
  /** Sets the time of gateway and store, ms. */
  setNow(now: number): void;
  start(): Promise<void>;
  /** Gives the store time for what is due: rollups, and taking in again what changed. */
  work(): Promise<void>;
  /** Ends without a word; what was acknowledged has to be there after `start`. */
  kill(victims: Victims): Promise<void>;
  /** Ends in good order. */
  stop(): Promise<void>;
  /** Ends it and removes what it kept. */
  drop(): Promise<void>;
}

export interface Ground {
  zone: string;
  now: number;
  /** address of a PostgreSQL server; null: the embedded engine */
  postgres: string | null;
}

interface Folder {
  data: string;
  cities: string;
  databaseUrl: string | undefined;
  drop: () => Promise<void>;
}

let schemas = 0;

async function prepare({ zone, postgres }: Ground): Promise<Folder> {
  const root = await mkdtemp(path.join(os.tmpdir(), "citywall-model-"));
  const [data, cities] = [path.join(root, "data"), path.join(root, "cities")];
  await mkdir(data);
  await writeCity(cities, zone);
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  if (!postgres) return { data, cities, databaseUrl: undefined, drop: remove };
  const schema = `model_${process.pid}_${++schemas}`;
  const admin = new pg.Client({ connectionString: postgres });
  await admin.connect();
  await admin.query(`CREATE SCHEMA ${schema}`);
  return {
    data,
    cities,
    databaseUrl: `${postgres}?options=-c%20search_path%3D${schema}`,
    async drop() {
      await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      await admin.end();
      await remove();
    },
  };
}

/**
 * The store's process as the gateway sees it, inside this one: messages are copied and come a turn later, as between
 * processes.
 */
class StoreInside extends EventEmitter {
  connected = true;
  private readonly hear: (message: ToStore) => void;
  private ended: Promise<void> | null = null;

  constructor(private readonly service: HistoryService) {
    super();
    this.hear = answering(service, (message) => this.tell(message));
    service.start();
  }

  private tell(message: FromStore): void {
    const copy = structuredClone(message);
    setImmediate(() => {
      if (this.connected) this.emit("message", copy);
    });
  }

  state(): void {
    this.tell({ kind: "state", state: this.service.state() });
  }

  send(message: ToStore, sent?: () => void): boolean {
    const copy = structuredClone(message);
    setImmediate(() => this.hear(copy));
    sent?.();
    return true;
  }

  nudge(): void {
    this.service.nudge();
  }

  disconnect(): void {
    void this.end(0);
  }

  /** Ends between two steps of its work. */
  end(code: number | null): Promise<void> {
    this.connected = false;
    this.ended ??= this.service.close(code !== null).then(() => {
      this.emit("exit", code, code === null ? "SIGKILL" : null);
    });
    return this.ended;
  }
}

function openStore({ data, databaseUrl }: Folder, config: HistoryConfig, now: () => number): StoreInside {
  const store: StoreInside = new StoreInside(
    new HistoryService({ data, databaseUrl, config, now, onState: () => store.state() }),
  );
  return store;
}

/** Half a record at the end of the journal, as of a process that was killed while it wrote. */
function tear(data: string): void {
  const live = path.join(data, "journal", "live");
  const last = existsSync(live) ? readdirSync(live).sort().pop() : undefined;
  if (last) appendFileSync(path.join(live, last), Buffer.concat([Buffer.from([200, 0, 0, 0]), randomBytes(70)]));
}

/** A second name for each segment of the journal. Returns what brings back those that were let go of since. */
function keepSegments(data: string): () => void {
  const live = path.join(data, "journal", "live");
  const held = path.join(data, "held");
  mkdirSync(held, { recursive: true });
  const names = existsSync(live) ? readdirSync(live) : [];
  for (const name of names) linkSync(path.join(live, name), path.join(held, name));
  return () => {
    for (const name of names)
      if (!existsSync(path.join(live, name))) linkSync(path.join(held, name), path.join(live, name));
    rmSync(held, { recursive: true });
  };
}

/** Closes a gateway so that its files are as a killed one leaves them. */
async function closeAsKilled(data: string, close: () => Promise<void>): Promise<void> {
  const recent = path.join(data, "recent.bin");
  const kept = `${recent}.kept`;
  if (existsSync(recent)) copyFileSync(recent, kept);
  // Closing saves the recent file and lets go of what is in it: a killed process does neither.
  const restore = keepSegments(data);
  await close();
  rmSync(recent, { force: true });
  if (existsSync(kept)) renameSync(kept, recent);
  restore();
  tear(data);
}

/**
 * Gateway and store within this process, the gateway behind its real port. A kill leaves the files as a killed process
 * would: the recent states as they were last saved, the journal's end torn, the store wherever it stood between two
 * transactions.
 */
export async function openInside(ground: Ground): Promise<Subject> {
  const folder = await prepare(ground);
  const config = parseHistoryConfig({});
  const tokens = new TestTokens();
  const token = tokens.create(CITY, "*");
  const port = await freePort();
  let { now } = ground;
  let gateway: Gateway | null = null;
  let store: StoreInside | null = null;

  function launch(): ChildProcess {
    store = openStore(folder, config, () => now);
    return store as unknown as ChildProcess;
  }

  async function close(): Promise<void> {
    const closing = gateway;
    gateway = null;
    await closing?.close();
  }

  return {
    url: `http://127.0.0.1:${port}`,
    token,
    setNow(at) {
      now = at;
    },
    async start() {
      gateway ??= await openGateway({
        host: "127.0.0.1",
        port,
        data: folder.data,
        cities: folder.cities,
        pagesPort: null,
        checkTile: () => [],
        build: "dev",
        rate: 1e9,
        tick: 5,
        now: () => now,
        history: { config, launch },
        tokens,
      });
    },
    async work() {
      for (let i = 0; i < 4; i++) {
        store?.nudge();
        await pause(15);
      }
    },
    // The gateway begins a killed store anew by itself.
    kill: (victims) =>
      victims === "store" ? (store?.end(null) ?? Promise.resolve()) : closeAsKilled(folder.data, close),
    stop: close,
    async drop() {
      await close();
      await folder.drop();
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(task: () => Promise<boolean>, what: string): Promise<void> {
  for (let i = 0; i < 1_200; i++) {
    if (await task().catch(() => false)) return;
    await pause(50);
  }
  throw new Error(`waited in vain for ${what}`);
}

/** The environment of a gateway on a folder's data. @param clock file with the time that it goes by */
function environmentOf(folder: Folder, port: number, clock: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PORT: String(port),
    HOST: "127.0.0.1",
    CITYWALL_DATA: folder.data,
    CITYWALL_CITIES: folder.cities,
    CITYWALL_RATE: "1000000000",
    NODE_ENV: "production",
    CITYWALL_MODEL_CLOCK: clock,
    NODE_OPTIONS: `--import ${path.join(import.meta.dirname, "simulated-clock.mjs")}`,
  };
  delete env.CITYWALL_PAGES_PORT;
  delete env.DATABASE_URL;
  if (folder.databaseUrl) env.DATABASE_URL = folder.databaseUrl;
  return env;
}

/** Gateway and store as they run in a city, each a process of its own that is killed with SIGKILL. */
export async function openProcesses(ground: Ground): Promise<Subject> {
  const folder = await prepare(ground);
  const clock = path.join(folder.data, "clock");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const token = await madeToken(folder, { city: CITY });
  let group: ChildProcess | null = null;

  function setNow(now: number): void {
    writeFileSync(`${clock}.draft`, String(now));
    renameSync(`${clock}.draft`, clock);
  }

  async function end(signal: NodeJS.Signals, all: boolean): Promise<void> {
    if (!group?.pid) return;
    const { pid } = group;
    const ended = new Promise((resolve) => group?.once("exit", resolve));
    group = null;
    process.kill(all ? -pid : pid, signal);
    await ended;
    // The store ends by itself when its gateway hangs up.
    await until(() => Promise.resolve(!isGroupAlive(pid)), "the store to end");
  }

  setNow(ground.now);
  return {
    url,
    token,
    setNow,
    async start() {
      if (group) return;
      group = spawn(process.execPath, nodeArgs("gateway"), {
        cwd: ROOT,
        env: environmentOf(folder, port, clock),
        stdio: ["ignore", "ignore", "inherit"],
        detached: true,
      });
      await until(async () => (await fetch(`${url}/healthz`)).ok, "the gateway");
    },
    // Longer than the store lets things gather.
    work: () => pause(2_500),
    async kill(victims) {
      if (victims !== "store") return end("SIGKILL", victims === "both");
      const pid = Number(readFileSync(path.join(folder.data, "store.lock"), "utf8").split(/\D/)[0]);
      if (pid > 0) process.kill(pid, "SIGKILL");
    },
    stop: () => end("SIGTERM", false),
    async drop() {
      await end("SIGKILL", true);
      await folder.drop();
    },
  };
}

function isGroupAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
