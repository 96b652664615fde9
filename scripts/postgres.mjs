/**
 * A PostgreSQL server of its own for tests and benches: in a temporary folder, on loopback, gone when `stop` is called.
 * Installs Debian's package when it is missing and this is root.
 */
import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
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
  spawnSync("sh", [
    "-c",
    "mkdir -p /etc/postgresql-common && [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf",
  ]);
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

/**
 * Starts a server. Returns `{ url, kill, start, stop }`, or null where there is none and none can be installed.
 * `kill` ends it at once, as a crash would; `start` starts it again on the same data.
 */
export async function startPostgres() {
  const bin = programs() ?? install();
  if (!bin) return null;
  const folder = mkdtempSync(path.join(os.tmpdir(), "citywall-pg-"));
  // PostgreSQL refuses to run as root.
  const root = process.getuid?.() === 0;
  const [uid, gid] = root
    ? ["-u", "-g"].map((flag) => Number(spawnSync("id", [flag, "postgres"]).stdout.toString()))
    : [];
  const identity = root ? { uid, gid } : {};
  if (root) chownSync(folder, uid, gid);
  const data = path.join(folder, "data");
  const made = spawnSync(
    path.join(bin, "initdb"),
    ["-D", data, "-U", "citywall", "-A", "trust", "-E", "UTF8", "--locale=C"],
    { ...identity, cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const port = await freePort();
  let server = null;
  async function start() {
    server = spawn(
      path.join(bin, "postgres"),
      [
        "-D",
        data,
        "-h",
        "127.0.0.1",
        "-p",
        String(port),
        "-k",
        folder,
        "-c",
        "shared_buffers=256MB",
        "-c",
        "max_wal_size=2GB",
      ],
      { ...identity, cwd: folder, stdio: "ignore" },
    );
    for (let i = 0; i < 200; i++) {
      if (spawnSync(path.join(bin, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port), "-q"]).status === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("postgres did not start");
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
