import type { AuditFilter } from "../control/audit";
import type { ControlAsk } from "../control/remote";
import type { Moment } from "../contract/api/moments";
import { ControlAway } from "../control/refusal";
import { auditFile } from "./audit-file";
import { byOf, type Audit } from "./audit";
import type { Handlers } from "./router";

interface Parts {
  /** null: nothing is audited */
  control: ControlAsk | null;
  audit: Audit;
  now: () => number;
}

/** @throws ControlAway where there are no control data */
export function mustBeThere(control: ControlAsk | null): ControlAsk {
  if (!control) throw new ControlAway("this gateway has none");
  return control;
}

interface Asked {
  since?: Moment | undefined;
  until?: Moment | undefined;
  who?: string | undefined;
  action?: string | undefined;
  text?: string | undefined;
}

function filterOf({ since, until, who, action, text }: Asked, now: number): AuditFilter {
  return {
    ...(since ? { since: since(now) } : {}),
    ...(until ? { until: until(now) } : {}),
    ...(who ? { who } : {}),
    ...(action ? { action } : {}),
    ...(text ? { text } : {}),
  };
}

/** What was asked for, as the log has it of who takes it out. */
function detailOf(filter: AuditFilter, format: string): Record<string, string> {
  const told = Object.entries(filter).map(([name, value]) => [
    name,
    name === "since" || name === "until" ? new Date(Number(value)).toISOString() : String(value),
  ]);
  return { format, ...(Object.fromEntries(told) as Record<string, string>) };
}

const TYPES = { csv: "text/csv; charset=utf-8", ndjson: "application/x-ndjson" } as const;

/** The audit log, for who may read it. */
export function auditApi({ control, audit, now }: Parts): Handlers<"auditLog" | "auditFile" | "auditCheck"> {
  return {
    auditLog: async ({ query }) => {
      const { before, limit, ...asked } = query;
      const filter = { ...filterOf(asked, now()), ...(before === undefined ? {} : { before }), limit: limit + 1 };
      const ask = mustBeThere(control);
      const [found, actions] = await Promise.all([ask.call("auditLines", filter), ask.call("auditActions", {})]);
      return { status: 200, body: { lines: found.slice(0, limit), more: found.length > limit, actions } };
    },
    auditFile: async ({ query: { format, ...asked } }, exchange) => {
      const ask = mustBeThere(control);
      const filter = filterOf(asked, now());
      await audit(byOf(exchange), { action: "audit.export", object: "audit log", detail: detailOf(filter, format) });
      const [newest] = await ask.call("auditLines", { limit: 1 });
      const pieces = auditFile(format, newest?.seq ?? 0, (page) =>
        ask.call("auditLines", { ...filter, ...page, oldestFirst: true }),
      );
      const headers = { "content-disposition": `attachment; filename=audit.${format}` };
      return { status: 200, type: TYPES[format], pieces, headers };
    },
    auditCheck: async () => ({ status: 200, body: await mustBeThere(control).call("auditVerify", {}) }),
  };
}
