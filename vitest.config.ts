import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";

const ROOT = import.meta.dirname;
const shared = { resolve: { alias: { "@": ROOT } } };
const common = {
  environment: "node",
  // For what hangs, not for what is slow.
  testTimeout: 60_000,
  hookTimeout: 60_000,
} as const;

/** Folders whose tests leave nothing behind in what they import, as a rule. */
const PURE = [
  ...["components", "generator", "mock-feeds", "scripts"],
  ...["cities", "clock", "contract", "control", "files", "gateway", "history", "live", "maps", "processes"].map(
    (folder) => `lib/${folder}`,
  ),
];
/** What a test does to modules, globals or clocks would be met by the next file of its worker; processes are slow. */
const LEAVES_TRACES = /\bvi\.(mock|doMock|stub|spyOn|useFakeTimers|resetModules|setSystemTime)|node:child_process/;

/** Test files of the pure folders that need a worker of their own. */
const apart = PURE.flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.posix.join(folder, file)),
).filter((file) => LEAVES_TRACES.test(readFileSync(path.join(ROOT, file), "utf8")));

export default defineConfig({
  test: {
    // Much of a test's time is waiting for processes: two cores have room for a third.
    maxWorkers: Math.max(3, os.availableParallelism()),
    projects: [
      {
        ...shared,
        test: {
          ...common,
          name: "pure",
          include: PURE.map((folder) => `${folder}/**/*.test.ts`),
          exclude: apart,
          // A worker loads a module once for all of them: a fifth of the CPU time.
          isolate: false,
        },
      },
      {
        ...shared,
        test: {
          ...common,
          name: "apart",
          include: ["{cli,model,server,torture}/**/*.test.ts", ...apart],
        },
      },
    ],
  },
});
