import { inStretches, Pace } from "../../clock/pace";
import type { TopicSnapshot } from "../../contract/socket-messages";
import type { Changes, ChangesRequest, PastRequest, PastSnapshot } from "../../contract/history";
import { QUALITIES } from "../../contract/readings";
import { parseTopic } from "../../contract/topics";
import { idList, type Engine } from "./engine";
import { bookAt, eventChanges } from "./events";
import type { Historian } from "./historian";
import { DEGREE } from "./schema";
import { lastReadings, tailsOf } from "./moment";
import { LATEST_FIRST } from "./rollup";

const HOUR = 3_600_000;
/** A thing not seen for this long is not on the map. */
const THING_LOOKBACK = HOUR / 2;
/** Items of one answer. */
export const CHANGES_LIMIT = 200_000;

/** The state of topics at a past moment, as a snapshot that the live store takes like any other. */
export async function pastSnapshot(
  historian: Historian,
  request: PastRequest,
): Promise<Omit<PastSnapshot, "completeUntil">> {
  const { at, knowledge } = request;
  const order = request.topics.map(({ topic }) => topic);
  const asOf = knowledge === "then" ? at : undefined;
  const wanted = request.topics.flatMap(({ topic, spans }) => {
    const series = historian.series(topic);
    return series === undefined ? [] : [{ topic, series, spans }];
  });
  const readings = await readingsAt(historian, wanted, at, asOf);
  const topics: Record<string, TopicSnapshot> = {};
  for (const topic of order) {
    const state = readings.get(topic) ?? (await otherAt(historian.engine, topic, request));
    if (state) topics[topic] = state;
  }
  const spacing = await spacingAt(
    historian,
    wanted.map((w) => w.series),
    at,
    asOf,
  );
  return { epoch: at, now: at, set: 1, seq: 0, order, topics, refused: [], spacing };
}

/** Series whose last reading and whose points over some spans (s) are wanted. */
interface Wanted {
  topic: string;
  series: number;
  spans: number[];
}

async function readingsAt(
  historian: Historian,
  wanted: Wanted[],
  at: number,
  asOf: number | undefined,
): Promise<Map<string, TopicSnapshot>> {
  const lasts = await lastReadings(
    historian,
    wanted.map((w) => w.series),
    at,
    { asOf },
  );
  const tails = await tailsOf(historian, wanted, at, asOf);
  return new Map(
    wanted.map(({ topic, series }) => {
      const last = lasts.get(series);
      const tail = tails.get(series);
      const state: TopicSnapshot = {
        kind: "reading",
        offset: 1,
        series: tail?.series ?? [],
        ...(tail && tail.marks.length > 0 ? { marks: tail.marks } : {}),
        last: last ? { at: last.at, value: last.value, quality: QUALITIES[last.quality] ?? "bad" } : null,
      };
      return [topic, state];
    }),
  );
}

/** The state of events, of things, or of a metric that nothing was ever recorded of; undefined for what is no topic. */
async function otherAt(
  engine: Engine,
  topic: string,
  { at, knowledge, zones, places }: PastRequest,
): Promise<TopicSnapshot | undefined> {
  const name = parseTopic(topic);
  if (name?.kind === "reading") return { kind: "reading", offset: 1, last: null, series: [] };
  if (name?.kind === "positions") return { kind: "positions", offset: 1, ...(await positionsAt(engine, topic, at)) };
  if (name?.kind !== "events") return undefined;
  const book = await bookAt(engine, { city: name.city, timeZone: zones?.[name.city] ?? "UTC", at, knowledge });
  return { kind: "events", offset: 1, ...book.window(places?.[name.city]) };
}

const SPACING_WINDOW = 600_000;

async function spacingAt(
  { engine }: Historian,
  series: number[],
  at: number,
  asOf: number | undefined,
): Promise<number | null> {
  const upTo = asOf === undefined ? "" : ` AND recorded <= ${asOf}`;
  const rows = await engine.query(`
    SELECT series, count(*) AS n, max(observed) - min(observed) AS span FROM readings
    WHERE series IN (${idList(series)}) AND observed > ${at - SPACING_WINDOW} AND observed <= ${at}${upTo}
    GROUP BY series HAVING count(*) > 2`);
  // From the first to the last, so that a feed that fell silent does not look as if it were kept coarsely.
  const spacings = rows.map((row) => Number(row.span) / (Number(row.n) - 1)).sort((a, b) => a - b);
  return spacings[Math.floor(spacings.length / 2)] ?? null;
}

const POSITIONS_AT = `
  SELECT t.id, t.name, t.label, p.observed, p.lon, p.lat, p.heading, p.speed
  FROM (
    SELECT thing, observed, lon, lat, heading, speed,
      row_number() OVER (PARTITION BY thing ORDER BY observed DESC) AS place
    FROM positions
    WHERE observed > $1 AND observed <= $2
  ) AS p
  JOIN things AS t ON t.id = p.thing
  WHERE p.place = 1 AND t.topic = $3`;

async function positionsAt(
  engine: Engine,
  topic: string,
  at: number,
): Promise<{ names: [number, string, string][]; rows: number[] }> {
  const found = await engine.query(POSITIONS_AT, [at - THING_LOOKBACK, at, topic]);
  const names: [number, string, string][] = [];
  const rows: number[] = [];
  for (const [slot, row] of found.entries()) {
    names.push([slot, String(row.name), String(row.label)]);
    rows.push(
      slot,
      Number(row.lon) / DEGREE,
      Number(row.lat) / DEGREE,
      Number(row.heading),
      Number(row.speed),
      Number(row.observed),
    );
  }
  return { names, rows };
}

type ChangesFound = Omit<Changes, "completeUntil">;

/** What changed between two moments, in the order a wall showed it. */
export async function pastChanges(historian: Historian, request: ChangesRequest): Promise<ChangesFound> {
  const { from, to, knowledge, downsample } = request;
  const { engine } = historian;
  const changes: ChangesFound = {
    topics: request.topics,
    readings: { topic: [], when: [], at: [], value: [] },
    positions: { topic: [], when: [], thing: [], lon: [], lat: [], heading: [], speed: [] },
    things: {},
    events: [],
    cut: false,
  };
  const indexOf = new Map(request.topics.map((topic, index) => [topic, index]));
  const series = new Map(
    request.topics.flatMap((topic, index) => {
      const id = historian.series(topic);
      return id === undefined ? [] : [[id, index] as const];
    }),
  );
  // What was shown then came when it was recorded; seen from now, a value stands where it was observed.
  const when = knowledge === "then" ? "recorded" : "observed";
  const slot =
    downsample > 0
      ? `, row_number() OVER (
          PARTITION BY series, ${when} - ${when} % ${downsample} ORDER BY observed DESC, ${LATEST_FIRST}
        ) AS place`
      : ", 1 AS place";
  const rows = await engine.query(
    `
    SELECT series, observed AS t, ${when} AS shown, value, quality FROM (
      SELECT series, observed, recorded, sequence, value, quality${slot} FROM readings
      WHERE series IN (${idList([...series.keys()])}) AND ${when} > $1 AND ${when} <= $2
    ) AS r WHERE place = 1 ORDER BY shown, observed, recorded, sequence LIMIT ${CHANGES_LIMIT + 1}`,
    [from, to],
  );
  await inStretches(rows, new Pace(), (row) => {
    changes.readings.topic.push(series.get(Number(row.series)) ?? 0);
    changes.readings.when.push(Number(row.shown));
    changes.readings.at.push(Number(row.t));
    changes.readings.value.push(Number(row.value));
  });
  if (rows.some((row) => Number(row.quality) > 0)) changes.readings.quality = rows.map((row) => Number(row.quality));
  changes.cut = rows.length > CHANGES_LIMIT;
  const layers = request.topics.filter((topic) => parseTopic(topic)?.kind === "positions");
  if (layers.length > 0) await addPositionChanges(engine, request, layers, indexOf, changes);
  for (const topic of request.topics) {
    const name = parseTopic(topic);
    if (name?.kind !== "events") continue;
    changes.events.push(
      ...(await eventChanges(
        engine,
        {
          city: name.city,
          timeZone: request.zones?.[name.city] ?? "UTC",
          knowledge,
          places: request.places?.[name.city],
        },
        from,
        to,
      )),
    );
  }
  return changes;
}

async function addPositionChanges(
  engine: Engine,
  { from, to, downsample }: ChangesRequest,
  layers: string[],
  indexOf: Map<string, number>,
  changes: ChangesFound,
): Promise<void> {
  const slot =
    downsample > 0
      ? `, row_number() OVER (PARTITION BY thing, observed - observed % ${downsample} ORDER BY observed DESC) AS place`
      : ", 1 AS place";
  const names = layers.map((_, i) => `$${i + 3}`).join(", ");
  const rows = await engine.query(
    `
    SELECT p.thing, t.topic, t.name, t.label, p.observed, p.lon, p.lat, p.heading, p.speed
    FROM (
      SELECT thing, observed, lon, lat, heading, speed${slot}
      FROM positions
      WHERE observed > $1 AND observed <= $2
    ) AS p
    JOIN things AS t ON t.id = p.thing
    WHERE p.place = 1 AND t.topic IN (${names})
    ORDER BY p.observed
    LIMIT ${CHANGES_LIMIT + 1}`,
    [from, to, ...layers],
  );
  changes.cut ||= rows.length > CHANGES_LIMIT;
  const { positions } = changes;
  // Things are numbered over all cities: how many there are elsewhere is nothing that an answer tells.
  const numbers = new Map<number, number>();
  await inStretches(rows, new Pace(), (row) => {
    const thing = numbers.get(Number(row.thing)) ?? numbers.size;
    numbers.set(Number(row.thing), thing);
    changes.things[thing] = [String(row.name), String(row.label)];
    positions.topic.push(indexOf.get(String(row.topic)) ?? 0);
    positions.when.push(Number(row.observed));
    positions.thing.push(thing);
    positions.lon.push(Number(row.lon) / DEGREE);
    positions.lat.push(Number(row.lat) / DEGREE);
    positions.heading.push(Number(row.heading));
    positions.speed.push(Number(row.speed));
  });
}

const SCREEN_AT = `
  SELECT layout FROM screen_versions
  WHERE city = $1 AND screen = $2 AND recorded <= $3
  ORDER BY recorded DESC
  LIMIT 1`;

/** The layout a screen had at a moment, or null when none was kept. */
export async function pastScreen(engine: Engine, city: string, screen: string, at: number): Promise<string | null> {
  const [row] = await engine.query(SCREEN_AT, [city, screen, at]);
  return row ? String(row.layout) : null;
}
