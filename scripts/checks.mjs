/** What has to hold besides the tests: a name, and the command with its arguments. */
export const CHECKS = {
  types: ["tsc", ["--noEmit", "-p", "."]],
  lint: ["eslint", ["--max-warnings", "0", "."]],
  "import rules": [
    "depcruise",
    [
      "app",
      "components",
      "lib",
      "server",
      "cli",
      "generator",
      "model",
      "torture",
      "mock-feeds",
      "scripts",
      "proxy.ts",
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "err",
    ],
  ],
  "unused code": ["knip", []],
  packages: ["tsx", ["scripts/packages.ts"]],
};
