/**
 * How `npm run mutate` changes one file, named by CITYWALL_MUTATE, and runs the tests of its own part against each change.
 */
const { CITYWALL_MUTATE: file = "", CITYWALL_MUTATE_LINES: lines = "" } = process.env;
const named = `${file.replaceAll("/", "-")}-${lines}`;

export default {
  mutate: [`${file}:${lines}`],
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "vitest.mutate.config.ts", related: false },
  coverageAnalysis: "perTest",
  // What is made once, when a file is loaded, would need a new process for each change.
  ignoreStatic: true,
  ignorePatterns: [".next", "dist", "bench/out", "/cities", "data", "e2e", "public", "test-results", ".mutation"],
  concurrency: Number(process.env.CITYWALL_MUTATE_WORKERS ?? 1),
  timeoutMS: 20_000,
  timeoutFactor: 4,
  dryRunTimeoutMinutes: 20,
  incremental: true,
  incrementalFile: `.mutation/${named}.json`,
  // Beside test-results, which a run of the browser tests empties.
  tempDirName: ".mutation/sandbox",
  jsonReporter: { fileName: `.mutation/report-${named}.json` },
  reporters: ["json", "clear-text", "progress-append-only"],
  clearTextReporter: { logTests: false, allowColor: false, reportTests: false, reportScoreTable: false },
};
