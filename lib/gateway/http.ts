import type { IncomingMessage, ServerResponse } from "node:http";

/** A request that is refused as a whole. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** Largest body taken, bytes. */
export const BODY_LIMIT = 8 * 1024 * 1024;

/** Reads a body as text. @throws HttpError 413 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > BODY_LIMIT) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function tooLarge(): HttpError {
  return new HttpError(413, "too-large", `the body is larger than ${BODY_LIMIT} bytes`, { connection: "close" });
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

/** A line of NDJSON that is not JSON: judged as an item, so that the other lines are kept. */
export const UNREADABLE = Symbol("unreadable line");

/**
 * JSON, where a number may also be NaN or Infinity, as some languages write it: it is read as a number too large to be one, so that
 * its item is refused by the name of the field, as 1e999 is, and not the whole body. @throws SyntaxError
 */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    let quoted = false;
    return JSON.parse(
      text.replace(/\\[^]|"|-?\b(?:NaN|Infinity)\b/g, (token) => {
        if (token === '"') quoted = !quoted;
        return quoted || token.length < 3 ? token : "1e999";
      }),
    );
  }
}

/** The items of a batch: NDJSON lines, or the list under `key` of a JSON object. @throws HttpError 400 */
export function parseBatch(body: string, contentType: string | undefined, key: string): unknown[] {
  if (contentType?.includes("ndjson")) {
    return body
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => {
        try {
          return readJson(line);
        } catch {
          return UNREADABLE;
        }
      });
  }
  let parsed: unknown;
  try {
    parsed = readJson(body);
  } catch (error) {
    throw new HttpError(400, "unreadable", `the body is not JSON: ${(error as Error).message}`);
  }
  const items = typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>)[key] : undefined;
  if (!Array.isArray(items)) throw new HttpError(400, "unreadable", `${key}: must be a list`);
  return items;
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  response.end(text);
}

/** Answers a refusal in the shape every error has: `{error: {code, message}}`. */
export function sendError(response: ServerResponse, error: HttpError): void {
  sendJson(response, error.status, { error: { code: error.code, message: error.message } }, error.headers);
}
