/**
 * What the store refused, item by item, in files beside it: listed while Citywall runs, whichever engine, and given to
 * the store again as a journal of its own.
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { writeWholeSync } from "../../files/atomic";
import { BulkJournal, type JournalBatch, type JournalPosition } from "./journal";
import { encodeRecord, recordsIn } from "./records";

/** One item that the store refused, as a batch of itself, and why. */
export interface Refused {
  reason: string;
  batch: JournalBatch;
}

/** An item in a list for people. */
interface AsideItem {
  reason: string;
  /** reading, event, position or screen */
  kind: string;
  /** what it is, as far as JSON has words for it */
  item: unknown;
}

const SUFFIX = ".refused";
const folderOf = (data: string): string => path.join(data, "aside");

function namesIn(data: string): string[] {
  try {
    return readdirSync(folderOf(data)).filter((name) => name.endsWith(SUFFIX));
  } catch {
    return [];
  }
}

/** How many items are set aside. */
export function asideCount(data: string): number {
  return namesIn(data).reduce((sum, name) => sum + Number(/\.(\d+)\.refused$/.exec(name)?.[1] ?? 0), 0);
}

function described({ readings, events, positions, screens }: JournalBatch): Omit<AsideItem, "reason"> {
  if (events[0]) return { kind: "event", item: events[0] };
  if (positions[0]) return { kind: "position", item: positions[0] };
  if (screens[0]) return { kind: "screen", item: screens[0] };
  const [topic, observed, recorded, value, quality] = [
    readings.topics[readings.topic[0] ?? 0],
    readings.observed[0],
    readings.recorded[0],
    readings.value[0],
    readings.quality[0],
  ];
  return { kind: "reading", item: { topic, observed, recorded, value, quality } };
}

/**
 * Keeps what was refused of a piece of a journal that begins at `from`. Done again for the same piece, as after a kill,
 * it replaces what was kept before.
 * @throws Error of the file system
 */
export function setAside(data: string, journal: string, from: JournalPosition, refused: Refused[]): void {
  const prefix = `${journal}-${from.segment}-${from.offset}.`;
  const lines = refused.map(({ reason, batch }) =>
    JSON.stringify({ reason, ...described(batch), record: encodeRecord(batch).toString("base64") }),
  );
  const name = `${prefix}${refused.length}${SUFFIX}`;
  writeWholeSync(path.join(folderOf(data), name), `${lines.join("\n")}\n`);
  for (const other of namesIn(data))
    if (other.startsWith(prefix) && other !== name) rmSync(path.join(folderOf(data), other));
}

/** Keeps bytes of a journal that are no record. Returns the file's name. @throws Error of the file system */
export function keepBytes(data: string, journal: string, from: JournalPosition, bytes: Buffer): string {
  const file = path.join(folderOf(data), `${journal}-${from.segment}-${from.offset}.bytes`);
  writeWholeSync(file, bytes);
  return file;
}

type Line = AsideItem & { record: string };

function linesOf(data: string, name: string): Line[] {
  const text = readFileSync(path.join(folderOf(data), name), "utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

/** What is set aside. */
export function asideItems(data: string): AsideItem[] {
  return namesIn(data).flatMap((name) => linesOf(data, name).map(({ reason, kind, item }) => ({ reason, kind, item })));
}

/**
 * Gives all that is set aside to the store again, as a journal beside the live one, and forgets it here: what is refused
 * once more is set aside anew. Returns how many items it were. @param now ms, which names the journal
 */
export function replayAside(data: string, now: number): number {
  const names = namesIn(data);
  const lines = names.flatMap((name) => linesOf(data, name));
  if (lines.length === 0) return 0;
  const journal = new BulkJournal(path.join(data, "journal"), `again-${now}`);
  for (const { record } of lines)
    for (const batch of recordsIn(Buffer.from(record, "base64")).batches) journal.write(batch);
  journal.end();
  for (const name of names) rmSync(path.join(folderOf(data), name));
  return lines.length;
}
