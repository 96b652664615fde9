import { Option, type Command } from "commander";
import { ACTIONS } from "../../lib/control/audit";
import { withControl } from "../audited";
import { number, time } from "../arguments";

interface ListOptions {
  since?: string;
  until?: string;
  who?: string;
  action?: string;
  limit: string;
  json: boolean;
}

/** Exit status where the log is not what was written. */
const BROKEN = 1;

export function addAudit(program: Command): void {
  const audit = program.command("audit").description("who did what: the log that nothing is taken out of");
  audit
    .command("list", { isDefault: true })
    .description("lines of the log, newest first")
    .option("--since <time>", "from this RFC 3339 time on")
    .option("--until <time>", "before this one")
    .option("--who <who>", "done by this one alone")
    .addOption(new Option("--action <action>", "this alone").choices(ACTIONS))
    .option("--limit <lines>", "at most so many", "100")
    .option("--json", "one JSON object a line, with its hash", false)
    .action(list);
  audit
    .command("verify")
    .description("read the whole log and say where it is not what was written: changed, dropped or exchanged lines")
    .action(check);
}

async function list({ since, until, who, action, limit, json }: ListOptions): Promise<void> {
  const { lines } = await import("../../lib/control/audit");
  const filter = {
    ...(since === undefined ? {} : { since: time(since, "--since") }),
    ...(until === undefined ? {} : { until: time(until, "--until") }),
    ...(who === undefined ? {} : { who }),
    ...(action === undefined ? {} : { action }),
    limit: number(limit, "--limit"),
  };
  for (const row of await withControl((db) => lines(db, filter))) {
    const told = [new Date(row.at).toISOString(), row.who, row.action, row.object, row.address].filter(
      (part) => part !== "",
    );
    console.log(json ? JSON.stringify(row) : told.join("  "));
  }
}

async function check(): Promise<void> {
  const { verify } = await import("../../lib/control/audit");
  const verdict = await withControl(verify);
  if (verdict.ok) return console.log(`✓ ${verdict.lines} lines, each as it was written`);
  console.error(
    `citywall: line ${verdict.seq} is ${verdict.fault}; the ${verdict.seq - 1} before it are as they were written`,
  );
  process.exitCode = BROKEN;
}
