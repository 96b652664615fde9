/**
 * A PostgreSQL server of its own for tests and benches: in a temporary folder, on loopback, gone when `stop` is called.
 * Installs Debian's package when it is missing and this is root.
 */
import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";

const VERSIONS = "/usr/lib/postgresql";

/** Folder of the newest server's programs, or null. */
function programs() {
  if (!existsSync(VERSIONS)) return null;
  const newest = readdirSync(VERSIONS)
    .map(Number)
    .filter(Boolean)
    .sort((a, b) => b - a)
    .find((version) => existsSync(path.join(VERSIONS, String(version), "bin/initdb")));
  return newest ? path.join(VERSIONS, String(newest), "bin") : null;
}

function install() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return null;
  const apt = (...args) =>
    spawnSync("apt-get", args, { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  // The package's own cluster is not wanted: it would hold the default port.
  mkdirSync("/etc/postgresql-common", { recursive: true });
  const clusters = "/etc/postgresql-common/createcluster.conf";
  if (!existsSync(clusters)) writeFileSync(clusters, "create_main_cluster = false\n");
  apt("update", "-qq");
  apt("install", "-y", "-qq", "--no-install-recommends", "postgresql");
  return programs();
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** What the server's programs run as: PostgreSQL refuses to run as root. */
function serverIdentity() {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(spawnSync("id", [flag, "postgres"]).stdout.toString()));
  return { uid, gid };
}

function initialise(bin, data, options) {
  const made = spawnSync(
    path.join(bin, "initdb"),
    ["-D", data, "-U", "citywall", "-A", "trust", "-E", "UTF8", "--locale=C"],
    { ...options, stdio: ["ignore", "ignore", "pipe"] },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
}

async function untilReady(bin, port) {
  for (let i = 0; i < 200; i++) {
    if (spawnSync(path.join(bin, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port), "-q"]).status === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("postgres did not start");
}

/**
 * Starts a server. Returns `{ url, kill, start, stop }`, or null where there is none and none can be installed.
 * `kill` ends it at once, as a crash would; `start` starts it again on the same data.
 */
export async function startPostgres() {
  const bin = programs() ?? install();
  if (!bin) return null;
  const folder = mkdtempSync(path.join(os.tmpdir(), "citywall-pg-"));
  const options = { ...serverIdentity(), cwd: folder };
  if (options.uid !== undefined) chownSync(folder, options.uid, options.gid);
  const data = path.join(folder, "data");
  initialise(bin, data, options);
  const port = await freePort();
  const place = ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", folder];
  const settings = ["-c", "shared_buffers=256MB", "-c", "max_wal_size=2GB"];
  let server = null;
  async function start() {
    server = spawn(path.join(bin, "postgres"), [...place, ...settings], { ...options, stdio: "ignore" });
    await untilReady(bin, port);
  }
  const ended = (signal) =>
    new Promise((resolve) => {
      if (!server || server.exitCode !== null || server.signalCode !== null) return resolve();
      server.once("exit", resolve);
      server.kill(signal);
    });
  await start();
  return {
    url: `postgres://citywall@127.0.0.1:${port}/postgres`,
    start,
    kill: () => ended("SIGQUIT"),
    async stop() {
      await ended("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
