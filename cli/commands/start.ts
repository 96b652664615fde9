import type { Command } from "commander";

interface StartOptions {
  mocks: boolean;
  pages: boolean;
}

export function addStart(program: Command): void {
  addRun(program, "start", "gateway, pages and mock feeds", false);
}

export function addDev(program: Command): void {
  addRun(program, "dev", "the same, with pages rebuilt as files change", true);
}

function addRun(program: Command, name: string, description: string, dev: boolean): void {
  program
    .command(name)
    .description(description)
    .option("--no-mocks", "without the mock feeds")
    .option("--no-pages", "without the pages: gateway, store and feeds alone")
    .action(async (options: StartOptions) => (await import("../../server/start")).start({ dev, ...options }));
}
