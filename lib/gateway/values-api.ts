import type { z } from "zod";
import type { valuesRequest } from "../contract/api/history";
import { LIMITS } from "../contract/api/limits";
import type { Principal } from "../contract/rights";
import type { ValuesQuery } from "../history/store/values";
import { badParameter, HttpError, refusal } from "./http";
import { clamped, type Past } from "./past-questions";
import type { Handlers } from "./router";
import { addressOf, leaving, storeRefusal, type HistoryAsk } from "./store-ask";
import { metricFor } from "./sight";

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

/**
 * The same question asked again while it is being answered waits for that answer. It is called off when nobody waits any
 * more.
 */
export function sharing<Q, A>(
  task: (question: Q, signal: AbortSignal, by: string) => Promise<A>,
): (question: Q, leaving?: AbortSignal, by?: string) => Promise<A> {
  const running = new Map<string, { answer: Promise<A>; off: AbortController; waiting: number }>();
  const begin = (key: string, question: Q, by: string) => {
    const off = new AbortController();
    const forget = (): void => void (running.get(key)?.off === off && running.delete(key));
    const begun = { answer: task(question, off.signal, by).finally(forget), off, waiting: 0 };
    running.set(key, begun);
    return begun;
  };
  return async (question, leaving, by = "") => {
    const key = JSON.stringify(question);
    const one = running.get(key) ?? begin(key, question, by);
    one.waiting++;
    if (!leaving) return one.answer;
    return new Promise<A>((resolve, reject) => {
      const leave = (): void => {
        reject(leaving.reason as Error);
        if (--one.waiting > 0) return;
        if (running.get(key) === one) running.delete(key);
        one.off.abort(leaving.reason);
      };
      leaving.addEventListener("abort", leave, { once: true });
      one.answer.then(resolve, reject).finally(() => leaving.removeEventListener("abort", leave));
      if (leaving.aborted) leave();
    });
  };
}

/**
 * The readings at moments. Walls of one screen ask the same at the turn of a minute: one answer does for all of them, and
 * takes one place in the budget.
 */
export function valuesHandler({ store, budget, catalogue, now }: Past): Handlers<"historyValues">["historyValues"] {
  const limitFor =
    (who: Principal) =>
    (topic: string, field: string): number =>
      Math.max(metricFor(who, catalogue, topic, field).metric.limit, KEPT_EVERY);
  const shared = sharing(async (queries: ValuesQuery[], signal, address) => {
    const leave = await budget.enter(address, LIMITS.values.values, signal);
    try {
      return await (store as HistoryAsk).call("values", queries, signal);
    } finally {
      leave();
    }
  });
  return async ({ body }, { response, who }) => {
    const queries = valuesQueries(body, now(), limitFor(who));
    if (!store) throw new HttpError(503, "no-history", "this gateway keeps no history");
    try {
      const { values, completeUntil } = await shared(queries, leaving(response), addressOf(response));
      return {
        status: 200,
        body: { values: queries.map(({ topic }, i) => ({ topic, values: values[i] ?? [] })), completeUntil },
      };
    } catch (error) {
      throw storeRefusal(error);
    }
  };
}
