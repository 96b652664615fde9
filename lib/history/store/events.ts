import { localDate } from "../../clock";
import { Pace } from "../../clock/pace";
import { LIMITS } from "../../contract/api/limits";
import { CLOSED_KEPT, EventBook } from "../../contract/event-book";
import { isClosed, mergeEvent, standingAt, stepsTold, type CityEvent } from "../../contract/events";
import type { EventCellRow } from "../../contract/event-counts";
import { PLAIN_TEXT } from "../../contract/plain-text";
import { DISTRICT } from "../../contract/topics";
import type { Changes, Knowledge, PastEvents } from "../../contract/history";
import type { KeptEvent } from "../writer/journal";
import type { Engine, Row, Session } from "./engine";
import { TooMuch } from "./question";

/** Rows of one statement. */
const ROWS = 200;
/** Ids of one question. */
const IDS = 500;

interface Span {
  city: string;
  id: string;
  opened: number;
  /** the latest that was told of its opening */
  opening: number;
  /** `updated` of its latest open and of its latest closed version; 0 without one */
  moved: number;
  closed: number;
  /** when its closing was, or was learned of: whichever is later */
  until: number;
}

/** Adds versions of events, and to each event's span what they say of it. */
export async function addEvents(tx: Session, events: KeptEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.append("event_versions", events.length, [
    { name: "city", type: "TEXT", values: events.map(({ event }) => event.city) },
    { name: "id", type: "TEXT", values: events.map(({ event }) => event.id) },
    { name: "updated", type: "BIGINT", values: events.map(({ event }) => event.updated) },
    { name: "recorded", type: "BIGINT", values: events.map(({ recorded }) => recorded) },
    { name: "body", type: "TEXT", values: events.map(({ event }) => JSON.stringify(event)) },
    { name: "reported_by", type: "TEXT", values: events.map(({ by }) => (by ? JSON.stringify(by) : "")) },
  ]);
  const spans = [...spansOf(events).values()];
  for (let i = 0; i < spans.length; i += ROWS) await widen(tx, spans.slice(i, i + ROWS));
}

function spansOf(events: KeptEvent[]): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const { event, recorded } of events) {
    const key = `${event.city} ${event.id}`;
    const span = spans.get(key) ?? {
      city: event.city,
      id: event.id,
      opened: event.at,
      opening: event.at,
      moved: 0,
      closed: 0,
      until: 0,
    };
    span.opened = Math.min(span.opened, event.at);
    span.opening = Math.max(span.opening, event.at);
    if (isClosed(event)) {
      span.closed = Math.max(span.closed, event.updated);
      span.until = Math.max(span.until, event.updated, recorded);
    } else span.moved = Math.max(span.moved, event.updated);
    spans.set(key, span);
  }
  return spans;
}

async function widen(tx: Session, spans: Span[]): Promise<void> {
  const values = spans.flatMap(({ city, id, opened, opening, moved, closed, until }) => [
    city,
    id,
    opened,
    opening,
    moved,
    closed,
    until,
  ]);
  const places = spans.map((_, i) => `(${Array.from({ length: 7 }, (__, k) => `$${i * 7 + k + 1}`).join(", ")})`);
  await tx.run(
    `INSERT INTO event_spans (city, id, opened, opening, moved, closed, until) VALUES ${places.join(", ")}
      ON CONFLICT (city, id) DO UPDATE SET
        opened = least(event_spans.opened, excluded.opened), opening = greatest(event_spans.opening, excluded.opening),
        moved = greatest(event_spans.moved, excluded.moved), closed = greatest(event_spans.closed, excluded.closed),
        until = greatest(event_spans.until, excluded.until)`,
    values,
  );
}

/** Forgets the spans of events that were closed before a moment (ms). */
export async function expireSpans(engine: Engine, before: number): Promise<void> {
  await engine.run("DELETE FROM event_spans WHERE closed > moved AND until < $1", [before]);
}

function textList(ids: string[]): string {
  return ids.map((id) => `'${id.replaceAll("'", "''")}'`).join(", ");
}

/** The event of a row of `event_versions`. */
export function eventOf(row: Row): CityEvent {
  return JSON.parse(String(row.body)) as CityEvent;
}

/** Events by the rule of `mergeEvent`, as they were known at `asOf` (ms). */
async function merged(engine: Engine, city: string, ids: string[], asOf: number): Promise<Map<string, CityEvent>> {
  const found = new Map<string, CityEvent>();
  const pace = new Pace();
  for (let i = 0; i < ids.length; i += IDS) await mergeSome(engine, city, ids.slice(i, i + IDS), asOf, found, pace);
  return found;
}

/** Adds versions to what is found of their events, in stretches. */
async function mergeRows(rows: Row[], found: Map<string, CityEvent>, pace: Pace): Promise<void> {
  for (const row of rows) {
    if (pace.isOver) await pace.rest();
    const version = eventOf(row);
    found.set(version.id, mergeEvent(found.get(version.id), version));
  }
}

/**
 * A version that was taken in live brings all that was known before it, so that the latest is all there is to read,
 * besides what came after it for an event closed long ago. Where it does not reach back to the first (such an event was
 * opened again), all versions are read.
 */
async function mergeSome(
  engine: Engine,
  city: string,
  ids: string[],
  asOf: number,
  found: Map<string, CityEvent>,
  pace: Pace,
): Promise<void> {
  const recorded = Number.isFinite(asOf) ? `AND recorded <= ${Math.round(asOf)}` : "";
  const rows = await engine.query(
    `SELECT id, body, earliest FROM (
      SELECT id, body, recorded, row_number() OVER latest AS place, first_value(recorded) OVER latest AS winner,
        min(updated) OVER (PARTITION BY id) AS earliest
        FROM event_versions WHERE city = $1 AND id IN (${textList(ids)}) ${recorded}
        WINDOW latest AS (PARTITION BY id ORDER BY updated DESC, recorded DESC)
    ) AS v WHERE place = 1 OR recorded > winner ORDER BY recorded`,
    [city],
  );
  await mergeRows(rows, found, pace);
  const broken = new Set<string>();
  for (const row of rows) {
    if (pace.isOver) await pace.rest();
    const id = String(row.id);
    const [first] = stepsTold(found.get(id) as CityEvent);
    if (first && Number(row.earliest) < first.at) broken.add(id);
  }
  if (broken.size === 0) return;
  for (const id of broken) found.delete(id);
  const all = await engine.query(
    `SELECT body FROM event_versions
    WHERE city = $1 AND id IN (${textList([...broken])}) ${recorded}
    ORDER BY recorded`,
    [city],
  );
  await mergeRows(all, found, pace);
}

/** Ids of events that may have been open, or not long closed, at some moment of [from, to]. */
async function standingIds(engine: Engine, city: string, from: number, to: number): Promise<string[]> {
  const rows = await engine.query(
    "SELECT id FROM event_spans WHERE city = $1 AND opened <= $2 AND (moved >= closed OR until > $3)",
    [city, to, from - CLOSED_KEPT],
  );
  return rows.map((row) => String(row.id));
}

export interface EventsMoment {
  city: string;
  /** zone of its days */
  timeZone: string;
  /** ms */
  at: number;
  knowledge: Knowledge;
  /** places whose events alone are told of; left out: all */
  places?: readonly string[];
}

/** All events of a city at a past moment, counted as the gateway counts them live. */
export async function bookAt(
  engine: Engine,
  { city, timeZone, at, knowledge }: Omit<EventsMoment, "places">,
): Promise<EventBook> {
  const events = await merged(
    engine,
    city,
    await standingIds(engine, city, at, at),
    knowledge === "then" ? at : Infinity,
  );
  return bookOf(events.values(), timeZone, at, knowledge);
}

async function bookOf(
  events: Iterable<CityEvent>,
  timeZone: string,
  at: number,
  knowledge: Knowledge,
): Promise<EventBook> {
  const pace = new Pace();
  const book = new EventBook((when) => localDate(when, timeZone));
  for (const event of events) {
    if (pace.isOver) await pace.rest();
    const standing = knowledge === "then" ? event : standingAt(event, at);
    if (standing) book.take(standing);
  }
  book.expire(at);
  book.drainCells();
  return book;
}

/** What changed of a city's events in (from, to], in the order a wall showed it. */
export async function eventChanges(
  engine: Engine,
  moment: Omit<EventsMoment, "at">,
  from: number,
  to: number,
): Promise<Changes["events"]> {
  return moment.knowledge === "then" ? changesThen(engine, moment, from, to) : changesSince(engine, moment, from, to);
}

async function changesThen(
  engine: Engine,
  { city, timeZone, places }: Omit<EventsMoment, "at">,
  from: number,
  to: number,
): Promise<Changes["events"]> {
  const rows = await engine.query(
    `SELECT recorded, id, body FROM event_versions
    WHERE city = $1 AND recorded > $2 AND recorded <= $3
    ORDER BY recorded`,
    [city, from, to],
  );
  const ids = new Set([...(await standingIds(engine, city, from, to)), ...rows.map((row) => String(row.id))]);
  const book = await bookOf((await merged(engine, city, [...ids], from)).values(), timeZone, from, "then");
  const pace = new Pace();
  const teller = new Teller(book, places);
  for (const row of rows) {
    if (pace.isOver) await pace.rest();
    teller.take(Number(row.recorded), eventOf(row));
  }
  return teller.changes;
}

async function changesSince(
  engine: Engine,
  { city, timeZone, places }: Omit<EventsMoment, "at">,
  from: number,
  to: number,
): Promise<Changes["events"]> {
  const events = [...(await merged(engine, city, await standingIds(engine, city, from, to), Infinity)).values()];
  const book = await bookOf(events, timeZone, from, "since");
  const pace = new Pace();
  const moves: { at: number; event: CityEvent }[] = [];
  for (const event of events) {
    if (pace.isOver) await pace.rest();
    for (const at of new Set(stepsTold(event).map((step) => step.at)))
      if (at > from && at <= to) moves.push({ at, event });
  }
  moves.sort((a, b) => a.at - b.at);
  const teller = new Teller(book, places);
  for (const { at, event } of moves) {
    if (pace.isOver) await pace.rest();
    teller.take(at, standingAt(event, at) as CityEvent);
  }
  return teller.changes;
}

/** Tells what changed in a book: of some places alone, where not of all. Of other places it tells nothing, not even that. */
class Teller {
  readonly changes: Changes["events"] = [];
  /** cells of those places that changed with an event which is not told of: it moved away from them */
  private left: EventCellRow[] = [];

  constructor(
    private readonly book: EventBook,
    private readonly places: readonly string[] | undefined,
  ) {}

  private isTold(place: string): boolean {
    return this.places === undefined || this.places.includes(place);
  }

  take(when: number, version: CityEvent): void {
    const taken = this.book.take(version);
    if (taken?.shown !== "live") return;
    const counts = [...this.left, ...this.book.drainCells().filter(([, place]) => this.isTold(place))];
    this.left = [];
    if (this.isTold(taken.event.district)) this.changes.push({ when, event: taken.event, counts });
    else this.left = counts;
  }
}

export interface EventRequest {
  city: string;
  id: string;
  /** as it stood at this moment (ms), by all that is known; left out: as it last stood */
  at?: number;
  /** as it was known at this moment, ms */
  asOf?: number;
}

/** One event, however long ago it was closed; null where there is none, or was none then. */
export async function eventById(
  engine: Engine,
  { city, id, at, asOf = Infinity }: EventRequest,
): Promise<CityEvent | null> {
  // No event has such an id, and PostgreSQL takes no text that is not plain.
  if (!PLAIN_TEXT.test(id)) return null;
  const event = (await merged(engine, city, [id], asOf)).get(id);
  return (event && at !== undefined ? standingAt(event, at) : event) ?? null;
}

/** Events that one list holds. */
const EVENTS_LIMIT = 5_000;

export interface EventsRequest {
  city: string;
  /** adcode; left out: the whole city */
  district?: string;
  /** places whose events alone are told of and counted; left out: all */
  places?: readonly string[];
  /** opened in [from, to), ms */
  from: number;
  to: number;
  /** as it was known at this moment, ms */
  asOf?: number;
}

function isIn({ district }: CityEvent, places: readonly string[] | undefined): boolean {
  return places === undefined || places.includes(district);
}

/**
 * Holds ids to those of events that some version places there: what is refused as too much must tell nothing of other places. The JSON
 * of a version has the text nowhere else, as quotes within texts are escaped.
 */
function everIn(places: readonly string[] | undefined): string {
  if (places === undefined) return "";
  const some = places.map((place) => `body LIKE '%"district":"${placeCode(place)}"%'`).join(" OR ") || "FALSE";
  return ` AND id IN (SELECT id FROM event_versions WHERE city = $1 AND (${some}))`;
}

/** A place's code, which can stand in a statement. @throws where it is none */
function placeCode(place: string): string {
  if (!DISTRICT.test(place)) throw new Error(`"${place}" is no place's code`);
  return place;
}

/** Events that were opened in a range, each as it last stood, newest first, and how many there are in all. */
export async function eventsBetween(
  engine: Engine,
  { city, district, places, from, to, asOf = Infinity }: EventsRequest,
): Promise<Omit<PastEvents, "completeUntil">> {
  const rows = await engine.query(
    `SELECT id FROM event_spans WHERE city = $1 AND opened < $2 AND opening >= $3${everIn(places)}`,
    [city, to, from],
  );
  const { events: most } = LIMITS.history;
  if (rows.length > most)
    throw new TooMuch("from", `${rows.length} events, of which one answer looks at ${most}; ask for a shorter range`);
  const all = await merged(
    engine,
    city,
    rows.map((row) => String(row.id)),
    asOf,
  );
  const events = [...all.values()]
    .filter((event) => event.at >= from && event.at < to)
    .filter((event) => (district === undefined || event.district === district) && isIn(event, places))
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  return { events: events.slice(0, EVENTS_LIMIT), total: events.length, cut: events.length > EVENTS_LIMIT };
}
