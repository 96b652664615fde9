import { once } from "node:events";
import { Option, type Command } from "commander";
import { ACTIONS } from "../../lib/control/audit";
import type { AuditFilter } from "../../lib/control/audit";
import { AUDIT_FORMATS, auditFile, type AuditFormat } from "../../lib/gateway/audit-file";
import { record, withControl } from "../audited";
import { number, time } from "../arguments";

interface ListOptions {
  since?: string;
  until?: string;
  who?: string;
  action?: string;
  text?: string;
  limit: string;
  json: boolean;
}

/** The lines that are asked for. Ends the command where a time is none. */
function filterOf({ since, until, who, action, text }: Partial<ListOptions>): AuditFilter {
  return {
    ...(since === undefined ? {} : { since: time(since, "--since") }),
    ...(until === undefined ? {} : { until: time(until, "--until") }),
    ...(who === undefined ? {} : { who }),
    ...(action === undefined ? {} : { action }),
    ...(text === undefined ? {} : { text }),
  };
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
    .option("--text <text>", "held by a line: who, what, where from or its details")
    .option("--limit <lines>", "at most so many", "100")
    .option("--json", "one JSON object a line, with its hash", false)
    .action(list);
  audit
    .command("export")
    .description("the log as a file, oldest first, on standard output")
    .addOption(new Option("--format <format>", "what it is written as").choices(AUDIT_FORMATS).default("ndjson"))
    .option("--since <time>", "from this RFC 3339 time on")
    .option("--until <time>", "before this one")
    .option("--who <who>", "done by this one alone")
    .addOption(new Option("--action <action>", "this alone").choices(ACTIONS))
    .option("--text <text>", "held by a line")
    .action(exported);
  audit
    .command("verify")
    .description("read the whole log and say where it is not what was written: changed, dropped or exchanged lines")
    .action(check);
}

async function list({ limit, json, ...asked }: ListOptions): Promise<void> {
  const { lines } = await import("../../lib/control/audit");
  const filter = { ...filterOf(asked), limit: number(limit, "--limit") };
  for (const row of await withControl((db) => lines(db, filter))) {
    const told = [new Date(row.at).toISOString(), row.who, row.action, row.object, row.address].filter(
      (part) => part !== "",
    );
    console.log(json ? JSON.stringify(row) : told.join("  "));
  }
}

async function exported({ format, ...asked }: Partial<ListOptions> & { format: AuditFormat }): Promise<void> {
  const filter = filterOf(asked);
  await record({ action: "audit.export", object: "audit log", detail: { format } });
  const { lines } = await import("../../lib/control/audit");
  await withControl(async (db) => {
    const [newest] = await lines(db, { limit: 1 });
    const pieces = auditFile(format, newest?.seq ?? 0, (page) => lines(db, { ...filter, ...page, oldestFirst: true }));
    for await (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, "drain");
  });
}

async function check(): Promise<void> {
  const { verify } = await import("../../lib/control/audit");
  const verdict = await withControl(verify);
  const before = verdict.forgotten > 0 ? `, behind ${verdict.forgotten} that were older than they are kept` : "";
  if (verdict.ok) return console.log(`✓ ${verdict.lines} lines, each as it was written${before}`);
  console.error(
    `citywall: line ${verdict.seq} is ${verdict.fault}; the ${verdict.lines} before it are as they were written${before}`,
  );
  process.exitCode = BROKEN;
}
