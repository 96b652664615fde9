import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { LIMITS } from "../contract/api/limits";
import type { RouteSchema } from "../contract/api/route";
import { fieldPath } from "../contract/screens";
import { readBody } from "./bodies/read";
import { HttpError, type FieldIssue } from "./http";
import { untilClosed } from "./store-ask";

type Issue = z.core.$ZodIssue;

/** The alternative of a union that an input was meant to be: the one that got furthest into it. */
function meant(alternatives: Issue[][]): Issue[] {
  const inside = alternatives.filter((issues) => issues.every(({ path }) => path.length > 0));
  return inside[0] ?? [];
}

function issuesIn(issues: Issue[], prefix: PropertyKey[] = []): { field: string; detail: string; issue: Issue }[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    const inner = issue.code === "invalid_union" ? meant(issue.errors) : [];
    return inner.length > 0 ? issuesIn(inner, path) : [{ field: fieldPath(path), detail: issue.message, issue }];
  });
}

function codeOf(issue: Issue, codes: RouteSchema["codes"]) {
  if (issue.code === "invalid_type") return codes?.missing ?? "bad-parameter";
  return issue.code === "too_big" ? (codes?.many ?? "bad-parameter") : "bad-parameter";
}

/** What a schema makes of parameters or a body. @throws HttpError 400 that names every field that is wrong */
export function checked<S extends z.ZodType>(schema: S, raw: unknown, codes?: RouteSchema["codes"]): z.output<S> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const found = issuesIn(result.error.issues);
  const errors: FieldIssue[] = found.slice(0, LIMITS.errors).map(({ field, detail }) => ({ field, detail }));
  const { field, detail, issue } = found[0] as (typeof found)[number];
  throw new HttpError(400, codeOf(issue, codes), `${field}: ${detail}`, {}, errors);
}

function isList(schema: z.core.$ZodType | undefined): boolean {
  return schema instanceof z.ZodArray;
}

/** The parameters of an address that a schema names: a list where it wants one, else the first of that name. */
export function readQuery(schema: z.ZodObject, url: string): Record<string, string | string[]> {
  const from = url.indexOf("?");
  if (from < 0) return {};
  const asked = new URLSearchParams(url.slice(from + 1));
  const read: Record<string, string | string[]> = {};
  for (const [name, wanted] of Object.entries(schema.shape)) {
    const texts = asked.getAll(name);
    if (texts[0] !== undefined) read[name] = isList(wanted) ? texts : texts[0];
  }
  return read;
}

/** Whether a body holds more than a question may: to check it would take longer than anybody else is to wait. */
function holdsTooMuch(body: object): boolean {
  const waiting: object[] = [body];
  let left: number = LIMITS.questionParts;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const parts: unknown[] = Array.isArray(next) ? next : Object.values(next);
    left -= parts.length;
    if (left < 0) return true;
    for (const part of parts) if (typeof part === "object" && part !== null) waiting.push(part);
  }
  return false;
}

/** A body that is a JSON object; a large one holds its room until it is answered. @throws HttpError 400, 413, 429, 503 */
export async function readObject(request: IncomingMessage, response: ServerResponse): Promise<object> {
  const { bytes, leave } = await readBody(request, LIMITS.question);
  untilClosed(response, leave);
  let raw: unknown = null;
  try {
    raw = JSON.parse(bytes.toString("utf8"));
  } catch {
    // told below, as for what is no object
  }
  if (typeof raw !== "object" || raw === null || Array.isArray(raw))
    throw new HttpError(400, "unreadable", "the body is not a JSON object");
  if (holdsTooMuch(raw))
    throw new HttpError(413, "too-large", `the body holds more than ${LIMITS.questionParts} values; ask in several`);
  return raw;
}
