/**
 * The whole test: unit and property tests, the pages' build, end-to-end tests in Chromium. Finds the browser and
 * PostgreSQL or, as root on Debian, installs them. Ends with one line, `N passed, N failed`.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { CHECKS } from "./checks.mjs";
import { endToEndFailures, unitFailures } from "./failures.mjs";
import { startPostgres } from "./postgres.mjs";

/** End-to-end tests beside each other: a page that waits for a beat or a limit leaves a third of two cores to the other. */
const E2E = [
  { name: "quiet", projects: ["quiet", "places"] },
  { name: "living", projects: ["living", "trust"] },
];
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
const unitOnly = process.argv.includes("--unit");

/**
 * Runs a program to its end; gives its exit status. Some run beside each other, so that a machine with two cores is busy: what one
 * that is `held` prints is shown when it has ended.
 */
function run(command, args, { more = {}, held = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: held ? ["ignore", "pipe", "pipe"] : "inherit",
      env: { ...env, ...more },
    });
    let printed = "";
    child.stdout?.on("data", (chunk) => (printed += chunk));
    child.stderr?.on("data", (chunk) => (printed += chunk));
    child.once("error", () => resolve(1));
    child.once("close", (status) => {
      if (printed !== "") console.log(printed.trimEnd());
      resolve(status ?? 1);
    });
  });
}
const npx = (command, args, options) => run("npx", ["--no-install", command, ...args], options);

let passed = 0;
let failed = 0;
/** What failed, to be told at the end once more. */
const failures = [];

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
  install("chromium", "fonts-noto-cjk");
  return existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : null;
}

/** Installs Debian's packages where that is possible. */
function install(...packages) {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const apt = (...args) =>
    spawnSync("apt-get", args, { stdio: "inherit", env: { ...env, DEBIAN_FRONTEND: "noninteractive" } });
  apt("update", "-qq");
  apt("install", "-y", "-qq", "--no-install-recommends", ...packages);
}

mkdirSync("test-results", { recursive: true });
rmSync("test-results/unit.json", { force: true });
for (const { name } of E2E) rmSync(`test-results/e2e-${name}.json`, { force: true });

/** A check that finds no faults counts for nothing; one that does, as a failure. */
async function check(name) {
  const [command, args] = CHECKS[name];
  count(name, await npx(command, args, { held: true }), () => ({ passed: 0, failed: 0 }));
}

async function unitTests(postgres) {
  const args = ["run", "--reporter=dot", "--reporter=json", "--outputFile.json=test-results/unit.json"];
  const more = postgres ? { CITYWALL_TEST_POSTGRES: postgres.url } : {};
  const status = await npx("vitest", args, { more });
  count("unit tests", status, () => {
    const report = JSON.parse(readFileSync("test-results/unit.json", "utf8"));
    failures.push(...unitFailures(report));
    return { passed: report.numPassedTests, failed: report.numFailedTests };
  });
}

async function endToEndTests({ name, projects }, browser) {
  const args = ["test", ...projects.map((project) => `--project=${project}`)];
  const status = await npx("playwright", args, { more: { CITYWALL_CHROMIUM: browser, E2E_PART: name } });
  count(`end-to-end tests, ${name}`, status, () => {
    const report = JSON.parse(readFileSync(`test-results/e2e-${name}.json`, "utf8"));
    failures.push(...endToEndFailures(report));
    const { stats } = report;
    // One that passes only now and then has found something.
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
  });
}

const postgres = await startPostgres();
if (!postgres) {
  console.error("no PostgreSQL: install it (Debian: postgresql), the store is tested against a real server");
  failed++;
}
// Tests make certificates of their own.
if (spawnSync("openssl", ["version"]).error) install("openssl");
const browser = unitOnly ? null : chromium();
if (!unitOnly && !browser) {
  console.error("no Chromium: install it, or name one in CITYWALL_CHROMIUM");
  failed++;
}

const [built] = await Promise.all([browser ? run(process.execPath, ["scripts/build.mjs"]) : null, check("lint")]);
if (built !== null && built !== 0) {
  console.error("the pages did not build");
  failed++;
}
// After the build, whose routes have types of their own.
await Promise.all([
  unitTests(postgres).then(() => postgres?.stop()),
  check("types")
    .then(() => check("import rules"))
    .then(() => check("unused code"))
    .then(() => check("packages")),
]);
// Not beside the unit tests: two cores then had the work of four, and pages took a minute to come.
if (built === 0) await Promise.all(E2E.map((part) => endToEndTests(part, browser)));

for (const failure of failures) console.log(`\nfailed: ${failure}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
