import { fork, spawn, type ChildProcess } from "node:child_process";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { after, now } from "../lib/clock";
import { isLoopback } from "../lib/gateway/server";
import { freePort } from "./free-port";
import { Tokens } from "../lib/gateway/tokens";
import { cities as mockPlaces } from "../mock-feeds";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const NEXT = path.join(ROOT, "node_modules/next/dist/bin/next");
/** Exit code of a child whose configuration is wrong: it is not started again. */
const EX_CONFIG = 78;

/** Starts everything and keeps it running: a process that ends is started again, the others go on. */
export async function start({ dev, mocks }: { dev: boolean; mocks: boolean }): Promise<void> {
  const host = process.env.HOST ?? "127.0.0.1";
  const port = Number(process.env.PORT ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65535) return fail(`PORT: "${process.env.PORT}" is not a port`);
  if (!isLoopback(host) && process.env.CITYWALL_OPEN !== "1") {
    return fail(
      `HOST: ${host} can be reached from other machines and there is no sign-in yet; set CITYWALL_OPEN=1 to let everybody there read, or HOST=127.0.0.1`,
    );
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end(0));
  await assets();
  if (!dev && (await buildIsOld())) await build();
  const pagesPort = await freePort();
  const gatewayUrl = `http://${isLoopback(host) ? host : "127.0.0.1"}:${port}`;
  const env = {
    ...process.env,
    HOST: host,
    PORT: String(port),
    CITYWALL_DATA: folder("CITYWALL_DATA", "data"),
    CITYWALL_CITIES: folder("CITYWALL_CITIES", "cities"),
    CITYWALL_PAGES_PORT: String(pagesPort),
    CITYWALL_GATEWAY: gatewayUrl,
    CITYWALL_DEV: dev ? "1" : "0",
  };

  const gateway = keep("gateway", () =>
    fork(path.join(ROOT, "server/gateway.ts"), { cwd: ROOT, env, execArgv: ["--import", "tsx"] }),
  );
  await gateway.ready;
  keep("pages", () =>
    spawn(process.execPath, [NEXT, dev ? "dev" : "start", "-H", "127.0.0.1", "-p", String(pagesPort)], {
      cwd: ROOT,
      env: { ...env, PORT: String(pagesPort), NEXT_TELEMETRY_DISABLED: "1" },
      stdio: ["ignore", dev ? "inherit" : "ignore", "inherit"],
    }),
  );
  await pagesAnswer(pagesPort);
  console.log(`\n  Citywall is running.\n\n    ${gatewayUrl}/\n`);
  if (mocks && process.env.CITYWALL_MOCKS !== "0") await startMocks(gatewayUrl, env);
}

/** A folder from the environment, else of the working directory as with every command, as an absolute path: children run elsewhere. */
function folder(name: string, fallback: string): string {
  return path.resolve(process.env[name] ?? fallback);
}

async function startMocks(gatewayUrl: string, env: NodeJS.ProcessEnv): Promise<void> {
  const mocked = await mockCities(env);
  if (mocked.length === 0) return;
  const tokens = new Tokens(folder("CITYWALL_DATA", "data"));
  const secrets = await tokens.replace(
    "mock",
    mocked.flatMap(({ id, systems }) => systems.map((system) => `${id}/${system}`)),
    new Date(now()).toISOString(),
  );
  keep("mock feeds", () =>
    fork(path.join(ROOT, "mock-feeds/main.ts"), {
      cwd: ROOT,
      env: {
        ...env,
        CITYWALL_URL: gatewayUrl,
        CITYWALL_TOKENS: JSON.stringify(secrets),
        CITYWALL_MOCK_CITIES: mocked.map(({ id }) => id).join(","),
      },
      execArgv: ["--import", "tsx"],
    }),
  );
  console.log(
    `  Mock feeds of ${mocked.map(({ name }) => name).join(", ")} are publishing (simulated figures; --no-mocks leaves them out).\n`,
  );
  await seedOnce(env);
}

/** Configured places that have mock feeds, as far as CITYWALL_MOCK_CITIES lets them. */
export async function mockCities(env: NodeJS.ProcessEnv): Promise<{ id: string; name: string; systems: string[] }[]> {
  const wanted = env.CITYWALL_MOCK_CITIES?.split(",");
  const found = [];
  for (const { place } of mockPlaces) {
    if (wanted && !wanted.includes(place.city)) continue;
    const text = await readFile(path.join(env.CITYWALL_CITIES ?? "cities", place.city, "city.json"), "utf8").catch(
      () => null,
    );
    if (!text) continue;
    const { name, systems } = JSON.parse(text) as { name: { en: string }; systems: object };
    found.push({ id: place.city, name: name.en, systems: Object.keys(systems) });
  }
  return found;
}

/** Fills an empty store with the mock feeds' last days, once, behind everything else. */
async function seedOnce(env: NodeJS.ProcessEnv): Promise<void> {
  const days = Number(process.env.CITYWALL_SEED_DAYS ?? 7);
  const marker = path.join(env.CITYWALL_DATA ?? "data", "seeded");
  if (
    !(days > 0) ||
    process.env.CITYWALL_HISTORY === "0" ||
    (await stat(marker).then(
      () => true,
      () => false,
    ))
  )
    return;
  const child = spawn(process.execPath, [path.join(ROOT, "bin/citywall.mjs"), "seed", "--days", String(days)], {
    cwd: ROOT,
    env,
    stdio: "ignore",
  });
  children.add(child);
  // The live path comes first on a small machine.
  if (child.pid) os.setPriority(child.pid, 10);
  child.on("exit", (code) => {
    children.delete(child);
    if (ending) return;
    if (code === 0)
      void writeFile(marker, `${days}\n`).then(() =>
        console.log(`  The mock feeds' last ${days} days are in the store.\n`),
      );
    else console.error("citywall: the store could not be seeded; it is tried again at the next start");
  });
}

const children = new Set<ChildProcess>();
let ending = false;

/** Starts a child and starts it again whenever it ends, waiting longer each time it ends soon. */
function keep(name: string, launch: () => ChildProcess): { ready: Promise<void> } {
  let delay = 250;
  let markReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    markReady = resolve;
  });
  function run(): void {
    const began = now();
    const child = launch();
    children.add(child);
    child.on("message", () => markReady());
    child.on("exit", (code) => {
      children.delete(child);
      if (ending) return;
      if (code === EX_CONFIG) return void end(EX_CONFIG);
      delay = now() - began > 30_000 ? 250 : Math.min(delay * 2, 10_000);
      console.error(`citywall: ${name} ended (${code}); starting it again in ${delay} ms`);
      after(delay, run);
    });
  }
  run();
  return { ready };
}

/** Ends every child, the gateway with time to write what it keeps, then this process. */
async function end(code: number): Promise<void> {
  ending = true;
  await Promise.all(
    [...children].map(
      (child) =>
        new Promise((resolve) => {
          child.once("exit", resolve);
          child.kill("SIGTERM");
        }),
    ),
  );
  process.exit(code);
}

/** Files that browsers fetch beside the build; the fonts among them follow the places that are configured. */
async function assets(): Promise<void> {
  await runToEnd(process.execPath, [path.join(ROOT, "scripts/assets.mjs")]);
  await runToEnd(process.execPath, ["--import", "tsx", path.join(ROOT, "scripts/fonts.ts")]);
}

async function build(): Promise<void> {
  console.log("citywall: building the pages (about a minute, once)");
  await runToEnd(process.execPath, [path.join(ROOT, "scripts/build.mjs")]);
}

function runToEnd(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, CITYWALL_CITIES: folder("CITYWALL_CITIES", "cities"), NEXT_TELEMETRY_DISABLED: "1" },
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${path.basename(args[0] ?? command)} ended with ${code}`)),
    );
  });
}

/** True when there is no build of the pages, or a source is newer than it. */
async function buildIsOld(): Promise<boolean> {
  const built = await stat(path.join(ROOT, ".next/BUILD_ID")).then(
    (info) => info.mtimeMs,
    () => 0,
  );
  if (built === 0) return true;
  const newest = await Promise.all(
    ["app", "components", "lib", "proxy.ts", "next.config.js", "package.json"].map((name) =>
      newestIn(path.join(ROOT, name)),
    ),
  );
  return Math.max(...newest) > built;
}

async function newestIn(file: string): Promise<number> {
  const info = await stat(file).catch(() => null);
  if (!info) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  const inside = await readdir(file);
  return Math.max(0, ...(await Promise.all(inside.map((name) => newestIn(path.join(file, name))))));
}

async function pagesAnswer(port: number): Promise<void> {
  for (let i = 0; i < 240; i++) {
    const up = await fetch(`http://127.0.0.1:${port}/api/alive`).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise<void>((resolve) => after(250, resolve));
  }
}

function fail(message: string): void {
  console.error(`citywall: ${message}`);
  process.exitCode = EX_CONFIG;
}
