import type { Command } from "commander";
import { citiesFolder, fail, number, positive, tellDone } from "../arguments";

interface MetricOptions {
  id: string;
  name: string;
  nameZh?: string;
  unit: string;
  unitZh?: string;
  kind: string;
  system: string;
  interval: string;
  limit?: string;
  decimals?: string;
  better?: string;
  target?: string;
  districts: boolean;
}

export function addMetric(program: Command): void {
  program
    .command("metric")
    .description("what a city counts")
    .command("add")
    .description("add a metric to a city's metrics.json")
    .argument("<city>")
    .requiredOption("--id <id>", "such as permits-today")
    .requiredOption("--name <en>", "English name")
    .option("--name-zh <zh>", "Chinese name (the English one)")
    .requiredOption("--system <system>", "a system of city.json")
    .option("--kind <kind>", "gauge: a state now; day: counted since local midnight; total: since ever", "gauge")
    .option("--unit <en>", "behind the value", "")
    .option("--unit-zh <zh>", "the same in Chinese (the English one)")
    .option("--interval <seconds>", "between two readings", "60")
    .option("--limit <seconds>", "after which the last reading is dead (six intervals)")
    .option("--decimals <count>")
    .option("--better <way>", "up, down or none")
    .option("--target <value>")
    .option("--districts", "readings come by district as well", false)
    .action(add);
}

async function add(city: string, options: MetricOptions): Promise<void> {
  const { addMetric } = await import("../../generator/screen-add");
  const kind = options.kind;
  if (kind !== "gauge" && kind !== "day" && kind !== "total") fail(`--kind: "${kind}" is not gauge, day or total`);
  const better = options.better ?? "none";
  if (better !== "up" && better !== "down" && better !== "none") fail(`--better: "${better}" is not up, down or none`);
  const interval = positive(options.interval, "--interval");
  await tellDone(
    addMetric(citiesFolder(), city, {
      id: options.id,
      name: { zh: options.nameZh ?? options.name, en: options.name },
      unit: { zh: options.unitZh ?? options.unit, en: options.unit },
      kind,
      interval,
      limit: options.limit === undefined ? interval * 6 : positive(options.limit, "--limit"),
      system: options.system,
      ...(options.decimals === undefined ? {} : { decimals: Number(options.decimals) }),
      ...(better === "none" ? {} : { better }),
      ...(options.target === undefined ? {} : { target: number(options.target, "--target") }),
      ...(options.districts ? { districts: true } : {}),
    }),
  );
}
