import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Catalogue } from "../cities/catalogue";
import { districtOf, metricOf, type CityFacts } from "../contract/city";
import type { Annotation, ChangesRequest, Knowledge, PastRequest } from "../contract/history";
import type { CalendarStep, Step } from "../clock";
import { isEventId, type CityEvent } from "../contract/events";
import { parseRfc3339, QUALITIES } from "../contract/readings";
import { parseTopic, type Topic } from "../contract/topics";
import type { EventRequest, EventsRequest } from "../history/store/events";
import type { QualityRequest } from "../history/store/quality";
import { AGGREGATES, FILLS } from "../contract/history";
import { StoreAway, type RemoteHistory } from "../history/client/remote";
import type { HistoryAnswer, TopicQuery } from "../history/store/service";
import type { ValuesQuery } from "../history/store/values";
import { exportName, stepName, toArrow, toCsv, toExcel } from "./history-export";
import { HttpError, readBody, sameOrigin, sendJson } from "./http";
import type { Hub } from "./hub";
import { readValuesRequest, sharing } from "./values-api";

/** Most values one answer holds: topics x buckets x aggregates. */
export const POINTS_LIMIT = 500_000;
/** Topics one question may name. */
export const TOPICS_LIMIT = 500;
/** s: the past may be kept by the minute, which is not to look like a feed that fell silent. */
const KEPT_EVERY = 90;
/** Characters of a note. */
const NOTE_LIMIT = 500;
const DAY = 86_400_000;
const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY } as const;

/** A store that can be asked: what the gateway's side of it offers. */
export type HistoryAsk = Pick<RemoteHistory, "call">;

function bad(field: string, message: string): HttpError {
  return new HttpError(400, "bad-parameter", `${field}: ${message}`);
}

/** An RFC 3339 time, or `now` and `now-6h`. @throws HttpError 400 that names the field */
export function parseMoment(text: string | null, field: string, now: number): number {
  if (text === null || text === "") throw bad(field, "is missing");
  const relative = /^now(?:-(\d{1,6})([smhd]))?$/.exec(text);
  if (relative) return now - (relative[1] ? Number(relative[1]) * UNITS[relative[2] as keyof typeof UNITS] : 0);
  const at = parseRfc3339(text);
  if (!Number.isFinite(at)) throw bad(field, `"${text}" is not an RFC 3339 time with a zone, nor now-6h`);
  return at;
}

const CALENDAR: Record<string, CalendarStep> = {
  week: "week",
  "1w": "week",
  month: "month",
  "1mo": "month",
  quarter: "quarter",
  "1q": "quarter",
  year: "year",
  "1y": "year",
};

/** `raw` (0), `60`, `60s`, `5m`, `1h`, `1d` in ms, or a unit of the calendar: `week` or `1w`, `1mo`, `1q`, `1y`. @throws HttpError 400 */
export function parseStep(text: string | null): Step {
  if (text === null || text === "raw") return 0;
  const unit = Object.hasOwn(CALENDAR, text) ? CALENDAR[text] : undefined;
  if (unit !== undefined) return unit;
  const match = /^(\d{1,6})([smhd]?)$/.exec(text);
  const step = match ? Number(match[1]) * UNITS[(match[2] || "s") as keyof typeof UNITS] : 0;
  if (step <= 0)
    throw bad(
      "step",
      `"${text}" is not raw, nor a number of seconds, nor like 5m, 1h, 1d, week, month, quarter or year`,
    );
  if (step > DAY ? step % DAY !== 0 : DAY % step !== 0) throw bad("step", "must divide a day, or be whole days");
  return step;
}

function oneOf<T extends string>(text: string, allowed: readonly T[], field: string): T {
  if (!(allowed as readonly string[]).includes(text)) throw bad(field, `"${text}" is not one of ${allowed.join(", ")}`);
  return text as T;
}

/** Whether a topic names what its city has: a metric and a place, or a layer. */
function isKnown(city: CityFacts, name: Topic): boolean {
  if (name.kind === "positions") return city.layers.some((layer) => layer.id === name.layer);
  return (
    name.kind === "events" ||
    (metricOf(city, name.metric) !== undefined &&
      (name.district === "all" || districtOf(city, name.district) !== undefined))
  );
}

function checkTopic(catalogue: Catalogue, topic: string, field: string): CityFacts {
  const name = parseTopic(topic);
  const city = name && catalogue.city(name.city)?.facts;
  if (!name || !city || !isKnown(city, name))
    throw new HttpError(404, "unknown-topic", `${field}: "${topic}" is not known`);
  return city;
}

function parseQuery(url: URL, catalogue: Catalogue, now: number): TopicQuery {
  const ask = url.searchParams;
  const topics = ask.getAll("topic");
  if (topics.length === 0) throw bad("topic", "is missing");
  if (topics.length > TOPICS_LIMIT) throw bad("topic", `at most ${TOPICS_LIMIT} at once`);
  const cities = topics.map((topic) => {
    if (parseTopic(topic)?.kind !== "reading")
      throw new HttpError(404, "unknown-topic", `topic: "${topic}" is not a topic of readings`);
    return checkTopic(catalogue, topic, "topic");
  });
  const from = parseMoment(ask.get("from"), "from", now);
  const to = parseMoment(ask.get("to") ?? "now", "to", now);
  if (to <= from) throw bad("to", "must lie after from");
  const timeZone = ask.get("tz") ?? cities[0]?.timeZone ?? "UTC";
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch {
    throw bad("tz", `"${timeZone}" is not an IANA time zone`);
  }
  const step = parseStep(ask.get("step"));
  const aggregates = [
    ...new Set(
      (ask.get("agg") ?? (step === 0 ? "last" : "avg")).split(",").map((name) => oneOf(name.trim(), AGGREGATES, "agg")),
    ),
  ];
  const parsed: TopicQuery = {
    topics,
    from,
    to,
    step,
    aggregates: step === 0 ? ["last"] : aggregates,
    fill: oneOf(ask.get("fill") ?? "none", FILLS, "fill"),
    timeZone,
    resets: topics.map((topic, i) => resetZone(cities[i] as CityFacts, topic)),
  };
  if (ask.get("known") !== null) parsed.asOf = parseMoment(ask.get("known"), "known", now);
  checkSize(parsed, cities);
  return parsed;
}

/** The zone whose midnight a topic's counter begins anew in; null where it counts on. */
function resetZone(city: CityFacts, topic: string): string | null {
  return metricOf(city, topicMetric(topic))?.kind === "day" ? city.timeZone : null;
}

/** Buckets of the calendar are at least this long, ms. */
const CALENDAR_WIDTH: Record<CalendarStep, number> = {
  week: 7 * DAY,
  month: 28 * DAY,
  quarter: 90 * DAY,
  year: 365 * DAY,
};
const widthOf = (step: Step): number => (typeof step === "number" ? step : CALENDAR_WIDTH[step]);

/** @throws HttpError 422 when the answer would be larger than is allowed, naming the step that would do */
function checkSize({ topics, from, to, step, aggregates }: TopicQuery, cities: CityFacts[]): void {
  const span = to - from;
  const points =
    step !== 0
      ? topics.length * aggregates.length * Math.ceil(span / widthOf(step))
      : topics.reduce(
          (sum, topic, i) =>
            sum + span / ((metricOf(cities[i] as CityFacts, topicMetric(topic))?.interval ?? 1) * 1000),
          0,
        );
  if (points <= POINTS_LIMIT) return;
  const steps = ["1m", "5m", "15m", "1h", "6h", "1d", "7d"];
  const fitting = steps.find(
    (name) => (topics.length * aggregates.length * span) / widthOf(parseStep(name)) <= POINTS_LIMIT,
  );
  throw new HttpError(
    422,
    "too-large",
    `step: about ${Math.round(points)} values, of which one answer holds ${POINTS_LIMIT}; ${fitting ? `step=${fitting} would do` : "ask for fewer topics or a shorter range"}`,
  );
}

function topicMetric(topic: string): string {
  const name = parseTopic(topic);
  return name?.kind === "reading" ? name.metric : "";
}

const FORMATS = ["json", "csv", "arrow", "xlsx"] as const;
const EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

function formatOf(request: IncomingMessage, url: URL): (typeof FORMATS)[number] {
  const asked = url.searchParams.get("format");
  if (asked !== null) return oneOf(asked, FORMATS, "format");
  const accept = request.headers.accept ?? "";
  if (accept.includes("text/csv")) return "csv";
  if (accept.includes(EXCEL)) return "xlsx";
  return accept.includes("application/vnd.apache.arrow.file") ? "arrow" : "json";
}

const ISO_OR_NULL = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** The JSON form of an answer; see `/api/openapi.json`. */
function jsonOf({ series, completeUntil, provisionalFrom }: HistoryAnswer, query: TopicQuery): unknown {
  const { from, to, step, timeZone } = query;
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    stepMs: typeof step === "number" ? step : null,
    step: stepName(step),
    timeZone,
    known: ISO_OR_NULL(query.asOf ?? null),
    completeUntil: new Date(completeUntil).toISOString(),
    provisionalFrom: ISO_OR_NULL(provisionalFrom),
    series: series.map(({ topic, at, values, quality, ...flaws }) => ({
      topic,
      at,
      ...values,
      ...flaws,
      ...(quality ? { quality: quality.map((code) => QUALITIES[code] ?? "bad") } : {}),
    })),
  };
}

/** Routes about the past. `ask` is null when the gateway keeps none; `hub` has the events that are known live. */
export function makeHistoryApi({
  ask,
  hub,
  catalogue,
  now,
}: {
  ask: HistoryAsk | null;
  hub: Pick<Hub, "event">;
  catalogue: Catalogue;
  now: () => number;
}) {
  type Handler = (request: IncomingMessage, response: ServerResponse, match: string[], url: URL) => Promise<void>;

  /** Ends the question when its asker hangs up. */
  async function asking<T>(
    response: ServerResponse,
    task: (store: HistoryAsk, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (!ask) throw new HttpError(503, "no-history", "this gateway keeps no history");
    const controller = new AbortController();
    const onClose = (): void => {
      if (!response.writableEnded) controller.abort(new StoreAway("cancelled"));
    };
    response.once("close", onClose);
    try {
      return await task(ask, controller.signal);
    } catch (error) {
      if (error instanceof StoreAway)
        throw new HttpError(503, "store-away", `the store cannot answer: ${error.message}`, { "retry-after": "5" });
      throw error;
    } finally {
      response.off("close", onClose);
    }
  }

  const history: Handler = async (request, response, _match, url) => {
    const query = parseQuery(url, catalogue, now());
    const format = formatOf(request, url);
    const lang = oneOf(url.searchParams.get("lang") ?? "zh", ["zh", "en"] as const, "lang");
    const answer = await asking(response, (store, signal) => store.call("query", query, signal));
    const file = (type: string, extension: string): Record<string, string> => ({
      "content-type": type,
      "cache-control": "no-store",
      "content-disposition": `attachment; filename=${exportName(query)}.${extension}`,
    });
    const city = checkTopic(catalogue, query.topics[0] ?? "", "topic");
    if (format === "csv")
      response.writeHead(200, file("text/csv; charset=utf-8", "csv")).end(toCsv(answer, query, city, lang));
    else if (format === "arrow") {
      const bytes = await toArrow(answer.series, query);
      response.writeHead(200, file("application/vnd.apache.arrow.file", "arrow")).end(bytes);
    } else if (format === "xlsx") {
      const bytes = await toExcel(answer, query, city, lang);
      response.writeHead(200, file(EXCEL, "xlsx")).end(bytes);
    } else sendJson(response, 200, jsonOf(answer, query));
  };

  async function body(request: IncomingMessage): Promise<Record<string, unknown>> {
    try {
      const raw = JSON.parse(await readBody(request)) as unknown;
      if (typeof raw === "object" && raw !== null && !Array.isArray(raw)) return raw as Record<string, unknown>;
    } catch (error) {
      if (error instanceof HttpError) throw error;
    }
    throw new HttpError(400, "unreadable", "the body is not a JSON object");
  }

  const moment = (raw: unknown, field: string): number => {
    if (typeof raw !== "number" || !Number.isFinite(raw) || raw < 0) throw bad(field, "must be ms since 1970");
    return Math.min(Math.round(raw), now());
  };
  const knowledgeOf = (raw: unknown): Knowledge =>
    oneOf(String(raw ?? "then"), ["then", "since"] as const, "knowledge");

  /** The zones that the days of cities' events begin in. */
  const zonesOf = (topics: string[]): Record<string, string> =>
    Object.fromEntries(
      topics.flatMap((topic) => {
        const name = parseTopic(topic);
        return name?.kind === "events" ? [[name.city, catalogue.city(name.city)?.facts.timeZone ?? "UTC"]] : [];
      }),
    );

  const past: Handler = async (request, response) => {
    const raw = await body(request);
    if (!Array.isArray(raw.topics) || raw.topics.length > 2_000) throw bad("topics", "must be a list of at most 2000");
    const topics = raw.topics.map((item: unknown, i) => {
      const { topic, spans } = (item ?? {}) as { topic?: unknown; spans?: unknown };
      if (typeof topic !== "string") throw bad(`topics[${i}].topic`, "is missing");
      checkTopic(catalogue, topic, `topics[${i}].topic`);
      return {
        topic,
        spans: Array.isArray(spans)
          ? spans.filter((span): span is number => typeof span === "number" && span >= 0)
          : [],
      };
    });
    const asked: PastRequest = {
      at: moment(raw.at, "at"),
      knowledge: knowledgeOf(raw.knowledge),
      topics,
      zones: zonesOf(topics.map(({ topic }) => topic)),
    };
    sendJson(response, 200, await asking(response, (store, signal) => store.call("past", asked, signal)));
  };

  const changes: Handler = async (request, response) => {
    const raw = await body(request);
    if (!Array.isArray(raw.topics) || raw.topics.length > 2_000) throw bad("topics", "must be a list of at most 2000");
    for (const [i, topic] of raw.topics.entries()) checkTopic(catalogue, String(topic), `topics[${i}]`);
    const asked: ChangesRequest = {
      from: moment(raw.from, "from"),
      to: moment(raw.to, "to"),
      downsample: Math.max(0, Math.round(Number(raw.downsample ?? raw.thin) || 0)),
      knowledge: knowledgeOf(raw.knowledge),
      topics: raw.topics.map(String),
      zones: zonesOf(raw.topics.map(String)),
    };
    if (asked.to - asked.from > DAY) throw bad("to", "must lie within a day after from");
    sendJson(response, 200, await asking(response, (store, signal) => store.call("changes", asked, signal)));
  };

  // Walls of one screen ask the same at the turn of a minute: one answer does for all of them.
  const shared = sharing((queries: ValuesQuery[]) => ask?.call("values", queries) ?? Promise.resolve([]));
  const values: Handler = async (request, response) => {
    const limitOf = (topic: string, field: string): number => {
      const metric = metricOf(checkTopic(catalogue, topic, field), topicMetric(topic));
      if (!metric) throw new HttpError(404, "unknown-topic", `${field}: "${topic}" is not a topic of readings`);
      return Math.max(metric.limit, KEPT_EVERY);
    };
    const queries = readValuesRequest(await body(request), now(), limitOf);
    const found = await asking(response, () => shared(queries));
    sendJson(response, 200, { values: queries.map(({ topic }, i) => ({ topic, values: found[i] ?? [] })) });
  };

  const screen: Handler = async (_request, response, [city = "", name = ""], url) => {
    const at = parseMoment(url.searchParams.get("at"), "at", now());
    const layout = await asking(response, (store) => store.call("screen", { city, screen: name, at }));
    if (layout === null) throw new HttpError(404, "unknown-screen", `no layout of ${city}/${name} is kept from then`);
    sendJson(response, 200, { city, screen: name, revision: 0, layout: JSON.parse(layout) as unknown, error: null });
  };

  const extent: Handler = async (_request, response, [city = ""]) => {
    if (!catalogue.city(city)) throw new HttpError(404, "unknown-city", `city: "${city}" is not configured`);
    const found = await asking(response, (store) => store.call("extent", { city }));
    sendJson(response, 200, { ...found, from: ISO_OR_NULL(found.from) });
  };

  const quality: Handler = async (_request, response, _match, url) => {
    const topic = url.searchParams.get("topic") ?? "";
    const city = checkTopic(catalogue, topic, "topic");
    const metric = metricOf(city, topicMetric(topic));
    if (!metric) throw new HttpError(404, "unknown-topic", `topic: "${topic}" is not a topic of readings`);
    const from = parseMoment(url.searchParams.get("from") ?? "now-7d", "from", now());
    const to = parseMoment(url.searchParams.get("to") ?? "now", "to", now());
    const known = url.searchParams.get("known");
    const asked: QualityRequest = {
      topic,
      from,
      to,
      interval: metric.interval,
      limit: metric.limit,
      timeZone: city.timeZone,
    };
    if (known !== null) asked.asOf = parseMoment(known, "known", now());
    sendJson(response, 200, await asking(response, (store) => store.call("quality", asked)));
  };

  const cityOf = (id: string): CityFacts => {
    const facts = catalogue.city(id)?.facts;
    if (!facts) throw new HttpError(404, "unknown-city", `city: "${id}" is not configured`);
    return facts;
  };
  const districtIn = (city: CityFacts, raw: unknown): string => {
    if (raw !== "all" && !(typeof raw === "string" && districtOf(city, raw)))
      throw bad("district", `"${String(raw)}" is neither \`all\` nor a district of ${city.id}`);
    return raw as string;
  };
  const range = (url: URL): { from: number; to: number } => {
    const [from, to] = [
      parseMoment(url.searchParams.get("from"), "from", now()),
      parseMoment(url.searchParams.get("to") ?? "now", "to", now()),
    ];
    if (to <= from) throw bad("to", "must lie after from");
    return { from, to };
  };

  const events: Handler = async (_request, response, [id = ""], url) => {
    const city = cityOf(id);
    const district = url.searchParams.get("district") ?? "all";
    const asked: EventsRequest = { city: id, ...range(url) };
    if (districtIn(city, district) !== "all") asked.district = district;
    if (url.searchParams.get("known") !== null) asked.asOf = parseMoment(url.searchParams.get("known"), "known", now());
    sendJson(response, 200, await asking(response, (store, signal) => store.call("events", asked, signal)));
  };

  /** One event: as the gateway has it live, else as the store does, however long ago it was closed. */
  const event: Handler = async (_request, response, [id = "", raw = ""], url) => {
    cityOf(id);
    const asked: EventRequest = { city: id, id: decodeURIComponent(raw) };
    const [at, known] = [url.searchParams.get("at"), url.searchParams.get("known")];
    if (at !== null) asked.at = parseMoment(at, "at", now());
    if (known !== null) asked.asOf = parseMoment(known, "known", now());
    const then = asked.at !== undefined || asked.asOf !== undefined;
    const live = then ? undefined : hub.event(id, asked.id);
    const kept = async (): Promise<CityEvent | null> =>
      ask && isEventId(asked.id) ? asking(response, (store, signal) => store.call("event", asked, signal)) : null;
    const found = live ?? (await kept());
    if (!found)
      throw new HttpError(
        404,
        "unknown-event",
        `${id} has no event "${asked.id}"${then ? " at that moment" : ""}${ask ? "" : "; this gateway keeps no history"}`,
      );
    sendJson(response, 200, { event: found });
  };

  const annotations: Handler = async (_request, response, [id = ""], url) => {
    cityOf(id);
    sendJson(response, 200, {
      annotations: await asking(response, (store) => store.call("annotations", { city: id, ...range(url) })),
    });
  };

  /** Anybody who may look may write a note, but no page of another site in his name. */
  const ownPage = (request: IncomingMessage): void => {
    if (!sameOrigin(request))
      throw new HttpError(403, "other-origin", "notes are taken from this site's own pages and from programs");
  };

  const annotate: Handler = async (request, response, [id = ""]) => {
    ownPage(request);
    const city = cityOf(id);
    const raw = await body(request);
    const [from, to] = [moment(raw.from, "from"), moment(raw.to ?? raw.from, "to")];
    if (to < from) throw bad("to", "must not lie before from");
    if (typeof raw.text !== "string" || raw.text.trim() === "" || raw.text.length > NOTE_LIMIT)
      throw bad("text", `must be a text of 1 to ${NOTE_LIMIT} characters`);
    if (raw.metric !== undefined && raw.metric !== null && !metricOf(city, String(raw.metric)))
      throw bad("metric", `"${String(raw.metric)}" is not a metric of ${id}`);
    const annotation: Annotation = {
      id: randomUUID(),
      city: id,
      district: districtIn(city, raw.district ?? "all"),
      metric: typeof raw.metric === "string" ? raw.metric : null,
      from,
      to,
      text: raw.text.trim(),
      made: now(),
    };
    await asking(response, (store) => store.call("annotate", annotation));
    sendJson(response, 201, annotation);
  };

  const unannotate: Handler = async (request, response, [id = "", note = ""]) => {
    ownPage(request);
    cityOf(id);
    if (!(await asking(response, (store) => store.call("unannotate", { city: id, id: note }))))
      throw new HttpError(404, "unknown-annotation", `${id} has no note "${note}"`);
    sendJson(response, 200, { ok: true });
  };

  return {
    routes: [
      { method: "GET", path: /^\/api\/v1\/history$/, handle: history },
      { method: "GET", path: /^\/api\/v1\/history\/extent\/([^/]+)$/, handle: extent },
      { method: "GET", path: /^\/api\/v1\/history\/quality$/, handle: quality },
      { method: "POST", path: /^\/api\/v1\/history\/snapshot$/, handle: past },
      { method: "POST", path: /^\/api\/v1\/history\/changes$/, handle: changes },
      { method: "POST", path: /^\/api\/v1\/history\/values$/, handle: values },
      { method: "GET", path: /^\/api\/v1\/history\/screens\/([^/]+)\/([^/]+)$/, handle: screen },
      { method: "GET", path: /^\/api\/v1\/history\/events\/([^/]+)$/, handle: events },
      { method: "GET", path: /^\/api\/v1\/history\/events\/([^/]+)\/([^/]+)$/, handle: event },
      { method: "GET", path: /^\/api\/v1\/annotations\/([^/]+)$/, handle: annotations },
      { method: "POST", path: /^\/api\/v1\/annotations\/([^/]+)$/, handle: annotate },
      { method: "DELETE", path: /^\/api\/v1\/annotations\/([^/]+)\/([^/]+)$/, handle: unannotate },
    ],
  };
}
