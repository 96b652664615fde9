import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const executablePath =
  process.env.CITYWALL_CHROMIUM ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) => existsSync(file));

/** Runs beside each other have a name each, for what they leave. */
const part = process.env.E2E_PART ? `e2e-${process.env.E2E_PART}` : "e2e";
const report = ["json", { outputFile: `test-results/${part}.json` }] as const;

export default defineConfig({
  testDir: "e2e",
  // A folder of its own, as it is emptied first: what the unit tests report lies beside it.
  outputDir: `test-results/${part}`,
  workers: 1,
  // Tests of one kind of stack after another: each stack ends, and its feeds with it, before the next kind begins.
  projects: ["quiet", "living", "places", "trust"].map((name) => ({ name, testMatch: `${name}/*.e2e.ts` })),
  // A test that passes only now and then has found something.
  retries: 0,
  // Limits are for what hangs, not for what is slow: what a test says of time it counts in frames, beats or the page's own clock.
  timeout: 300_000,
  // Two runs on one machine agree to the pixel; a digit of the smallest size has 48.
  expect: { timeout: 60_000, toHaveScreenshot: { maxDiffPixels: 40, threshold: 0.25 } },
  snapshotPathTemplate: "e2e/pictures/{arg}{ext}",
  reporter: [[process.env.CI ? "line" : "list"], [...report]],
  use: {
    viewport: { width: 1920, height: 1080 },
    locale: "zh-CN",
    timezoneId: "America/New_York",
    // Debian's Chromium draws WebGL2 in software; the switches keep it from calling home.
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
