import type { ValuesQuery } from "../history/store/values";
import { HttpError } from "./http";

/** Most of what one request for values may name. */
export const VALUES_LIMIT = { topics: 2_000, values: 20_000, moments: 200 } as const;

function bad(field: string, message: string): HttpError {
  return new HttpError(400, "bad-parameter", `${field}: ${message}`);
}

function moment(raw: unknown, field: string, now: number): number {
  if (typeof raw !== "number" || !Number.isFinite(raw) || raw < 0) throw bad(field, "must be ms since 1970");
  return Math.min(Math.round(raw), now);
}

function moments(raw: unknown, field: string, now: number): number[] {
  if (!Array.isArray(raw) || raw.length === 0) throw bad(field, "must be a list of moments");
  return raw.map((at, i) => moment(at, `${field}[${i}]`, now));
}

function knowledge(raw: Record<string, unknown>, now: number): ValuesQuery["asOf"] {
  if (raw.known !== undefined && raw.known !== null) return moment(raw.known, "known", now);
  const word = raw.knowledge ?? "since";
  if (word !== "then" && word !== "since")
    throw bad("knowledge", `"${String(raw.knowledge)}" is not one of then, since`);
  return word === "then" ? "then" : null;
}

/**
 * The body of `POST /api/v1/history/values`.
 *
 * @param now ms; what lies beyond is read as now
 * @param limitOf s after which a topic's reading is dead: what it may lie before a moment where nothing else is said
 * @throws HttpError 400 that names the field, 404 from `limitOf`, 422 where more is asked than one answer holds
 */
export function readValuesRequest(
  raw: Record<string, unknown>,
  now: number,
  limitOf: (topic: string, field: string) => number,
): ValuesQuery[] {
  const { topics, at, tolerance } = raw;
  if (!Array.isArray(topics) || topics.length === 0 || topics.length > VALUES_LIMIT.topics)
    throw bad("topics", `must be a list of 1 to ${VALUES_LIMIT.topics}`);
  if (tolerance !== undefined && (typeof tolerance !== "number" || !(tolerance >= 0)))
    throw bad("tolerance", "must be a number of seconds");
  const common = at === undefined ? null : moments(at, "at", now);
  const asOf = knowledge(raw, now);
  const queries = topics.map((item: unknown, i): ValuesQuery => {
    const field = `topics[${i}]`;
    const { topic, ...own } = (typeof item === "string" ? { topic: item } : (item ?? {})) as {
      topic?: unknown;
      at?: unknown;
      known?: unknown;
    };
    if (typeof topic !== "string") throw bad(`${field}.topic`, "is missing");
    const limit = limitOf(topic, field);
    const asked = own.at === undefined ? common : moments(own.at, `${field}.at`, now);
    if (!asked) throw bad(`${field}.at`, "is missing");
    return {
      topic,
      at: asked,
      tolerance: (tolerance ?? limit) * 1000,
      asOf: own.known === undefined || own.known === null ? asOf : moment(own.known, `${field}.known`, now),
    };
  });
  const values = queries.reduce((sum, query) => sum + query.at.length, 0);
  const different = new Set(queries.flatMap((query) => query.at.map((when) => `${when} ${query.asOf}`))).size;
  if (values > VALUES_LIMIT.values)
    throw new HttpError(422, "too-large", `topics: ${values} values, of which one answer holds ${VALUES_LIMIT.values}`);
  if (different > VALUES_LIMIT.moments)
    throw new HttpError(
      422,
      "too-large",
      `at: ${different} different moments, of which one answer holds ${VALUES_LIMIT.moments}`,
    );
  return queries;
}

/** The same question asked again while it is being answered waits for that answer. */
export function sharing<Q, A>(task: (question: Q) => Promise<A>): (question: Q) => Promise<A> {
  const running = new Map<string, Promise<A>>();
  return (question) => {
    const key = JSON.stringify(question);
    const known = running.get(key);
    if (known) return known;
    const answer = task(question).finally(() => running.delete(key));
    running.set(key, answer);
    return answer;
  };
}
