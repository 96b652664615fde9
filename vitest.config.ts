import os from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": path.resolve(import.meta.dirname) } },
  test: {
    include: [
      "lib/**/*.test.ts",
      "components/**/*.test.ts",
      "mock-feeds/**/*.test.ts",
      "server/**/*.test.ts",
      "cli/**/*.test.ts",
      "generator/**/*.test.ts",
      "model/**/*.test.ts",
      "torture/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    environment: "node",
    // For what hangs, not for what is slow: end-to-end tests run beside these.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Much of a test's time is waiting for processes: two cores have room for a third.
    maxWorkers: Math.max(3, os.availableParallelism()),
  },
});
