import os from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";

const shared = {
  resolve: { alias: { "@": path.resolve(import.meta.dirname) } },
};
const common = {
  environment: "node",
  // For what hangs, not for what is slow.
  testTimeout: 60_000,
  hookTimeout: 60_000,
} as const;

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
          include: [
            "{components,generator,mock-feeds,scripts}/**/*.test.ts",
            "lib/{cities,clock,contract,files,live}/**/*.test.ts",
          ],
          exclude: ["generator/add-a-city.test.ts"],
          // What one file leaves does not touch the next: a worker loads a module once, a fifth of the CPU time.
          isolate: false,
        },
      },
      {
        ...shared,
        test: {
          ...common,
          name: "processes",
          include: [
            "{cli,model,server,torture}/**/*.test.ts",
            "generator/add-a-city.test.ts",
            "lib/{gateway,history,processes}/**/*.test.ts",
          ],
        },
      },
    ],
  },
});
