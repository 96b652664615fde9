import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ControlAway, ControlRefusal } from "../control/refusal";
import { visitorOf } from "./visitor";
import { PROBLEM_TYPE, PROBLEMS, type Problem, type ProblemCode } from "../contract/api/problem";

/** A parameter or member that is wrong, and how. */
export interface FieldIssue {
  field: string;
  detail: string;
}

/** A request that is refused as a whole. */
export class HttpError extends Error {
  /** @param errors the fields that are wrong, the one that `message` is about first */
  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    message: string,
    readonly headers: Record<string, string> = {},
    readonly errors: readonly FieldIssue[] = [],
  ) {
    super(message);
  }
}

/** A refusal that names a field: its message is `<field>: <detail>`. */
export function refusal(status: number, code: ProblemCode, field: string, detail: string): HttpError {
  return new HttpError(status, code, `${field}: ${detail}`, {}, [{ field, detail }]);
}

/** Refusals that hide what they are about. */
const HIDING = new WeakSet<Error>();

/**
 * Says of a refusal that it is one of rights, though whoever is refused is told of it as of what is not there: the audit log has it.
 * @returns the same
 */
export function hiding(error: HttpError): HttpError {
  HIDING.add(error);
  return error;
}

/** Whether something was refused for want of a right, whatever was told of why. */
export function isOfRights(error: unknown): error is HttpError {
  return error instanceof HttpError && (error.status === 401 || error.status === 403 || HIDING.has(error));
}

/** A parameter or a member of a body that is wrong. */
export function badParameter(field: string, detail: string): HttpError {
  return refusal(400, "bad-parameter", field, detail);
}

/** The refusal of who has asked too often. @param wait seconds until he may again */
export function tooMany(wait: number): HttpError {
  return new HttpError(429, "too-many-requests", `wait ${wait} s`, { "retry-after": String(wait) });
}

/**
 * A page of another site must not read the wall through a visitor's browser, nor one that came without TLS where the wall comes with it.
 * Programs send no Origin.
 */
export function sameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (!origin) return true;
  try {
    const from = new URL(origin);
    return from.host === host && (from.protocol === "https:" || !visitorOf(request).secure);
  } catch {
    return false;
  }
}

/** Headers of an answer in JSON. */
export const JSON_HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { ...JSON_HEADERS, "content-length": Buffer.byteLength(text), ...headers });
  response.end(text);
}

/** The problem details (RFC 9457) of a refusal. @param instance the name of a failure in the gateway's log */
export function problemOf({ status, code, message, errors }: HttpError, instance?: string): Problem {
  const [first] = errors;
  return {
    type: `urn:citywall:problem:${code}`,
    title: PROBLEMS[code],
    status,
    detail: message,
    ...(instance === undefined ? {} : { instance }),
    code,
    ...(first === undefined ? {} : { field: first.field, errors: [...errors] }),
    error: { code, message },
  };
}

/** How a refusal of the control data is answered. */
const CONTROL: Record<ControlRefusal["code"], readonly [status: number, code: ProblemCode]> = {
  unknown: [404, "not-there"],
  invalid: [400, "bad-parameter"],
  taken: [409, "taken"],
  expired: [404, "not-there"],
  locked: [429, "too-many-requests"],
  refused: [409, "refused"],
  "no-right": [403, "no-right"],
};
/** Seconds after which the control data may be there again. */
const CONTROL_AGAIN = 2;

function controlRefusal({ code, message, field, wait = 1 }: ControlRefusal): HttpError {
  if (code === "locked") return tooMany(wait);
  const [status, problem] = CONTROL[code];
  return field === undefined ? new HttpError(status, problem, message) : refusal(status, problem, field, message);
}

/**
 * The refusal that an error stands for. What nobody foresaw is a failure of the gateway, which keeps its words to
 * itself.
 */
export function refusalOf(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof ControlRefusal) return controlRefusal(error);
  if (error instanceof ControlAway)
    return new HttpError(503, "control-away", "accounts cannot be looked at now", {
      "retry-after": String(CONTROL_AGAIN),
    });
  if (error instanceof URIError) return new HttpError(400, "unreadable", "the address is not valid");
  return new HttpError(500, "internal", "the gateway failed at this request");
}

/** Answers a refusal with its problem details. A failure is logged under the name that the answer gives it. */
export function sendError(response: ServerResponse, error: unknown): void {
  const refused = refusalOf(error);
  const instance = refused.status === 500 ? `urn:uuid:${randomUUID()}` : undefined;
  if (instance) console.error(`gateway: ${instance}:`, error);
  if (response.headersSent) response.destroy();
  else
    sendJson(response, refused.status, problemOf(refused, instance), {
      "content-type": PROBLEM_TYPE,
      ...refused.headers,
    });
}
