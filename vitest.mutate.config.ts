/** The tests that judge a changed file, which `scripts/mutate.mjs` names; each file has a worker of its own. */
export default {
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    environment: "node",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: process.env.CITYWALL_MUTATE_TESTS?.split(",") ?? [],
  },
};
