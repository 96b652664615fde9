import base from "./vitest.config.ts";

const { projects: _, ...test } = base.test ?? {};

/** The tests that judge a changed file, which `scripts/mutate.mjs` names; they are no project, each file has a worker of its own. */
export default {
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    ...test,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: process.env.CITYWALL_MUTATE_TESTS?.split(",") ?? [],
  },
};
