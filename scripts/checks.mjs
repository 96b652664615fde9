import { existsSync } from "node:fs";

/** What a build says of its routes; it is made by the build, in a folder that nothing else looks into. */
const ROUTES = ".next/types/validator.ts";

/** What has to hold besides the tests: a name, and the command with its arguments. */
export const CHECKS = {
  /**
   * What TypeScript's compiler says, and the rules that need its types (.oxlintrc.json): by the compiler in Go, a fifth of the
   * time that tsc and typed rules in ESLint take.
   */
  get types() {
    return ["oxlint", ["--no-ignore", "--deny-warnings", ".", ...[ROUTES].filter(existsSync)]];
  },
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
