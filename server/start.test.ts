import { createServer, request, type Server } from "node:http";
import { chmod, chown, cp, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer as createTcp, type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { madeToken } from "../lib/control/test-tokens";
import { isOld } from "./freshness.mjs";
import { ROOT } from "./programs.mjs";
import { kill, lockHolder, Started, until, type Role, type StartedOptions } from "./started";

/** How often each process is killed; `npm run chaos -- --kills 10` does it for longer. */
const KILLS = Number(process.env.CITYWALL_KILLS ?? 1);
const NOBODY = 65_534;
const built = !isOld("pages");
const root = process.getuid?.() === 0;

let folder: string;
let data: string;
let running: Started[] = [];
let closing: (() => void)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-start-"));
  data = path.join(folder, "data");
});
afterEach(async () => {
  for (const started of running) await started.clear();
  for (const close of closing) close();
  running = [];
  closing = [];
  await rm(folder, { recursive: true, force: true });
});

function start({ env = {}, ...options }: StartedOptions = {}): Started {
  const started = new Started({ ...options, env: { CITYWALL_DATA: data, ...env } });
  running.push(started);
  return started;
}

/** What an address answers, or 0 for its status where nothing answers. */
async function get(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Record<string, unknown> };
  } catch {
    return { status: 0, body: {} };
  }
}

const historyOf = (url: string): string =>
  `${url}/api/v1/history?topic=reading/lianyungang/all/cases-today&from=now-1h`;
const hasHistory = (url: string): Promise<true> =>
  until(async () => (await get(historyOf(url))).status === 200, "an answer from the store") as Promise<true>;

const ids = async (url: string): Promise<string[]> =>
  ((await get(`${url}/api/v1/cities`)).body.cities as { id: string }[]).map(({ id }) => id);

async function ownCities(): Promise<string> {
  const cities = path.join(folder, "cities");
  for (const name of ["lianyungang", "zhengzhou", "indicators.json"])
    await cp(path.join(ROOT, "cities", name), path.join(cities, name), { recursive: true });
  return cities;
}

async function listening(server: Server | ReturnType<typeof createTcp>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe("npm start that cannot", () => {
  it(
    "names the variable that is wrong, and one that is not known, and starts nothing",
    { timeout: 60_000 },
    async () => {
      const started = start({ npm: true, env: { CITYWALL_RATE: "abc", CITYWALL_RATES: "1" } });
      expect((await started.ended).code).toBe(78);
      expect(started.said).toContain('citywall: CITYWALL_RATE: must be a number above 0, is "abc"');
      expect(started.hadA("gateway")).toBe(false);
      const warned = start({ env: { CITYWALL_RATES: "1", CITYWALL_HISTORY: "0" } });
      await warned.url();
      // The programs as they are built, not their sources.
      expect(warned.command(await warned.process("gateway"))).toContain("dist/gateway.js");
      expect(warned.said.match(/CITYWALL_RATES: is not known; did you mean CITYWALL_RATE\?/g)).toHaveLength(1);
    },
  );

  it("says that its port is taken, that a place has no mock feeds", { timeout: 60_000 }, async () => {
    const port = await listening(createServer());
    const started = start({ env: { PORT: String(port) } });
    expect((await started.ended).code).toBe(78);
    expect(started.said).toContain(`citywall: PORT: ${port} on 127.0.0.1 is taken by another program`);
    expect([started.hadA("gateway"), started.hadA("store")]).toEqual([false, false]);
    const stranger = start({ env: { CITYWALL_MOCK_CITIES: "lianyungang,atlantis" } });
    expect((await stranger.ended).code).toBe(78);
    expect(stranger.said).toMatch(/CITYWALL_MOCK_CITIES: there are no mock feeds of "atlantis"; there are those of /);
  });

  it("says who has its data folder, which goes on as if nothing were", { timeout: 120_000 }, async () => {
    const first = start();
    const url = await first.url();
    const gateway = await first.process("gateway");
    const second = start();
    expect((await second.ended).code).toBe(78);
    expect(second.said).toContain(
      `citywall: CITYWALL_DATA: ${data} is held by another Citywall (process ${gateway}): two would lose what each`,
    );
    expect(second.hadA("gateway")).toBe(false);
    expect([first.running("gateway"), (await get(`${url}/readyz`)).status]).toEqual([[gateway], 200]);
    // The kernel lets go of it when its holder dies, however that dies.
    first.signal("SIGKILL");
    kill(gateway);
    await first.gone();
    await start().url();
  });

  it("says that its folders cannot be used", { timeout: 60_000 }, async () => {
    await writeFile(data, "a file stands where the folder should be");
    const file = start();
    expect((await file.ended).code).toBe(78);
    expect(file.said).toMatch(/citywall: CITYWALL_DATA: cannot be written: E/);
    await rm(data);
    // Root may write anywhere.
    await chmod(folder, 0o555);
    const readOnly = start(root ? { uid: NOBODY } : {});
    expect((await readOnly.ended).code).toBe(78);
    expect(readOnly.said).toMatch(/citywall: CITYWALL_DATA: cannot be written: EACCES/);
    await chmod(folder, 0o755);
    const none = start({ env: { CITYWALL_CITIES: path.join(folder, "none") } });
    expect((await none.ended).code).toBe(78);
    expect(none.said).toMatch(/citywall: CITYWALL_CITIES: cannot be read: ENOENT/);
    expect(running.some((started) => started.hadA("gateway"))).toBe(false);
  });
});

describe("a gateway that finds its port taken", () => {
  it("has begun nothing: no store, no lock, no journal", { timeout: 60_000 }, async () => {
    const { forkProgram } = await import("./processes");
    const port = await listening(createServer());
    const child = forkProgram(
      "gateway",
      { ...process.env, PORT: String(port), CITYWALL_DATA: data, CITYWALL_CITIES: path.join(ROOT, "cities") },
      { stdio: "ignore" },
    );
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(78);
    await expect(stat(data)).rejects.toThrow(/ENOENT/);
  });
});

describe("npm start that is killed", () => {
  it("leaves nothing behind, however early, and the next one has history", { timeout: 120_000 }, async () => {
    // As soon as the store is there, and once it answers.
    for (const early of [true, false]) {
      const started = start();
      if (early) await started.process("store");
      else await hasHistory(await started.url());
      started.signal("SIGKILL");
      await started.gone();
      expect(lockHolder(data)).toBeNull();
    }
    const again = start();
    await hasHistory(await again.url());
    again.signal("SIGTERM");
    expect(await again.ended).toEqual({ code: 0, signal: null });
    expect([again.left(), lockHolder(data)]).toEqual([[], null]);
  });

  it("takes a store with it that waits for a server that never answers", { timeout: 120_000 }, async () => {
    // Takes connections, and says nothing.
    const port = await listening(createTcp((socket) => socket.on("error", () => {})));
    const env = { DATABASE_URL: `postgres://citywall@127.0.0.1:${port}/citywall` };
    const killed = start({ env });
    const url = await killed.url();
    await until(async () => (await get(`${url}/readyz`)).status === 200, "the gateway");
    expect(((await get(`${url}/readyz`)).body.parts as Record<string, string>).history).not.toBe("ok");
    killed.signal("SIGKILL");
    await killed.gone();
    const ended = start({ env });
    await ended.url();
    ended.signal("SIGTERM");
    expect((await ended.ended).code).toBe(0);
    expect([ended.left(), lockHolder(data)]).toEqual([[], null]);
  });
});

describe("npm start that is told to end", () => {
  const token = (): Promise<string> => madeToken({ data }, { city: "lianyungang" });
  const reading = (value: number): string =>
    JSON.stringify({
      readings: [{ city: "lianyungang", metric: "cases-today", value, at: new Date().toISOString() }],
    });

  /** A request whose body comes in two halves: resolves once the first has been sent. */
  async function half(
    url: string,
    secret: string,
  ): Promise<{ finish: (value: number) => void; status: Promise<number> }> {
    const call = request(`${url}/api/v1/readings`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", expect: "100-continue" },
    });
    const status = new Promise<number>((resolve) => {
      call.once("response", (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      call.once("error", () => resolve(0));
    });
    // The gateway has begun to read it.
    await new Promise((resolve) => {
      call.once("continue", resolve);
      call.flushHeaders();
    });
    call.write(" ");
    return { status, finish: (value) => call.end(reading(value)) };
  }

  it("answers what is in flight, keeps it, takes nothing new, and ends with 0", { timeout: 120_000 }, async () => {
    const secret = await token();
    const started = start({ npm: true });
    const url = await started.url();
    await hasHistory(url);
    const { finish, status } = await half(url, secret);
    started.signal("SIGTERM");
    await until(async () => (await get(`${url}/healthz`)).status === 0, "the port to be closed");
    finish(4_711);
    expect(await status).toBe(200);
    // npm tells of the signal that it passed on.
    await started.ended;
    expect([started.left(), lockHolder(data)]).toEqual([[], null]);
    const again = start();
    const topic = "reading/lianyungang/all/cases-today";
    const answer = await get(`${await again.url()}/api/v1/snapshot?topic=${topic}`);
    expect(answer.body.topics).toMatchObject([{ topic, value: 4_711 }]);
  });

  it("ends at once at a second signal, and takes everything with it", { timeout: 120_000 }, async () => {
    const secret = await token();
    const started = start();
    const url = await started.url();
    const { status } = await half(url, secret);
    started.signal("SIGTERM");
    await until(async () => (await get(`${url}/healthz`)).status === 0, "the port to be closed");
    // A terminal's Ctrl-C comes twice under npm; what comes later is meant.
    await new Promise((resolve) => setTimeout(resolve, 500));
    started.signal("SIGTERM");
    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(await status).toBe(0);
    await started.gone();
    expect(lockHolder(data)).toBeNull();
  });

  it("takes one Ctrl-C that comes twice, and to all of its processes, for one", { timeout: 120_000 }, async () => {
    const started = start();
    await hasHistory(await started.url());
    for (const role of ["gateway", "store"] as const)
      for (const pid of started.running(role)) {
        process.kill(pid, "SIGINT");
        process.kill(pid, "SIGTERM");
      }
    started.signal("SIGINT");
    started.signal("SIGINT");
    expect(await started.ended).toEqual({ code: 0, signal: null });
    expect([started.left(), lockHolder(data)]).toEqual([[], null]);
    // Written by an end with time to do so.
    expect((await stat(path.join(data, "recent.bin"))).size).toBeGreaterThan(0);
  });
});

describe("npm start whose folder of cities", () => {
  it(
    "goes for some seconds, is half written, may not be read: the walls keep what they had",
    { timeout: 120_000 },
    async () => {
      const cities = await ownCities();
      if (root) for (const name of [folder, cities]) await chown(name, NOBODY, NOBODY);
      const started = start({ env: { CITYWALL_CITIES: cities }, ...(root ? { uid: NOBODY } : {}) });
      const url = await started.url();
      const gateway = await started.process("gateway");
      const part = async (): Promise<string> =>
        ((await get(`${url}/readyz`)).body.parts as Record<string, string>).cities ?? "";
      expect([await ids(url), await part()]).toEqual([["lianyungang", "zhengzhou"], "ok"]);

      await rename(cities, `${cities}.away`);
      await until(async () => /ENOENT/.test(await part()), "it to be noticed");
      expect(await ids(url)).toEqual(["lianyungang", "zhengzhou"]);
      // A store that starts again meanwhile goes by what the gateway read, not by what is there now.
      const store = await started.process("store");
      kill(store);
      await started.process("store", [store]);
      await hasHistory(url);
      await rename(`${cities}.away`, cities);
      await until(async () => (await part()) === "ok", "it to be read again");

      await chmod(cities, 0o000);
      await until(async () => /EACCES/.test(await part()), "it to be noticed");
      expect(await ids(url)).toEqual(["lianyungang", "zhengzhou"]);
      await chmod(cities, 0o755);
      await until(async () => (await part()) === "ok", "it to be read again");

      const file = path.join(cities, "lianyungang/city.json");
      const text = await readFile(file, "utf8");
      const broken = async (): Promise<string> => JSON.stringify((await get(`${url}/api/v1/cities`)).body.broken);
      await writeFile(file, text.slice(0, 300));
      await until(async () => /is not JSON/.test(await broken()), "it to be noticed");
      expect(await ids(url)).toEqual(["lianyungang", "zhengzhou"]);
      await chmod(file, 0o000);
      await writeFile(`${file}.next`, text);
      await chmod(`${file}.next`, root ? 0o600 : 0o000);
      await rename(`${file}.next`, file);
      await until(async () => /cannot be read/.test(await broken()), "it to be noticed");
      await chmod(file, 0o644);
      await until(async () => (await broken()) === "[]", "it to be read again");

      expect(started.running("gateway")).toEqual([gateway]);
      expect(started.said).toMatch(/citywall: cities cannot be read: ENOENT/);
      expect(started.said).toMatch(/citywall: cities can be read again/);
      expect(started.said).toMatch(/citywall: lianyungang\/city\.json: .*is not JSON/);
      // What a process prints comes later than what it answers.
      await until(() => /citywall: lianyungang is in order again/.test(started.said), "it to be said");
    },
  );
});

describe("a process that is killed", () => {
  const roles: Role[] = ["gateway", "store", "mock feeds"];
  it.each(roles)("comes back: %s", { timeout: 120_000 + KILLS * 60_000 }, async (role) => {
    const started = start({
      env: {
        CITYWALL_MOCKS: "1",
        CITYWALL_MOCK_CITIES: "lianyungang",
        CITYWALL_MOCK_PAST: "0",
        CITYWALL_SEED_DAYS: "0",
      },
    });
    const url = await started.url();
    const published = async (): Promise<number> => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return [...text.matchAll(/^citywall_items_accepted_total\{.*\} (\d+)$/gm)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      );
    };
    for (let round = 0; round < KILLS; round++) {
      const others = roles.filter((other) => other !== role && !(role === "gateway" && other === "store"));
      const before = await Promise.all(others.map((other) => started.process(other)));
      const victim = await started.process(role);
      kill(victim);
      const next = await started.process(role, [victim]);
      expect(started.said).toMatch(
        new RegExp(`citywall: ${role} was ended by SIGKILL; starting again in \\d+\\.\\d s`),
      );
      await hasHistory(url);
      const seen = await published();
      await until(async () => (await published()) > seen, "readings");
      expect(started.running(role)).toEqual([next]);
      expect(others.flatMap((other) => started.running(other))).toEqual(before);
    }
    started.signal("SIGTERM");
    expect((await started.ended).code).toBe(0);
    expect([started.left(), lockHolder(data)]).toEqual([[], null]);
  });
});

describe("a process that hangs", () => {
  it.each<Role>(["gateway", "store"])("is killed and comes back: %s", { timeout: 120_000 }, async (role) => {
    const started = start();
    const url = await started.url();
    await hasHistory(url);
    const frozen = await started.process(role);
    process.kill(frozen, "SIGSTOP");
    const next = await started.process(role, [frozen]);
    expect(started.said).toMatch(new RegExp(`citywall: ${role} has given no sign of life for 1\\d s and is killed`));
    await hasHistory(url);
    expect(started.running(role)).toEqual([next]);
    started.signal("SIGTERM");
    expect((await started.ended).code).toBe(0);
    expect([started.left(), lockHolder(data)]).toEqual([[], null]);
  });
});

describe.runIf(built)("npm start with its pages", () => {
  it(
    "is not running before they answer, says what it waits for, and has them back when they are killed or hang",
    { timeout: 120_000 + KILLS * 30_000 },
    async () => {
      const started = start({ args: [] });
      // Frozen before it could say a word: nobody waits for that one for ever.
      const frozen = await started.process("pages");
      process.kill(frozen, "SIGSTOP");
      await until(() => /citywall: not ready yet: pages /.test(started.said), "it to say what is missing");
      expect(started.said).not.toContain("is running");
      const next = await started.process("pages", [frozen]);
      expect(started.said).toMatch(/citywall: pages has given no sign of life for \d+ s and is killed/);
      const url = await started.url();
      expect(await get(`${url}/readyz`)).toMatchObject({ status: 200, body: { ready: true, parts: { pages: "ok" } } });
      for (let round = 0; round < KILLS; round++) {
        const victim = round === 0 ? next : await started.process("pages");
        kill(victim);
        await started.process("pages", [victim]);
        expect(started.said).toMatch(/citywall: pages was ended by SIGKILL; starting again in/);
        await until(async () => (await fetch(url)).status === 200, "the pages");
      }
      started.signal("SIGKILL");
      await started.gone();
    },
  );
});
