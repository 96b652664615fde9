/** Types, lint, import rules, unused code, packages, unit tests: what has to hold before every commit. */
import { spawnSync } from "node:child_process";
import { CHECKS } from "./checks.mjs";

const steps = { ...CHECKS, "unit tests": ["vitest", ["run", "--reporter", "dot"]] };
let failed = 0;
for (const [name, [command, args]] of Object.entries(steps)) {
  const { status } = spawnSync("npx", ["--no-install", command, ...args], { stdio: "inherit" });
  console.log(`${status === 0 ? "✓" : "✗"} ${name}`);
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
