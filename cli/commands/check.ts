import type { Command } from "commander";
import { citiesFolder } from "../arguments";

export function addCheck(program: Command): void {
  program.command("check").description("check every city, screen and setting").action(check);
}

async function check(): Promise<void> {
  const { checkCities } = await import("../../generator/city-check");
  const { good, warnings, issues } = await checkCities(citiesFolder());
  for (const line of good) console.log(`✓ ${line}`);
  for (const line of warnings) console.warn(`! ${line}`);
  for (const line of issues) console.error(`✗ ${line}`);
  if (issues.length > 0) process.exitCode = 1;
}
