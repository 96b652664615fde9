/**
 * What the store refused, item by item, in files beside it: listed while Citywall runs, whichever engine, and given to
 * the store again as a journal of its own.
 */
import { readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
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
  /** reading, event, position or screen; unreadable: a file of such of which something is damaged */
  kind: string;
  /** what it is, as far as JSON has words for it */
  item: unknown;
}

const SUFFIX = ".refused";
/** Where what was set aside of a data folder is. */
export const asideFolder = (data: string): string => path.join(data, "aside");

function namesIn(data: string): string[] {
  try {
    return readdirSync(asideFolder(data)).filter((name) => name.endsWith(SUFFIX));
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
  writeWholeSync(path.join(asideFolder(data), name), `${lines.join("\n")}\n`);
  for (const other of namesIn(data))
    if (other.startsWith(prefix) && other !== name) rmSync(path.join(asideFolder(data), other));
}

/** Keeps bytes of a journal that are no record. Returns the file's name. @throws Error of the file system */
export function keepBytes(data: string, journal: string, from: JournalPosition, bytes: Buffer): string {
  const file = path.join(asideFolder(data), `${journal}-${from.segment}-${from.offset}.bytes`);
  writeWholeSync(file, bytes);
  return file;
}

type Line = AsideItem & { record: string };

/** What a file of refused items holds, and the lines of it that are no item any more. */
function linesOf(data: string, name: string): { lines: Line[]; broken: string[] } {
  const lines: Line[] = [];
  const broken: string[] = [];
  for (const text of readFileSync(path.join(asideFolder(data), name), "utf8")
    .split("\n")
    .filter(Boolean)) {
    const line = lineOf(text);
    if (line) lines.push(line);
    else broken.push(text);
  }
  return { lines, broken };
}

/** The item of a line; null where it is none any more. */
function lineOf(text: string): Line | null {
  try {
    const line = JSON.parse(text) as Line;
    return batchesOf(line).length > 0 ? line : null;
  } catch {
    return null;
  }
}

function batchesOf({ record }: Line): JournalBatch[] {
  return recordsIn(Buffer.from(record, "base64")).batches;
}

/** What cannot be read of what is set aside, as an item of the list. */
function unreadable(name: string, reason: string): AsideItem {
  return { reason, kind: "unreadable", item: name };
}

/** What is set aside. What of it cannot be read any more is named, and hides nothing else. */
export function asideItems(data: string): AsideItem[] {
  return namesIn(data).flatMap((name) => {
    try {
      const { lines, broken } = linesOf(data, name);
      const items: AsideItem[] = lines.map(({ reason, kind, item }) => ({ reason, kind, item }));
      const lost = Number(/\.(\d+)\.refused$/.exec(name)?.[1] ?? 0) - lines.length;
      return broken.length > 0 || lost > 0 ? [...items, unreadable(name, `${lost} items are damaged`)] : items;
    } catch (error) {
      return [unreadable(name, (error as Error).message)];
    }
  });
}

/**
 * Gives all that is set aside to the store again, as a journal beside the live one, and forgets it here: what is refused
 * once more is set aside anew. A file of which something cannot be read stays, under another name. @param now ms, which names
 * the journal
 * @returns how many items were given, and the files that stay
 */
export function replayAside(data: string, now: number): { given: number; unread: string[] } {
  const read: { name: string; lines: Line[]; isWhole: boolean }[] = [];
  const unread: string[] = [];
  for (const name of namesIn(data)) {
    try {
      const { lines, broken } = linesOf(data, name);
      const isWhole = broken.length === 0 && name.endsWith(`.${lines.length}${SUFFIX}`);
      read.push({ name, lines, isWhole });
      if (!isWhole) unread.push(`${name}.damaged`);
    } catch {
      unread.push(name);
    }
  }
  const lines = read.flatMap((file) => file.lines);
  if (lines.length > 0) {
    const journal = new BulkJournal(path.join(data, "journal"), `again-${now}`);
    for (const line of lines) for (const batch of batchesOf(line)) journal.write(batch);
    journal.end();
  }
  for (const { name, isWhole } of read) {
    const file = path.join(asideFolder(data), name);
    if (isWhole) rmSync(file);
    else renameSync(file, `${file}.damaged`);
  }
  return { given: lines.length, unread };
}
