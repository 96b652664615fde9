/**
 * The whole test: unit and property tests, the pages' build, end-to-end tests in Chromium. Finds the browser and
 * PostgreSQL or, as root on Debian, installs them. Ends with one line, `N passed, N failed`.
 */
import { spawnSync } from "node:child_process";
import { startPostgres } from "./postgres.mjs";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";

const run = (command, args, env = {}) =>
  spawnSync(command, args, { stdio: "inherit", env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env } })
    .status ?? 1;
const npx = (command, args, env) => run("npx", ["--no-install", command, ...args], env);
const unitOnly = process.argv.includes("--unit");

let passed = 0;
let failed = 0;

/** Counts a tool's report; a tool that failed without saying where counts as one failure. */
function count(name, status, read) {
  let own = { passed: 0, failed: 0 };
  try {
    own = read();
  } catch {
    own = { passed: 0, failed: 1 };
  }
  if (status !== 0 && own.failed === 0) own.failed = 1;
  passed += own.passed;
  failed += own.failed;
  console.log(`${name}: ${own.passed} passed, ${own.failed} failed`);
}

function chromium() {
  const found = [
    process.env.CITYWALL_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ].find((file) => file && existsSync(file));
  if (found) return found;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return null;
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"], {
    DEBIAN_FRONTEND: "noninteractive",
  });
  return existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : null;
}

mkdirSync("test-results", { recursive: true });
rmSync("test-results/unit.json", { force: true });
rmSync("test-results/e2e.json", { force: true });

for (const [name, command, args] of [
  ["types", "tsc", ["--noEmit", "-p", "."]],
  ["lint", "eslint", ["--max-warnings", "0", "."]],
  [
    "import rules",
    "depcruise",
    [
      "app",
      "components",
      "lib",
      "server",
      "cli",
      "generator",
      "model",
      "mock-feeds",
      "scripts",
      "proxy.ts",
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "err",
    ],
  ],
  ["unused code", "knip", []],
]) {
  count(name, npx(command, args), () => ({ passed: 0, failed: 0 }));
}

const postgres = await startPostgres();
if (!postgres) {
  console.error("no PostgreSQL: install it (Debian: postgresql), the store is tested against a real server");
  failed++;
}
const unit = npx(
  "vitest",
  ["run", "--reporter=dot", "--reporter=json", "--outputFile.json=test-results/unit.json"],
  postgres ? { CITYWALL_TEST_POSTGRES: postgres.url } : {},
);
await postgres?.stop();
count("unit tests", unit, () => {
  const report = JSON.parse(readFileSync("test-results/unit.json", "utf8"));
  return { passed: report.numPassedTests, failed: report.numFailedTests };
});

if (!unitOnly) {
  const browser = chromium();
  if (!browser) {
    console.error("no Chromium: install it, or name one in CITYWALL_CHROMIUM");
    failed++;
  } else if (run(process.execPath, ["scripts/build.mjs"]) !== 0) {
    console.error("the pages did not build");
    failed++;
  } else {
    const e2e = npx("playwright", ["test"], { CITYWALL_CHROMIUM: browser });
    count("end-to-end tests", e2e, () => {
      const { stats } = JSON.parse(readFileSync("test-results/e2e.json", "utf8"));
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
    });
  }
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
