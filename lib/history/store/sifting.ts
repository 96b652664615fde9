import type { JournalBatch, ReadingColumns } from "../writer/journal";
import type { Refused } from "../writer/aside";
import { itemsOf } from "../writer/records";
import { filtered } from "./batches";

/** What was given cannot be kept by any engine, whoever tries. */
export class Unkeepable extends Error {}

/** Whether an error says that what was given is at fault, by our own or the language's checks of it. */
export function blamesItem(error: unknown): boolean {
  return error instanceof Unkeepable || error instanceof RangeError || error instanceof TypeError;
}

/** Columns without the names of topics that they do not use: such a name may be what is refused. */
function narrowed(columns: ReadingColumns): ReadingColumns {
  const used = [...new Set(columns.topic)];
  const places = new Map(used.map((topic, i) => [topic, i]));
  return {
    ...columns,
    topics: used.map((topic) => columns.topics[topic] as string),
    topic: columns.topic.map((topic) => places.get(topic) as number),
  };
}

/** Two halves of a batch; null where it holds one item or none. */
function halvesOf(batch: JournalBatch): [JournalBatch, JournalBatch] | null {
  const count = itemsOf(batch);
  if (count < 2) return null;
  const middle = Math.floor(count / 2);
  const { readings } = batch;
  let from = 0;
  /** of a kind's items those on one side of the middle */
  const side = <T>(items: T[], first: boolean): T[] => {
    const cut = Math.max(0, Math.min(items.length, middle - from));
    return first ? items.slice(0, cut) : items.slice(cut);
  };
  const part = (first: boolean): JournalBatch => {
    from = 0;
    const columns = narrowed(filtered(readings, (i) => i < middle === first));
    from += readings.topic.length;
    const events = side(batch.events, first);
    from += batch.events.length;
    const positions = side(batch.positions, first);
    from += batch.positions.length;
    return { readings: columns, events, positions, screens: side(batch.screens, first) };
  };
  return [part(true), part(false)];
}

/**
 * Finds by halving which items are refused.
 * @param refusalOf why these cannot be kept together, or null where they can; throws what is no fault of theirs
 * @returns what can be kept, in order, and the items that cannot, each with its reason
 */
export async function sift(
  batches: JournalBatch[],
  refusalOf: (batches: JournalBatch[]) => Promise<string | null>,
): Promise<{ sound: JournalBatch[]; refused: Refused[] }> {
  const reason = await refusalOf(batches);
  if (reason === null) return { sound: batches, refused: [] };
  const middle = batches.length >> 1;
  const single = batches.length === 1 ? (batches[0] as JournalBatch) : null;
  const parts = single ? halvesOf(single)?.map((half) => [half]) : [batches.slice(0, middle), batches.slice(middle)];
  if (!parts) return { sound: [], refused: single ? [{ reason, batch: single }] : [] };
  const found = { sound: [] as JournalBatch[], refused: [] as Refused[] };
  for (const part of parts) {
    const { sound, refused } = await sift(part, refusalOf);
    found.sound.push(...sound);
    found.refused.push(...refused);
  }
  return found;
}
