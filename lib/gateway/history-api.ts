import type { IncomingMessage } from "node:http";
import type { HistoryJson } from "../contract/api/history";
import type { CityFacts, Lang } from "../contract/city";
import { LIMITS } from "../contract/api/limits";
import { EVENT_ID } from "../contract/events";
import type { Format } from "../contract/history";
import { QUALITIES } from "../contract/readings";
import type { EventRequest } from "../history/store/events";
import type { HistoryAnswer, TopicQuery } from "../history/store/service";
import { exportName, stepName, toArrow, toCsv, toExcel } from "./history-export";
import { badParameter, HttpError } from "./http";
import { asOfIn, clamped, rangeOf, topicQuery, zonesOf, type Past } from "./past-questions";
import type { FileReply, Handlers } from "./router";
import { knownCity, knownDistrict, knownTopic, readingMetric } from "./topic-check";
import { valuesHandler } from "./values-api";

const EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const ARROW = "application/vnd.apache.arrow.file";

function formatOf({ headers: { accept = "" } }: IncomingMessage, asked: Format | undefined): Format {
  if (asked) return asked;
  if (accept.includes("text/csv")) return "csv";
  if (accept.includes(EXCEL)) return "xlsx";
  return accept.includes(ARROW) ? "arrow" : "json";
}

const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** The JSON form of an answer; see `/api/openapi.json`. */
function jsonOf({ series, completeUntil, provisionalFrom }: HistoryAnswer, query: TopicQuery): HistoryJson {
  const { from, to, step, timeZone } = query;
  const asOf = isoOrNull(query.asOf ?? null);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    stepMs: typeof step === "number" ? step : null,
    step: stepName(step),
    timeZone,
    asOf,
    known: asOf,
    completeUntil: new Date(completeUntil).toISOString(),
    provisionalFrom: isoOrNull(provisionalFrom),
    series: series.map(({ topic, at, values, quality, ...flaws }) => ({
      topic,
      at,
      ...values,
      ...flaws,
      ...(quality ? { quality: quality.map((code) => QUALITIES[code] ?? "bad") } : {}),
    })),
  };
}

/** An answer as a file to take along. */
async function fileOf(
  answer: HistoryAnswer,
  query: TopicQuery,
  format: Exclude<Format, "json">,
  city: CityFacts,
  lang: Lang,
): Promise<FileReply> {
  const file = (type: string, bytes: string | Uint8Array): FileReply => ({
    status: 200,
    type,
    bytes,
    headers: { "content-disposition": `attachment; filename=${exportName(query)}.${format}` },
  });
  if (format === "csv") return file("text/csv; charset=utf-8", toCsv(answer, query, city, lang));
  if (format === "arrow") return file(ARROW, await toArrow(answer.series, query));
  return file(EXCEL, await toExcel(answer, query, city, lang));
}

type Api = Handlers<
  | "history"
  | "historyExtent"
  | "historyQuality"
  | "historySnapshot"
  | "historyChanges"
  | "historyValues"
  | "historyScreen"
  | "historyEvents"
  | "historyEvent"
>;

/** Past readings, raw or in buckets. */
const history =
  ({ ask, catalogue, now }: Past): Api["history"] =>
  async ({ query }, { request, response }) => {
    const { asked, city } = topicQuery(query, catalogue, now());
    const format = formatOf(request, query.format);
    const answer = await ask(response, (store, signal) => store.call("query", asked, signal));
    return format === "json"
      ? { status: 200, body: jsonOf(answer, asked) }
      : fileOf(answer, asked, format, city, query.lang);
  };

const historySnapshot =
  ({ ask, catalogue, now }: Past): Api["historySnapshot"] =>
  async ({ body }, { response }) => {
    for (const [i, { topic }] of body.topics.entries()) knownTopic(catalogue, topic, `topics[${i}].topic`);
    const asked = {
      at: clamped(body.at, now()),
      knowledge: body.knowledge ?? "then",
      topics: body.topics.map(({ topic, spans }) => ({ topic, spans: spans ?? [] })),
      zones: zonesOf(
        catalogue,
        body.topics.map(({ topic }) => topic),
      ),
    };
    return { status: 200, body: await ask(response, (store, signal) => store.call("past", asked, signal)) };
  };

const historyChanges =
  ({ ask, catalogue, now }: Past): Api["historyChanges"] =>
  async ({ body }, { response }) => {
    for (const [i, topic] of body.topics.entries()) knownTopic(catalogue, topic, `topics[${i}]`);
    const asked = {
      from: clamped(body.from, now()),
      to: clamped(body.to, now()),
      downsample: Math.round(body.downsample ?? body.thin ?? 0),
      knowledge: body.knowledge ?? "then",
      topics: body.topics,
      zones: zonesOf(catalogue, body.topics),
    };
    if (asked.to - asked.from > LIMITS.changesRange) throw badParameter("to", "must lie within a day after from");
    return { status: 200, body: await ask(response, (store, signal) => store.call("changes", asked, signal)) };
  };

const historyScreen =
  ({ ask, now }: Past): Api["historyScreen"] =>
  async ({ params: { city, screen }, query }, { response }) => {
    const at = query.at(now());
    const layout = await ask(response, (store) => store.call("screen", { city, screen, at }));
    if (layout === null) throw new HttpError(404, "unknown-screen", `no layout of ${city}/${screen} is kept from then`);
    return {
      status: 200,
      body: { city, screen, revision: 0, layout: JSON.parse(layout) as Record<string, unknown>, error: null },
    };
  };

const historyExtent =
  ({ ask, catalogue }: Past): Api["historyExtent"] =>
  async ({ params: { city } }, { response }) => {
    knownCity(catalogue, city);
    const found = await ask(response, (store) => store.call("extent", { city }));
    return { status: 200, body: { ...found, from: isoOrNull(found.from) } };
  };

const historyQuality =
  ({ ask, catalogue, now }: Past): Api["historyQuality"] =>
  async ({ query }, { response }) => {
    const { city, metric } = readingMetric(catalogue, query.topic, "topic");
    const asked = {
      topic: query.topic,
      from: query.from(now()),
      to: query.to(now()),
      interval: metric.interval,
      limit: metric.limit,
      timeZone: city.timeZone,
      ...asOfIn(query, now()),
    };
    return { status: 200, body: await ask(response, (store) => store.call("quality", asked)) };
  };

const historyEvents =
  ({ ask, catalogue, now }: Past): Api["historyEvents"] =>
  async ({ params, query }, { response }) => {
    const city = knownCity(catalogue, params.city);
    const district = knownDistrict(city, query.district);
    const asked = {
      city: city.id,
      ...rangeOf(query, now()),
      ...(district === "all" ? {} : { district }),
      ...asOfIn(query, now()),
    };
    return { status: 200, body: await ask(response, (store, signal) => store.call("events", asked, signal)) };
  };

/** One event: as the gateway has it live, else as the store does, however long ago it was closed. */
const historyEvent =
  ({ ask, store, catalogue, now, event }: Past): Api["historyEvent"] =>
  async ({ params: { city, id }, query }, { response }) => {
    knownCity(catalogue, city);
    const asked: EventRequest = { city, id, ...asOfIn(query, now()) };
    if (query.at) asked.at = query.at(now());
    const then = asked.at !== undefined || asked.asOf !== undefined;
    const live = then ? undefined : event(city, id);
    const canBeKept = store !== null && EVENT_ID.test(id);
    if (live) return { status: 200, body: { event: live, completeUntil: now() } };
    const found = canBeKept ? await ask(response, (kept, signal) => kept.call("event", asked, signal)) : null;
    if (found?.event) return { status: 200, body: { event: found.event, completeUntil: found.completeUntil } };
    const when = then ? " at that moment" : "";
    throw new HttpError(
      404,
      "unknown-event",
      `${city} has no event "${id}"${when}${store ? "" : "; this gateway keeps no history"}`,
    );
  };

/** Questions about the past. */
export function historyApi(past: Past): Api {
  return {
    history: history(past),
    historyExtent: historyExtent(past),
    historyQuality: historyQuality(past),
    historySnapshot: historySnapshot(past),
    historyChanges: historyChanges(past),
    historyValues: valuesHandler(past),
    historyScreen: historyScreen(past),
    historyEvents: historyEvents(past),
    historyEvent: historyEvent(past),
  };
}
