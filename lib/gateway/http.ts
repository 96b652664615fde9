import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { LIMITS } from "../contract/api/limits";
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

/** A parameter or a member of a body that is wrong. */
export function badParameter(field: string, detail: string): HttpError {
  return refusal(400, "bad-parameter", field, detail);
}

/** Reads a body as text. @param most bytes @throws HttpError 413 */
export function readBody(request: IncomingMessage, most: number = LIMITS.body): Promise<string> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > most) return Promise.reject(tooLarge(most));
  // By its events, as an iterator over so small a stream costs more than what is read.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) return void chunks.push(chunk);
      // What came so far is not kept while the rest comes.
      chunks.length = 0;
      reject(tooLarge(most));
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("error", reject);
    request.on("close", () => reject(new Error("the connection was closed before its request was whole")));
  });
}

function tooLarge(most: number): HttpError {
  return new HttpError(413, "too-large", `the body is larger than ${most} bytes`, { connection: "close" });
}

/** A page of another site must not read the wall through a visitor's browser. Programs send no Origin. */
export function sameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (!origin) return true;
  try {
    return new URL(origin).host === host;
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

/**
 * The refusal that an error stands for. What nobody foresaw is a failure of the gateway, which keeps its words to
 * itself.
 */
export function refusalOf(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
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
