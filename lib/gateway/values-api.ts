import type { z } from "zod";
import type { valuesRequest } from "../contract/api/history";
import { LIMITS } from "../contract/api/limits";
import type { ValuesQuery } from "../history/store/values";
import { badParameter, refusal } from "./http";
import { clamped, type Past } from "./past-questions";
import type { Handlers } from "./router";
import { readingMetric } from "./topic-check";

/** s: the past may be kept by the minute, which is not to look like a feed that fell silent. */
const KEPT_EVERY = 90;

type Request = z.output<typeof valuesRequest>;
type AsOf = { asOf?: number | null; known?: number | null };

/** What is known of the past, under its name or the earlier one. */
function knowledgeOf({ asOf, known, knowledge }: AsOf & Pick<Request, "knowledge">, now: number): ValuesQuery["asOf"] {
  const moment = asOf ?? known;
  if (moment !== undefined && moment !== null) return clamped(moment, now);
  return knowledge === "then" ? "then" : null;
}

/** @throws HttpError 422 where more is asked than one answer holds */
function checkSize(queries: ValuesQuery[]): void {
  const values = queries.reduce((sum, query) => sum + query.at.length, 0);
  const moments = new Set(queries.flatMap((query) => query.at.map((when) => `${when} ${query.asOf}`))).size;
  const { values: most, moments: mostMoments } = LIMITS.values;
  if (values > most) throw refusal(422, "too-large", "topics", `${values} values, of which one answer holds ${most}`);
  if (moments > mostMoments)
    throw refusal(422, "too-large", "at", `${moments} different moments, of which one answer holds ${mostMoments}`);
}

/**
 * What the store is asked for a body of `POST /api/v1/history/values`.
 *
 * @param now ms; what lies beyond is read as now
 * @param limitOf s after which a topic's reading is dead: what it may lie before a moment where nothing else is said
 * @throws HttpError 400 that names the field, 404 from `limitOf`, 422 where more is asked than one answer holds
 */
export function valuesQueries(
  request: Request,
  now: number,
  limitOf: (topic: string, field: string) => number,
): ValuesQuery[] {
  const common = request.at?.map((at) => clamped(at, now));
  const asOf = knowledgeOf(request, now);
  const queries = request.topics.map((item, i): ValuesQuery => {
    const field = `topics[${i}]`;
    const { topic, ...own } = typeof item === "string" ? { topic: item } : item;
    const limit = limitOf(topic, field);
    const at = own.at?.map((moment) => clamped(moment, now)) ?? common;
    if (!at) throw badParameter(`${field}.at`, "is missing");
    return {
      topic,
      at,
      tolerance: (request.tolerance ?? limit) * 1000,
      asOf: knowledgeOf(own, now) ?? asOf,
    };
  });
  checkSize(queries);
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

/**
 * The readings at moments. Walls of one screen ask the same at the turn of a minute: one answer does for all of them.
 */
export function valuesHandler({ store, ask, catalogue, now }: Past): Handlers<"historyValues">["historyValues"] {
  const limitOf = (topic: string, field: string): number =>
    Math.max(readingMetric(catalogue, topic, field).metric.limit, KEPT_EVERY);
  const nothing = { values: [], completeUntil: 0 };
  const shared = sharing((queries: ValuesQuery[]) => store?.call("values", queries) ?? Promise.resolve(nothing));
  return async ({ body }, { response }) => {
    const queries = valuesQueries(body, now(), limitOf);
    const { values, completeUntil } = await ask(response, () => shared(queries));
    return {
      status: 200,
      body: { values: queries.map(({ topic }, i) => ({ topic, values: values[i] ?? [] })), completeUntil },
    };
  };
}
