import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const clockOnly =
  "only lib/clock touches time, so that a test can own it (mock feeds have their own in mock-feeds/kit/clock)";

const ownClock = { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clockOnly };
const oneEvaluation =
  "value, quality, freshness and suppression are judged in one place, readMetric (lib/live), or two widgets " +
  "disagree about one number";

// Rules that need types (a promise nobody waits for, an object written as "[object Object]") are in .oxlintrc.json.
export default tseslint.config(
  {
    ignores: [
      ".next/",
      "dist/",
      // Where programs are built before they take the place of the last ones, beside this check as a rule.
      "dist.*/",
      "node_modules/",
      "public/",
      "test-results/",
      ".mutation/",
      "next-env.d.ts",
      "bench/out/",
      "server/clients/generated/",
    ],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/no-explicit-any": "error",
      "no-console": ["error", { allow: ["error"] }],
      "max-depth": ["error", 3],
      "max-lines": ["error", { max: 450, skipComments: true, skipBlankLines: true }],
      // Prettier breaks code at 120; what it leaves whole (text, comments, templates) is broken by hand.
      "max-len": ["error", { code: 140, ignoreUrls: true }],
      "no-nested-ternary": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["components/**", "app/**"],
    plugins: { "react-hooks": reactHooks },
    rules: reactHooks.configs.flat.recommended.rules,
  },
  {
    // A test file is a list of cases, and describe() one function around them.
    files: ["**/*.test.ts", "**/*.test.tsx", "e2e/**"],
    rules: { "max-lines": ["error", { max: 900, skipComments: true, skipBlankLines: true }] },
  },
  {
    files: ["**/*.ts", "**/*.tsx", "**/*.mjs", "**/*.js"],
    ignores: ["**/*.test.ts", "**/*.test.tsx", "e2e/**"],
    rules: { "max-lines-per-function": ["error", { max: 70, skipComments: true, skipBlankLines: true }] },
  },
  {
    files: ["lib/**", "components/**", "app/**"],
    ignores: ["lib/clock/**", "**/*.test.ts", "**/*.test.tsx"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: clockOnly },
        { object: "performance", property: "now", message: clockOnly },
      ],
      "no-restricted-globals": [
        "error",
        ...["setTimeout", "setInterval", "requestAnimationFrame"].map((name) => ({ name, message: clockOnly })),
      ],
      "no-restricted-syntax": ["error", ownClock],
    },
  },
  {
    // The analyst's and the metric's page show buckets of history, which carry their own quality.
    files: ["components/**"],
    ignores: ["components/analysis/**", "components/metric/**", "**/*.test.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ownClock,
        ...[
          "MemberExpression[property.name='last']",
          "MemberExpression[property.name='tolerance']",
          "CallExpression[callee.name=/^(freshness|evaluateReading|evaluateSign)$/]",
        ].map((selector) => ({ selector, message: oneEvaluation })),
      ],
    },
  },
  // Commands speak to whoever called them.
  {
    files: [
      "server/**",
      "cli/**",
      "generator/**",
      "model/**",
      "torture/**",
      "scripts/**",
      "bench/**",
      "look/**",
      "bin/**",
    ],
    rules: { "no-console": "off" },
  },
  { files: ["e2e/**"], rules: { "no-empty-pattern": "off" } },
);
