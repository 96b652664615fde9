import type { IncomingMessage } from "node:http";
import { LIMITS } from "../contract/api/limits";
import { EVENT_ID, type CityEvent, type EventReport } from "../contract/events";
import type { Format } from "../contract/history";
import { may, NO_RIGHT, type Principal } from "../contract/rights";
import type { EventRequest } from "../history/store/events";
import type { TopicQuery } from "../history/store/service";
import { parseTopic } from "../contract/topics";
import type { Deed } from "../control/audit";
import { byOf } from "./audit";
import { Budget } from "./budget";
import { csvRows, exportName, stepName } from "./history-export";
import { historyJson } from "./history-json";
import { badParameter, hiding, HttpError, JSON_HEADERS } from "./http";
import {
  asOfIn,
  clamped,
  momentIn,
  pastTopics,
  placesOf,
  rangeOf,
  topicQuery,
  zonesOf,
  type Past,
} from "./past-questions";
import { joinedLater, type Pieces } from "./pieces";
import { noRight } from "./principals";
import type { FileReply, Handlers } from "./router";
import { addressOf, leaving, storeRefusal, untilClosed } from "./store-ask";
import {
  cityFor,
  eventPlacesFor,
  metricFor,
  mustSeeScreen,
  placeResource,
  seesEvent,
  topicFor,
  withheldOf,
} from "./sight";
import { knownCity, knownDistrict } from "./topic-check";
import { valuesHandler } from "./values-api";

const EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const ARROW = "application/vnd.apache.arrow.file";

/** Values that what changed in a day, and the events of a range, hold where they are many. */
const CHANGES_WEIGHT = 300_000;
const EVENTS_WEIGHT = 100_000;

function formatOf({ headers: { accept = "" } }: IncomingMessage, asked: Format | undefined): Format {
  if (asked) return asked;
  if (accept.includes("text/csv")) return "csv";
  if (accept.includes(EXCEL)) return "xlsx";
  return accept.includes(ARROW) ? "arrow" : "json";
}

const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const TYPES = { csv: "text/csv; charset=utf-8", arrow: ARROW, xlsx: EXCEL } as const;

function file(query: TopicQuery, format: Exclude<Format, "json">, pieces: Pieces): FileReply {
  const headers = { "content-disposition": `attachment; filename=${exportName(query)}.${format}` };
  return { status: 200, type: TYPES[format], pieces, headers };
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
  | "historyEventReports"
>;

/** A file as it is made; that nobody waits for it any more is no failure of the gateway's. */
async function* inOurWords<T>(pieces: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* pieces;
  } catch (error) {
    throw storeRefusal(error);
  }
}

/** Topics that the audit log names one by one. */
const NAMED = 20;

type Exported = Pick<Deed, "action" | "object" | "detail">;

/** What somebody takes out, as the audit log has it. */
function exportOf(topics: readonly string[], format: Format, told: Record<string, string>): Exported {
  const [first = ""] = topics;
  const named = topics.slice(0, NAMED).join(" ");
  const more: Record<string, number> = topics.length > NAMED ? { more: topics.length - NAMED } : {};
  const detail = { format, topics: named, ...more, ...told };
  return { action: "export", object: `history ${parseTopic(first)?.city ?? ""}`, detail };
}

const rangeTold = ({ from, to }: { from: number; to: number }) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** Whether an answer holds so many values that to ask for it is to take them out, whatever its form. */
const isBulk = (values: number): boolean => values > LIMITS.audit.values;

/** Past readings, raw or in buckets. */
function history({ ask, audit, catalogue, now, makeFile }: Past): Api["history"] {
  const exports = new Budget(LIMITS.exports);
  return async ({ query }, exchange) => {
    const { request, response, who } = exchange;
    const format = formatOf(request, query.format);
    const permission = format === "json" ? "look" : "export";
    const { asked, city, points } = topicQuery(query, who, permission, { catalogue, now });
    const { lang } = query;
    const told = { ...rangeTold(asked), step: stepName(asked.step) };
    if (format !== "json" || isBulk(points)) await audit(byOf(exchange), exportOf(asked.topics, format, told));
    const asking = async () => {
      const held = await ask(response, (store, signal) => store.hold(asked, signal), points);
      untilClosed(response, () => held.release());
      return held;
    };
    if (format === "json") {
      const pieces = inOurWords(joinedLater(historyJson(await asking(), asked)));
      return { status: 200, type: JSON_HEADERS["content-type"], pieces, headers: JSON_HEADERS };
    }
    if (format === "csv")
      return file(asked, format, inOurWords(joinedLater(csvRows(await asking(), asked, city, lang))));
    // What a file is made of waits in no memory until there is somebody to make it.
    const signal = leaving(response);
    const leave = await exports.enter(addressOf(response), points, signal).catch((error: unknown) => {
      throw storeRefusal(error);
    });
    untilClosed(response, leave);
    const answer = await asking();
    return file(asked, format, inOurWords(makeFile({ format, answer, query: asked, city, lang }, signal)));
  };
}

const historySnapshot =
  ({ ask, audit, catalogue, now }: Past): Api["historySnapshot"] =>
  async ({ body }, exchange) => {
    const { response, who } = exchange;
    const all = body.topics.map(({ topic }) => topic);
    const withheld = withheldOf(who, catalogue, all, (i) => `topics[${i}].topic`);
    const { topics, points } = pastTopics(body.topics.filter(({ topic }) => !withheld.has(topic)));
    const names = topics.map(({ topic }) => topic);
    const asked = {
      at: clamped(body.at, now()),
      knowledge: body.knowledge ?? "then",
      topics,
      zones: zonesOf(catalogue, names),
      places: placesOf(who, catalogue, names),
    };
    const told = { at: new Date(asked.at).toISOString() };
    if (isBulk(points)) await audit(byOf(exchange), exportOf(names, "json", told));
    const answer = await ask(response, (store, signal) => store.call("past", asked, signal), 2_000 + 2 * points);
    const refused = [...withheld].map((topic) => ({ topic, reason: NO_RIGHT }));
    return { status: 200, body: { ...answer, refused: [...answer.refused, ...refused] } };
  };

const historyChanges =
  ({ ask, audit, catalogue, now }: Past): Api["historyChanges"] =>
  async ({ body }, exchange) => {
    const { response, who } = exchange;
    for (const [i, topic] of body.topics.entries()) topicFor(who, catalogue, topic, `topics[${i}]`);
    // One that is named twice would be told twice.
    const topics = [...new Set(body.topics)];
    const asked = {
      from: clamped(body.from, now()),
      to: clamped(body.to, now()),
      downsample: Math.round(body.downsample ?? body.thin ?? 0),
      knowledge: body.knowledge ?? "then",
      topics,
      zones: zonesOf(catalogue, topics),
      places: placesOf(who, catalogue, topics),
    };
    if (asked.to < asked.from) throw badParameter("to", "must not lie before from");
    if (asked.to - asked.from > LIMITS.changesRange) throw badParameter("to", "must lie within a day after from");
    const answer = await ask(response, (store, signal) => store.call("changes", asked, signal), CHANGES_WEIGHT);
    const { readings, positions, events } = answer;
    // How much changed is known when it is there: written down before it is given.
    if (isBulk(readings.at.length + positions.when.length + events.length))
      await audit(byOf(exchange), exportOf(topics, "json", rangeTold(asked)));
    return { status: 200, body: answer };
  };

const historyScreen =
  ({ ask, now }: Past): Api["historyScreen"] =>
  async ({ params: { city, screen }, query }, { response, who }) => {
    mustSeeScreen(who, city, screen);
    const at = momentIn(query.at, now());
    const layout = await ask(response, (store, signal) => store.call("screen", { city, screen, at }, signal));
    if (layout === null) throw new HttpError(404, "unknown-screen", `no layout of ${city}/${screen} is kept from then`);
    return {
      status: 200,
      body: { city, screen, revision: 0, layout: JSON.parse(layout) as Record<string, unknown>, error: null },
    };
  };

const historyExtent =
  ({ ask, catalogue }: Past): Api["historyExtent"] =>
  async ({ params: { city } }, { response, who }) => {
    knownCity(catalogue, city);
    const { bytes, ...found } = await ask(response, (store, signal) => store.call("extent", { city }, signal));
    // How much is kept of all cities is nothing that who sees one of them should know.
    const all = may(who, "look") ? { bytes } : {};
    return { status: 200, body: { ...found, ...all, from: isoOrNull(found.from) } };
  };

const historyQuality =
  ({ ask, catalogue, now }: Past): Api["historyQuality"] =>
  async ({ query }, { response, who }) => {
    const { city, metric } = metricFor(who, catalogue, query.topic, "topic");
    const asked = {
      topic: query.topic,
      ...rangeOf(query, now(), LIMITS.history.qualityRange),
      interval: metric.interval,
      limit: metric.limit,
      timeZone: city.timeZone,
      ...asOfIn(query, now()),
    };
    return { status: 200, body: await ask(response, (store, signal) => store.call("quality", asked, signal)) };
  };

const historyEvents =
  ({ ask, catalogue, now }: Past): Api["historyEvents"] =>
  async ({ params, query }, { response, who }) => {
    const city = cityFor(who, catalogue, params.city);
    const district = knownDistrict(city, query.district);
    const places = eventPlacesFor(who, city, district);
    const asked = {
      city: city.id,
      ...(places ? { places } : {}),
      ...rangeOf(query, now(), LIMITS.history.eventsRange),
      ...(district === "all" ? {} : { district }),
      ...asOfIn(query, now()),
    };
    const answer = await ask(response, (store, signal) => store.call("events", asked, signal), EVENTS_WEIGHT);
    return { status: 200, body: answer };
  };

/**
 * One event: as the gateway has it live, else as the store does, however long ago it was closed. One that somebody may not look at
 * is to him as if it were not there, and the store is asked as it is for one that nobody knows.
 */
const historyEvent =
  ({ ask, store, catalogue, now, event }: Past): Api["historyEvent"] =>
  async ({ params: { city, id }, query }, { response, who }) => {
    const facts = cityFor(who, catalogue, city);
    const asked: EventRequest = { city, id, ...asOfIn(query, now()) };
    if (query.at) asked.at = momentIn(query.at, now());
    const then = asked.at !== undefined || asked.asOf !== undefined;
    let isHidden = false;
    const seen = (one: CityEvent | null | undefined): CityEvent | null => {
      if (one && seesEvent(who, facts, one)) return one;
      isHidden ||= Boolean(one);
      return null;
    };
    const live = then ? null : seen(event(city, id));
    const canBeKept = store !== null && EVENT_ID.test(id);
    if (live) return { status: 200, body: { event: live, completeUntil: now() } };
    const found = canBeKept ? await ask(response, (past, signal) => past.call("event", asked, signal)) : null;
    const kept = seen(found?.event);
    if (kept && found) return { status: 200, body: { event: kept, completeUntil: found.completeUntil } };
    const when = then ? " at that moment" : "";
    const unknown = unknownEvent(city, id, `${when}${store ? "" : "; this gateway keeps no history"}`);
    throw isHidden ? hiding(unknown) : unknown;
  };

/** Who reported what of an event. One that somebody may not look at is to him as if it were not there. */
const historyEventReports =
  ({ ask, store, catalogue, now, event }: Past): Api["historyEventReports"] =>
  async ({ params: { city, id } }, { response, who }) => {
    const facts = cityFor(who, catalogue, city);
    const canBeKept = store !== null && EVENT_ID.test(id);
    const found = canBeKept ? await ask(response, (past, signal) => past.call("event", { city, id }, signal)) : null;
    const known = event(city, id) ?? found?.event;
    if (!known) throw unknownEvent(city, id);
    if (!seesEvent(who, facts, known)) throw hiding(unknownEvent(city, id));
    if (!may(who, "note", placeResource(facts, known.district))) throw noRight(who);
    if (!canBeKept) return { status: 200, body: { reports: [], cut: false, completeUntil: now() } };
    const answer = await ask(response, (past, signal) => past.call("eventReports", { city, id }, signal));
    return { status: 200, body: { ...answer, reports: answer.reports.map((report) => reportFor(who, report)) } };
  };

/** Ids of tokens are for who looks after them. */
function reportFor(who: Principal, report: EventReport): EventReport {
  if (!report.by || may(who, "tokens")) return report;
  const { feed, note } = report.by;
  return { ...report, by: { feed, note } };
}

function unknownEvent(city: string, id: string, more = ""): HttpError {
  return new HttpError(404, "unknown-event", `${city} has no event "${id}"${more}`);
}

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
    historyEventReports: historyEventReports(past),
  };
}
