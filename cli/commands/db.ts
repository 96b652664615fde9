import path from "node:path";
import type { Command } from "commander";
import { now } from "../../lib/clock";
import { environment, fail, time } from "../arguments";

interface ExportArguments {
  from: string;
  to: string;
  topic?: string[];
  format: string;
  out: string;
}

export function addDb(program: Command): void {
  const db = program.command("db").description("the store of the past, while Citywall is not running");
  db.command("migrate")
    .description("bring the tables to this version")
    .action(async () => (await import("../db")).dbMigrate(place()));
  db.command("verify")
    .description("check every rollup against its readings")
    .action(async () => {
      if ((await (await import("../db")).dbVerify(place())) > 0) process.exitCode = 1;
    });
  db.command("compact")
    .description("give back the room of what was deleted")
    .action(async () => (await import("../db")).dbCompact(place()));
  db.command("adopt")
    .description("make the database of DATABASE_URL this data folder's, where it was that of one that is no more")
    .action(adopt);
  db.command("export")
    .description("readings to a file")
    .requiredOption("--from <time>")
    .option("--to <time>", "RFC 3339", new Date(now()).toISOString())
    .option("--topic <topic...>", "these only")
    .option("--format <format>", "parquet or csv", "parquet")
    .requiredOption("--out <file>")
    .action(exportReadings);
}

function place(): { data: string; databaseUrl: string | undefined } {
  const env = environment();
  return { data: env.CITYWALL_DATA, databaseUrl: env.DATABASE_URL };
}

/** Whose the database is, or that it is in use, is for a person to read: a sentence and no trace. */
async function adopt(): Promise<void> {
  const { dbAdopt } = await import("../db");
  const { NotOurs } = await import("../../lib/history/store/installation");
  try {
    await dbAdopt(place());
  } catch (error) {
    if (!(error instanceof NotOurs)) throw error;
    console.error(`${error.subject} ${error.message}`);
    process.exitCode = 1;
  }
}

async function exportReadings({ from, to, topic = [], format, out }: ExportArguments): Promise<void> {
  if (format !== "parquet" && format !== "csv") fail(`--format: "${format}" is not parquet or csv`);
  const { dbExport } = await import("../db");
  await dbExport(place(), {
    from: time(from, "--from"),
    to: time(to, "--to"),
    topics: topic,
    format,
    out: path.resolve(out),
  });
}
