import type { JournalBatch, ReadingColumns } from "../writer/journal";

/** Readings applied in one transaction at the most. */
const BATCH_READINGS = 200_000;

/** Columns of the readings that `keeps` says so of, by their place; the same columns where that is all of them. */
export function filtered(columns: ReadingColumns, keeps: (i: number) => boolean): ReadingColumns {
  const keep: number[] = [];
  for (let i = 0; i < columns.topic.length; i++) if (keeps(i)) keep.push(i);
  if (keep.length === columns.topic.length) return columns;
  const pick = (values: ArrayLike<number>): number[] => keep.map((i) => values[i] as number);
  return {
    topics: columns.topics,
    topic: Uint32Array.from(pick(columns.topic)),
    observed: Float64Array.from(pick(columns.observed)),
    recorded: Float64Array.from(pick(columns.recorded)),
    value: Float64Array.from(pick(columns.value)),
    quality: Uint8Array.from(pick(columns.quality)),
    sequence: Uint16Array.from(pick(columns.sequence)),
  };
}

/** Many small batches as few large ones: a statement costs more than a row. */
export function merged(batches: JournalBatch[]): JournalBatch[] {
  const out: JournalBatch[] = [];
  let group: JournalBatch[] = [];
  let count = 0;
  const close = (): void => {
    if (group.length > 0) out.push(group.length === 1 ? (group[0] as JournalBatch) : join(group));
    group = [];
    count = 0;
  };
  for (const batch of batches) {
    if (count > 0 && count + batch.readings.topic.length > BATCH_READINGS) close();
    group.push(batch);
    count += batch.readings.topic.length;
  }
  close();
  return out;
}

function join(batches: JournalBatch[]): JournalBatch {
  const topics = new Map<string, number>();
  const total = batches.reduce((sum, batch) => sum + batch.readings.topic.length, 0);
  const readings: ReadingColumns = {
    topics: [],
    topic: new Uint32Array(total),
    observed: new Float64Array(total),
    recorded: new Float64Array(total),
    value: new Float64Array(total),
    quality: new Uint8Array(total),
    sequence: new Uint16Array(total),
  };
  let at = 0;
  for (const { readings: part } of batches) {
    const map = part.topics.map((topic) => {
      const asOf = topics.get(topic);
      if (asOf !== undefined) return asOf;
      topics.set(topic, topics.size);
      return topics.size - 1;
    });
    for (let i = 0; i < part.topic.length; i++) readings.topic[at + i] = map[part.topic[i] as number] as number;
    readings.observed.set(part.observed, at);
    readings.recorded.set(part.recorded, at);
    readings.value.set(part.value, at);
    readings.quality.set(part.quality, at);
    readings.sequence.set(part.sequence, at);
    at += part.topic.length;
  }
  readings.topics = [...topics.keys()];
  return {
    readings,
    events: batches.flatMap((b) => b.events),
    positions: batches.flatMap((b) => b.positions),
    screens: batches.flatMap((b) => b.screens),
  };
}
