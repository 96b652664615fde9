import { z } from "zod";
import { PLAIN_TEXT, NOT_PLAIN } from "../plain-text";
import { LIMITS } from "./limits";
import { moment } from "./moments";
import { answers, msOut, oneOf } from "./parts";
import { route } from "./route";

const AWAY = "The control data cannot be asked now";
const TAG = "audit";
const RULE = { may: "audit", of: "installation" } as const;
const { page: MOST, text: LONGEST } = LIMITS.audit;

/** A line of the audit log. */
export const auditLine = z
  .object({
    seq: z.int().describe("1, 2, 3 without a gap"),
    at: msOut,
    who: z.string(),
    action: z.string(),
    object: z.string(),
    address: z.string().describe("where it came from; empty for a command on the machine itself"),
    detail: z.string().describe("more about it, as JSON"),
    hash: z.string().describe("SHA-256 over the line before it and this one"),
  })
  .register(answers, { id: "AuditLine" });
export type AuditLine = z.infer<typeof auditLine>;

export const auditAnswer = z
  .object({
    lines: z.array(auditLine).describe("newest first"),
    more: z.boolean().describe("there are older ones: ask with `before`"),
    actions: z.array(z.string()).describe("all that can be written"),
  })
  .register(answers, { id: "AuditAnswer" });
export type AuditAnswer = z.infer<typeof auditAnswer>;

export const auditVerdict = z
  .object({
    ok: z.boolean().describe("each line is as it was written, and none is missing"),
    lines: z.int().describe("that are as they were written, from the first that is kept on"),
    forgotten: z.int().describe("before those, which were older than they are kept"),
    seq: z.int().optional().describe("the first line that is not as it was written"),
    fault: z.enum(["changed", "missing"]).optional(),
  })
  .register(answers, { id: "AuditVerdict" });
export type AuditVerdict = z.infer<typeof auditVerdict>;

const word = z
  .string("must be a text")
  .max(LONGEST, `must have at most ${LONGEST} characters`)
  .regex(PLAIN_TEXT, NOT_PLAIN);
const filter = {
  since: moment.optional().describe("from this moment on"),
  until: moment.optional().describe("before this one"),
  who: word.optional().describe("done by this one alone"),
  action: word.optional().describe("this alone"),
  text: word.optional().describe("held by a line, in small or capital letters"),
};
const count = (most: number) =>
  z
    .string("must be a number")
    .regex(/^\d{1,15}$/, "must be a number")
    .transform(Number)
    .refine((value) => value >= 1 && value <= most, `must be 1 to ${most}`);

/** What was done, and by whom. */
export const auditRoutes = {
  auditLog: route({
    method: "get",
    path: "/api/v1/audit",
    rule: RULE,
    tag: TAG,
    summary: "Lines of the audit log, newest first",
    query: z.object({
      ...filter,
      before: count(Number.MAX_SAFE_INTEGER).optional().describe("lines with smaller numbers alone: the next page"),
      limit: count(MOST).prefault("100").describe(`at most so many lines; ${MOST} at the most`),
    }),
    answers: { 200: { description: "OK", body: auditAnswer } },
    problems: { 400: "", 401: "", 403: "", 503: AWAY },
  }),
  auditFile: route({
    method: "get",
    path: "/api/v1/audit/export",
    rule: RULE,
    tag: TAG,
    summary: "The audit log as a file, oldest first",
    query: z.object({ ...filter, format: oneOf(["csv", "ndjson"]).default("csv") }),
    limit: LIMITS.audit.files,
    answers: { 200: { description: "OK", body: z.string(), type: "text/csv", files: ["application/x-ndjson"] } },
    problems: { 400: "", 401: "", 403: "", 429: "", 503: AWAY },
  }),
  auditCheck: route({
    method: "get",
    path: "/api/v1/audit/verification",
    rule: RULE,
    tag: TAG,
    summary: "Whether the whole log is as it was written",
    limit: LIMITS.audit.checks,
    answers: { 200: { description: "OK", body: auditVerdict } },
    problems: { 401: "", 403: "", 429: "", 503: AWAY },
  }),
};
