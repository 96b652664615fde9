import { mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** The tests that judge a changed file: `scripts/mutate.mjs` names them. */
const config = mergeConfig(base, {});
config.test.include = process.env.CITYWALL_MUTATE_TESTS?.split(",") ?? [];
export default config;
