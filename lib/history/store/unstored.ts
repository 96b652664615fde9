import type { JournalBatch, KeptPosition, ReadingColumns } from "../writer/journal";
import { filtered } from "./batches";
import type { Row, Session } from "./engine";
import { DEGREE } from "./schema";

/** What a batch is compared by. */
export interface Comparison {
  /** the series of a topic, undefined where nothing of it is stored */
  series: (topic: string) => number | undefined;
  /** the thing of a name, undefined where nothing of it is stored */
  thing: (topic: string, name: string) => number | undefined;
  /** from when on (ms) each kind is kept: what is older may have been dropped, and is not brought back */
  since: { readings: number; positions: number; events: number };
}

/** How often each of some rows is stored; each is taken out as it is found. */
class Stored {
  private readonly counts = new Map<string, number>();

  constructor(rows: Row[], columns: string[]) {
    for (const row of rows) {
      const key = columns.map((column) => row[column]).join(" ");
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    }
  }

  /** True where one is stored that has not been taken out yet. */
  takes(...key: (string | number | undefined)[]): boolean {
    const text = key.join(" ");
    const count = this.counts.get(text) ?? 0;
    if (count > 0) this.counts.set(text, count - 1);
    return count > 0;
  }
}

function rangeOf(values: ArrayLike<number>): [from: number, to: number] {
  let [from, to] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    from = Math.min(from, values[i] as number);
    to = Math.max(to, values[i] as number);
  }
  return [from, to];
}

const READING = ["series", "observed", "recorded", "sequence", "value", "quality"];

async function unstoredReadings(tx: Session, columns: ReadingColumns, by: Comparison): Promise<ReadingColumns> {
  if (columns.topic.length === 0) return columns;
  const [from, to] = rangeOf(columns.observed);
  // What was observed at any time was recorded within moments: the narrower range bounds what is held in memory.
  const [earliest, latest] = rangeOf(columns.recorded);
  const rows = await tx.rows(
    `SELECT ${READING.join(", ")} FROM readings
      WHERE observed >= $1 AND observed <= $2 AND recorded >= $3 AND recorded <= $4`,
    [from, to, earliest, latest].map(Math.round),
  );
  const stored = new Stored(rows, READING);
  const ids = columns.topics.map((topic) => by.series(topic));
  return filtered(columns, (i) => {
    if ((columns.observed[i] as number) < by.since.readings) return false;
    const [observed, recorded] = [columns.observed[i] as number, columns.recorded[i] as number];
    return !stored.takes(
      ids[columns.topic[i] as number],
      Math.round(observed),
      Math.round(recorded),
      columns.sequence[i],
      columns.value[i],
      columns.quality[i],
    );
  });
}

const POSITION = ["thing", "observed", "lon", "lat"];

async function unstoredPositions(tx: Session, positions: KeptPosition[], by: Comparison): Promise<KeptPosition[]> {
  if (positions.length === 0) return positions;
  const range = rangeOf(positions.map(({ at }) => at));
  const rows = await tx.rows(
    `SELECT ${POSITION.join(", ")} FROM positions WHERE observed >= $1 AND observed <= $2`,
    range.map(Math.round),
  );
  const stored = new Stored(rows, POSITION);
  return positions.filter(({ topic, id, at, lon, lat }) => {
    const place = [Math.round(lon * DEGREE), Math.round(lat * DEGREE)];
    return at >= by.since.positions && !stored.takes(by.thing(topic, id), Math.round(at), ...place);
  });
}

const EVENT = ["city", "id", "updated", "recorded"];

async function unstoredEvents(
  tx: Session,
  events: JournalBatch["events"],
  by: Comparison,
): Promise<JournalBatch["events"]> {
  if (events.length === 0) return events;
  const range = rangeOf(events.map(({ recorded }) => recorded));
  const rows = await tx.rows(
    `SELECT ${EVENT.join(", ")} FROM event_versions WHERE recorded >= $1 AND recorded <= $2`,
    range.map(Math.round),
  );
  const stored = new Stored(rows, EVENT);
  return events.filter(
    ({ event: { city, id, updated }, recorded }) =>
      updated >= by.since.events && !stored.takes(city, id, updated, recorded),
  );
}

/**
 * What of a batch the store does not have: of a journal that is read again, where the store has lost some of what it brought, or
 * nobody knows how much it was given. Layouts are left in: each is compared as it is added.
 */
export async function unstored(tx: Session, batch: JournalBatch, by: Comparison): Promise<JournalBatch> {
  return {
    readings: await unstoredReadings(tx, batch.readings, by),
    events: await unstoredEvents(tx, batch.events, by),
    positions: await unstoredPositions(tx, batch.positions, by),
    screens: batch.screens,
  };
}
