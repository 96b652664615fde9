/** The start command: gateway, pages and mock feeds, each a process of its own that is started again when it ends. */
import { Lifecycle } from "./lifecycle";
import { spawn, type ChildProcess } from "node:child_process";
import { hash, randomBytes, randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, now, pause } from "../lib/clock";
import { Backoff } from "../lib/clock/backoff";
import { letGoOf } from "../lib/files/lock";
import { dataLock, holdDataFolder } from "../lib/gateway/data-folder";
import { Listening } from "../lib/gateway/listening";
import {
  absolute,
  ConfigurationError,
  EX_CONFIG,
  isClosed,
  readEnvironment,
  unknownNames,
  withoutSecrets,
  type Environment,
  type Variables,
} from "./environment";
import { certifiedNames } from "./certified-names";
import { freePort } from "./free-port";
import { linkUrl, localUrl, shownUrl } from "./gateway-url";
import { checkMockPlaces, mockPlaces, type MockPlace } from "./mock-places";
import { makePages } from "./pages-build";
import { forkPages, forkProgram } from "./processes";
import { ROOT, WITH_PARENT } from "./programs.mjs";
import { endChild, ending, supervise, type Supervised } from "../lib/processes/supervise";

export interface StartOptions {
  /** pages are rebuilt as files change */
  dev: boolean;
  mocks: boolean;
  /** false: gateway, store and feeds alone */
  pages: boolean;
}

/** How often the gateway is asked whether walls can be served, ms, and after how long it is said what they wait for. */
const ASK_EVERY = 250;
const SAY_AFTER = 10_000;
/** Most ms each process has to end: the gateway drains and closes the store. */
const GATEWAY_ENDS = 36_000;
const OTHERS_END = 5_000;

/** Starts everything and keeps it running: a process that ends is started again, the others go on. */
export async function start(options: StartOptions): Promise<void> {
  const life = new Lifecycle({ name: "start", limit: GATEWAY_ENDS + 2 * OTHERS_END });
  await life.run(async () => {
    const environment = readEnvironment(process.env);
    for (const line of unknownNames(process.env)) console.error(`citywall: ${line}`);
    await new Start(life, environment, options).run();
  });
}

class Start {
  private port: number;
  private pagesPort: number | null = null;
  private gateway: Supervised | null = null;
  private pages: Supervised | null = null;
  private feeds: Supervised | null = null;
  private seed: ChildProcess | null = null;
  /** what the certificate is for; null where no TLS is spoken */
  private names: string[] | null = null;
  private readonly pagesKey = randomUUID();
  /** of the mock feeds, by feed */
  private readonly secrets: Record<string, string> = {};
  private readonly env: Variables;

  constructor(
    private readonly life: Lifecycle,
    private readonly environment: Environment,
    private readonly options: StartOptions,
  ) {
    this.port = environment.PORT;
    this.env = {
      ...absolute(process.env),
      CITYWALL_DEV: options.dev ? "1" : "0",
      CITYWALL_DATA: environment.CITYWALL_DATA,
      CITYWALL_CITIES: environment.CITYWALL_CITIES,
    };
  }

  async run(): Promise<void> {
    const { life, options } = this;
    await this.check();
    if (options.pages) {
      await makePages(life, withoutSecrets(this.env), options.dev);
      this.pagesPort = await freePort();
    }
    if (life.ending) return;
    life.onEnd(() => this.end());
    life.onCut(() => this.cut());
    const isMocked = options.mocks && this.environment.CITYWALL_MOCKS;
    const places = isMocked ? await mockPlaces(this.environment).catch(noFeeds) : [];
    this.makeTokens(places);
    await this.startGateway();
    if (options.pages) this.startPages();
    const ready = this.ready();
    await Promise.race([ready, pause(SAY_AFTER)]);
    const mocked = await this.startFeeds(places).catch(noFeeds);
    await ready;
    console.log(`\n  Citywall is running.\n\n    ${shownUrl(this.environment, this.port, this.names)}/\n`);
    await this.tellFirst().catch((error: Error) => {
      console.error(
        `citywall: no link for a first administrator: ${error.message}; npx citywall admin invite makes one`,
      );
    });
    if (mocked.length > 0)
      console.log(
        `  Mock feeds of ${mocked.map(({ name }) => name).join(", ")} are publishing (simulated figures; --no-mocks leaves them out).\n`,
      );
  }

  /**
   * Where everybody has to sign in and nobody could give others their rights, prints a link with which somebody makes the account that can.
   * Each start makes another one, as the last may not have been read, and takes that back.
   */
  private async tellFirst(): Promise<void> {
    const { environment } = this;
    if (!isClosed(environment)) return;
    const { controlHere } = await import("../lib/control/here");
    const control = await controlHere({ data: environment.CITYWALL_DATA, databaseUrl: environment.DATABASE_URL });
    try {
      const link = await control.call("firstAdministrator", {});
      if (!link) return;
      const minutes = Math.round((link.expires - now()) / 60_000);
      const url = `${linkUrl(environment, this.port, this.names)}/invite#${link.secret}`;
      console.log(
        `  Everybody has to sign in, and nobody administers this installation yet. Whoever opens this link makes the\n` +
          `  account that does; it works once, and for ${minutes} minutes (npx citywall admin invite makes another):\n\n    ${url}\n`,
      );
    } finally {
      await control.close();
    }
  }

  /** Where the gateway is reached from this machine. */
  private get url(): string {
    return localUrl(this.environment, this.port);
  }

  /** What would only fail later, or after a minute of building. @throws ConfigurationError */
  private async check(): Promise<void> {
    const { HOST, PORT, CITYWALL_DATA, CITYWALL_CITIES } = this.environment;
    this.names = certifiedNames(this.environment);
    checkMockPlaces(this.environment);
    await readdir(CITYWALL_CITIES).catch((error: Error) => {
      throw new ConfigurationError(`CITYWALL_CITIES: cannot be read: ${error.message}`);
    });
    await checkWritable(CITYWALL_DATA);
    await checkFree(CITYWALL_DATA);
    const probe = await Listening.open(HOST, PORT).catch((error: Error) => {
      throw new ConfigurationError(error.message);
    });
    probe.close();
  }

  /** Resolves once it listens. */
  private startGateway(): Promise<void> {
    return new Promise((resolve) => {
      this.gateway = supervise({
        name: "gateway",
        // Without it every wall stands still: where it is killed again and again it is back within five seconds all the same.
        backoff: new Backoff(Math.random, 1_000),
        launch: () =>
          forkProgram("gateway", {
            ...this.env,
            PORT: String(this.port),
            CITYWALL_PAGES_PORT: this.pagesPort === null ? undefined : String(this.pagesPort),
            CITYWALL_PAGES_KEY: this.pagesKey,
            CITYWALL_FEED_HASHES: JSON.stringify(this.feedHashes()),
          }),
        onMisconfigured: () => void this.life.end(EX_CONFIG),
        onMessage: (message) => {
          // Where any port would do, it stays the one that pages and feeds were told.
          this.port = (message as { ready: number }).ready;
          resolve();
        },
      });
    });
  }

  private startPages(): void {
    const { dev } = this.options;
    this.pages = supervise({
      name: "pages",
      launch: () =>
        forkPages(this.pagesPort ?? 0, dev, {
          ...withoutSecrets(this.env),
          CITYWALL_GATEWAY: this.url,
          CITYWALL_PAGES_KEY: this.pagesKey,
        }),
      onMisconfigured: () => void this.life.end(EX_CONFIG),
    });
  }

  /** Resolves once walls can be served; says meanwhile what they wait for. */
  private async ready(): Promise<void> {
    let told = "";
    let patient = true;
    after(SAY_AFTER, () => {
      patient = false;
    });
    for (;;) {
      const missing = await whatIsMissing(this.url);
      if (missing === null) return;
      if (!patient && missing !== told) {
        console.error(`citywall: not ready yet: ${missing}; waiting for it`);
        told = missing;
      }
      await pause(ASK_EVERY);
    }
  }

  /** Tokens of the mock feeds: they hold as long as this start, so that they are kept nowhere. */
  private makeTokens(places: MockPlace[]): void {
    for (const { id, systems } of places)
      for (const system of systems) this.secrets[`${id}/${system}`] = `cw_${randomBytes(32).toString("base64url")}`;
  }

  private async startFeeds(places: MockPlace[]): Promise<MockPlace[]> {
    if (places.length === 0) return [];
    const env = {
      ...withoutSecrets(this.env),
      CITYWALL_URL: this.url,
      CITYWALL_TOKENS: JSON.stringify(this.secrets),
      CITYWALL_MOCK_CITIES: places.map(({ id }) => id).join(","),
    };
    this.feeds = supervise({
      name: "mock feeds",
      launch: () => forkProgram("mock-feeds", env, { execArgv: WITH_PARENT }),
      onMisconfigured: () => void this.life.end(EX_CONFIG),
    });
    await this.seedOnce();
    return places;
  }

  private feedHashes(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.secrets).map(([feed, secret]) => [feed, hash("sha256", secret)]));
  }

  /** Fills an empty store with the mock feeds' last days, once, behind everything else. */
  private async seedOnce(): Promise<void> {
    const { CITYWALL_SEED_DAYS: days, CITYWALL_HISTORY, CITYWALL_DATA } = this.environment;
    const marker = path.join(CITYWALL_DATA, "seeded");
    if (days === 0 || !CITYWALL_HISTORY || (await exists(marker)) || this.life.ending) return;
    const child = spawn(
      process.execPath,
      [...WITH_PARENT, path.join(ROOT, "bin/citywall.mjs"), "seed", "--days", String(days)],
      { cwd: ROOT, env: this.env as NodeJS.ProcessEnv, stdio: ["ignore", "ignore", "ignore", "ipc"] },
    );
    this.seed = child;
    // The live path comes first on a small machine.
    if (child.pid) os.setPriority(child.pid, 10);
    child.once("exit", (code, signal) => {
      this.seed = null;
      if (this.life.ending) return;
      if (code === 0)
        void writeFile(marker, `${new Date(now()).toISOString()}\n`, { mode: 0o600 }).then(
          () => console.log(`  The mock feeds' last ${days} days are in the store.\n`),
          (error: Error) => console.error(`citywall: ${marker} cannot be written: ${error.message}`),
        );
      else console.error(`citywall: seeding the store ${ending(code, signal)}; it is tried again at the next start`);
    });
  }

  /** Feeds first, the gateway with time to write what it keeps, and pages last, as the gateway may still be serving them. */
  private async end(): Promise<void> {
    const { seed } = this;
    await Promise.all([this.feeds?.stop(OTHERS_END), seed ? endChild(seed, "seeding", OTHERS_END) : null]);
    await this.gateway?.stop(GATEWAY_ENDS);
    await this.pages?.stop(OTHERS_END);
  }

  private async cut(): Promise<void> {
    this.seed?.kill("SIGKILL");
    await Promise.all([this.feeds?.cut(), this.gateway?.cut(), this.pages?.cut()]);
  }
}

/** Walls and publishers do not depend on the mock feeds. */
function noFeeds(error: Error): MockPlace[] {
  console.error(`citywall: the mock feeds could not be started: ${error.message}`);
  return [];
}

/** What walls wait for, by what the gateway says, or null once they can be served. */
async function whatIsMissing(url: string): Promise<string | null> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    if (answer.ok) return null;
    return ((await answer.json()) as { reason?: string }).reason ?? "the gateway is starting";
  } catch {
    return "the gateway does not answer";
  }
}

function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");
}

/** @throws ConfigurationError where nothing can be written in the folder, which is made if it is not there */
async function checkWritable(folder: string): Promise<void> {
  const probe = path.join(folder, `.writable-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(probe, "", { mode: 0o600 });
    await rm(probe);
  } catch (error) {
    // Room comes back, and nothing is acknowledged until then; rights do not.
    if (isFull(error)) {
      console.error(`citywall: CITYWALL_DATA: cannot be written at present: ${(error as Error).message}`);
      return rm(probe, { force: true });
    }
    throw new ConfigurationError(`CITYWALL_DATA: cannot be written: ${(error as Error).message}`);
  }
}

/** @throws ConfigurationError where another Citywall keeps its data in the folder */
async function checkFree(folder: string): Promise<void> {
  await holdDataFolder(folder).catch((error: unknown) => {
    // That it cannot be locked for want of room is the gateway's to say, when it needs to.
    if (!isFull(error)) throw new ConfigurationError((error as Error).message);
  });
  letGoOf(dataLock(folder));
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
