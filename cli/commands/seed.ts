import type { Command } from "commander";
import { now } from "../../lib/clock";
import { environment, number, positive, time } from "../arguments";

interface SeedArguments {
  days: string;
  step: string;
  seed?: string;
  until?: string;
  metrics?: string;
}

export function addSeed(program: Command): void {
  program
    .command("seed")
    .description("fill the store with the mock feeds' past, so that the analyst's pages are not empty on day one")
    .option("--days <days>", "how many", "90")
    .option("--step <seconds>", "between two readings of a series", "60")
    .option("--until <time>", "end of the past that is filled, RFC 3339 (now)")
    .option("--metrics <ids>", "only these, a comma between two (all)")
    .option("--seed <number>", "of the models (CITYWALL_MOCK_SEED)")
    .action(fill);
}

async function fill(options: SeedArguments): Promise<void> {
  const { seed } = await import("../seed");
  const env = environment();
  await seed({
    days: positive(options.days, "--days"),
    step: positive(options.step, "--step"),
    seed: options.seed === undefined ? env.CITYWALL_MOCK_SEED : number(options.seed, "--seed"),
    data: env.CITYWALL_DATA,
    cities: env.CITYWALL_CITIES,
    until: options.until === undefined ? now() : time(options.until, "--until"),
    only: env.CITYWALL_MOCK_CITIES,
    metrics: options.metrics?.split(",").map((id) => id.trim()),
  });
}
