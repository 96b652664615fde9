import { isClosed, type CityEvent } from "../../contract/events";
import type { TopicSnapshot } from "../../contract/live";
import type { Changes, ChangesRequest, Knowledge, PastEvents, PastRequest, PastSnapshot } from "../../contract/past";
import { QUALITIES } from "../../contract/readings";
import { parseTopic } from "../../contract/topics";
import { idList, type Engine } from "./engine";
import { DEGREE, type Historian } from "./historian";
import { lastReadings, tailsOf } from "./moment";
import { LATEST_FIRST } from "./rollup";

const HOUR = 3_600_000;
const EVENT_LOOKBACK = 60 * 24 * HOUR;
/** A closed event is still shown for this long, ms. */
const CLOSED_FOR = 24 * HOUR;
/** A thing not seen for this long is not on the map. */
const THING_LOOKBACK = HOUR / 2;
/** Items of one answer. */
export const CHANGES_LIMIT = 200_000;

/** The state of topics at a past moment, as a snapshot that the live store takes like any other. */
export async function pastSnapshot(historian: Historian, request: PastRequest): Promise<PastSnapshot> {
  const { at, knowledge } = request;
  const order = request.topics.map(({ topic }) => topic);
  const known = knowledge === "then" ? at : undefined;
  const topics: Record<string, TopicSnapshot> = {};
  const wanted = request.topics.flatMap(({ topic, spans }) => {
    const series = historian.series(topic);
    return series === undefined ? [] : [{ topic, series, spans }];
  });
  const lasts = await lastReadings(historian, wanted.map((w) => w.series), at, { known });
  const tails = await tailsOf(historian, wanted, at, known);
  for (const { topic, series } of wanted) {
    const last = lasts.get(series);
    const tail = tails.get(series);
    topics[topic] = {
      kind: "reading", offset: 1, series: tail?.series ?? [], ...(tail && tail.marks.length > 0 ? { marks: tail.marks } : {}),
      last: last ? { at: last.at, value: last.value, quality: QUALITIES[last.quality] ?? "bad" } : null,
    };
  }
  for (const topic of order) {
    const name = parseTopic(topic);
    if (name?.kind === "events") topics[topic] = { kind: "events", offset: 1, items: await eventsAt(historian.engine, name.city, at, knowledge) };
    if (name?.kind === "positions") topics[topic] = { kind: "positions", offset: 1, ...(await positionsAt(historian.engine, topic, at)) };
    if (name?.kind === "reading") topics[topic] ??= { kind: "reading", offset: 1, last: null, series: [] };
  }
  return { epoch: at, now: at, set: 1, seq: 0, order, topics, refused: [], spacing: await spacingAt(historian, wanted.map((w) => w.series), at, known) };
}

const SPACING_WINDOW = 600_000;

async function spacingAt({ engine }: Historian, series: number[], at: number, known: number | undefined): Promise<number | null> {
  const then = known === undefined ? "" : ` AND recorded <= ${known}`;
  const rows = await engine.query(`
    SELECT series, count(*) AS n, max(observed) - min(observed) AS span FROM readings
    WHERE series IN (${idList(series)}) AND observed > ${at - SPACING_WINDOW} AND observed <= ${at}${then}
    GROUP BY series HAVING count(*) > 2`);
  // From the first to the last, so that a feed that fell silent does not look as if it were kept coarsely.
  const spacings = rows.map((row) => Number(row.span) / (Number(row.n) - 1)).sort((a, b) => a - b);
  return spacings[Math.floor(spacings.length / 2)] ?? null;
}

async function eventsAt(engine: Engine, city: string, at: number, knowledge: Knowledge): Promise<CityEvent[]> {
  const when = knowledge === "then" ? "recorded" : "updated";
  const rows = await engine.query(`SELECT body FROM (SELECT body, updated, row_number() OVER (PARTITION BY id ORDER BY updated DESC, recorded DESC) AS place FROM event_versions WHERE city = $1 AND updated > $2 AND ${when} <= $3) AS v WHERE place = 1 ORDER BY updated`, [city, at - EVENT_LOOKBACK, at]);
  const events = rows.map((row) => JSON.parse(String(row.body)) as CityEvent);
  return events.filter((event) => !isClosed(event) || at - event.updated < CLOSED_FOR);
}

/** Events that one list holds. */
export const EVENTS_LIMIT = 5_000;

export interface EventsRequest {
  city: string;
  /** adcode; left out: the whole city */
  district?: string;
  /** opened in [from, to), ms */
  from: number;
  to: number;
  /** as it was known at this moment, ms */
  known?: number;
}

/** Events that were opened in a range, each as it last stood, newest first. */
export async function eventsBetween(engine: Engine, { city, district, from, to, known }: EventsRequest): Promise<PastEvents> {
  // A version is never older than the opening; how long an event may stay open bounds the other side.
  const rows = await engine.query(`SELECT body FROM (SELECT body, row_number() OVER (PARTITION BY id ORDER BY updated DESC, recorded DESC) AS place FROM event_versions WHERE city = $1 AND updated >= $2 AND updated < $3${known === undefined ? "" : ` AND recorded <= ${Math.round(known)}`}) AS v WHERE place = 1`, [city, from, to + EVENT_LOOKBACK]);
  const events = rows.map((row) => JSON.parse(String(row.body)) as CityEvent).filter((event) => event.at >= from && event.at < to && (district === undefined || event.district === district)).sort((a, b) => b.at - a.at);
  return { events: events.slice(0, EVENTS_LIMIT), cut: events.length > EVENTS_LIMIT };
}

async function positionsAt(engine: Engine, topic: string, at: number): Promise<{ names: [number, string, string][]; rows: number[] }> {
  const found = await engine.query(`SELECT t.id, t.name, t.label, p.observed, p.lon, p.lat, p.heading, p.speed FROM (SELECT thing, observed, lon, lat, heading, speed, row_number() OVER (PARTITION BY thing ORDER BY observed DESC) AS place FROM positions WHERE observed > $1 AND observed <= $2) AS p JOIN things AS t ON t.id = p.thing WHERE p.place = 1 AND t.topic = $3`, [at - THING_LOOKBACK, at, topic]);
  const names: [number, string, string][] = [];
  const rows: number[] = [];
  for (const [slot, row] of found.entries()) {
    names.push([slot, String(row.name), String(row.label)]);
    rows.push(slot, Number(row.lon) / DEGREE, Number(row.lat) / DEGREE, Number(row.heading), Number(row.speed), Number(row.observed));
  }
  return { names, rows };
}

/** What changed between two moments, in the order a wall showed it. */
export async function pastChanges(historian: Historian, request: ChangesRequest): Promise<Changes> {
  const { from, to, knowledge, thin } = request;
  const { engine } = historian;
  const changes: Changes = { topics: request.topics, readings: { topic: [], when: [], at: [], value: [] }, positions: { topic: [], when: [], thing: [], lon: [], lat: [], heading: [], speed: [] }, things: {}, events: [], cut: false };
  const indexOf = new Map(request.topics.map((topic, index) => [topic, index]));
  const series = new Map(request.topics.flatMap((topic, index) => {
    const id = historian.series(topic);
    return id === undefined ? [] : [[id, index] as const];
  }));
  // What was shown then came when it was recorded; seen from now, a value stands where it was observed.
  const when = knowledge === "then" ? "recorded" : "observed";
  const slot = thin > 0
    ? `, row_number() OVER (PARTITION BY series, ${when} - ${when} % ${thin} ORDER BY observed DESC, ${LATEST_FIRST}) AS place`
    : ", 1 AS place";
  const rows = await engine.query(`
    SELECT series, observed AS t, ${when} AS shown, value, quality FROM (
      SELECT series, observed, recorded, sequence, value, quality${slot} FROM readings
      WHERE series IN (${idList([...series.keys()])}) AND ${when} > $1 AND ${when} <= $2
    ) AS r WHERE place = 1 ORDER BY shown, observed, recorded, sequence LIMIT ${CHANGES_LIMIT + 1}`, [from, to]);
  for (const row of rows) {
    changes.readings.topic.push(series.get(Number(row.series)) ?? 0);
    changes.readings.when.push(Number(row.shown));
    changes.readings.at.push(Number(row.t));
    changes.readings.value.push(Number(row.value));
  }
  if (rows.some((row) => Number(row.quality) > 0)) changes.readings.quality = rows.map((row) => Number(row.quality));
  changes.cut = rows.length > CHANGES_LIMIT;
  const layers = request.topics.filter((topic) => parseTopic(topic)?.kind === "positions");
  if (layers.length > 0) await addPositionChanges(engine, request, layers, indexOf, changes);
  for (const topic of request.topics) {
    const name = parseTopic(topic);
    if (name?.kind !== "events") continue;
    const column = knowledge === "then" ? "recorded" : "updated";
    for (const row of await engine.query(`SELECT ${column} AS shown, body FROM event_versions WHERE city = $1 AND ${column} > $2 AND ${column} <= $3 ORDER BY shown, updated`, [name.city, from, to])) changes.events.push({ when: Number(row.shown), event: JSON.parse(String(row.body)) as CityEvent });
  }
  return changes;
}

async function addPositionChanges(engine: Engine, { from, to, thin }: ChangesRequest, layers: string[], indexOf: Map<string, number>, changes: Changes): Promise<void> {
  const slot = thin > 0 ? `, row_number() OVER (PARTITION BY thing, observed - observed % ${thin} ORDER BY observed DESC) AS place` : ", 1 AS place";
  const names = layers.map((_, i) => `$${i + 3}`).join(", ");
  const rows = await engine.query(`SELECT p.thing, t.topic, t.name, t.label, p.observed, p.lon, p.lat, p.heading, p.speed FROM (SELECT thing, observed, lon, lat, heading, speed${slot} FROM positions WHERE observed > $1 AND observed <= $2) AS p JOIN things AS t ON t.id = p.thing WHERE p.place = 1 AND t.topic IN (${names}) ORDER BY p.observed LIMIT ${CHANGES_LIMIT + 1}`, [from, to, ...layers]);
  changes.cut ||= rows.length > CHANGES_LIMIT;
  const { positions } = changes;
  for (const row of rows) {
    changes.things[Number(row.thing)] = [String(row.name), String(row.label)];
    positions.topic.push(indexOf.get(String(row.topic)) ?? 0);
    positions.when.push(Number(row.observed));
    positions.thing.push(Number(row.thing));
    positions.lon.push(Number(row.lon) / DEGREE);
    positions.lat.push(Number(row.lat) / DEGREE);
    positions.heading.push(Number(row.heading));
    positions.speed.push(Number(row.speed));
  }
}

/** The layout a screen had at a moment, or null when none was kept. */
export async function pastScreen(engine: Engine, city: string, screen: string, at: number): Promise<string | null> {
  const [row] = await engine.query("SELECT layout FROM screen_versions WHERE city = $1 AND screen = $2 AND recorded <= $3 ORDER BY recorded DESC LIMIT 1", [city, screen, at]);
  return row ? String(row.layout) : null;
}
