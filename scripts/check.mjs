/** Types, lint, import rules, unused code, unit tests: what has to hold before every commit. */
import { spawnSync } from "node:child_process";

const steps = [
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
    ],
  ],
  ["unused code", "knip", []],
  ["unit tests", "vitest", ["run", "--reporter", "dot"]],
];
let failed = 0;
for (const [name, command, args] of steps) {
  const { status } = spawnSync("npx", ["--no-install", command, ...args], { stdio: "inherit" });
  console.log(`${status === 0 ? "✓" : "✗"} ${name}`);
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
