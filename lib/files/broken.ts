/** Files that could not be read and are kept beside what took their place, so that a person can look at them. */
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { noticesIn } from "./notices";

/** So many of one file are kept: what broke it this time and the time before. */
const KEPT = 2;
const BROKEN = /^(.+)\.broken-(.+?)(\.wal)?$/;
/** A file of this name names one that is still being read. */
const IN_USE = ".rescue";

/** One that is kept, with what was written ahead of it. */
interface Broken {
  /** of which file */
  of: string;
  /** when, as its name tells it */
  mark: string;
  /** all names that it has in the folder */
  names: string[];
  bytes: number;
  /** when it was written to last, ms */
  at: number;
  /** true while it is being read: it stays */
  inUse: boolean;
}

function namesIn(data: string): string[] {
  try {
    return readdirSync(data);
  } catch {
    return [];
  }
}

/** What is kept in a data folder; of each file the oldest first. */
function brokenIn(data: string): Broken[] {
  const names = namesIn(data);
  const inUse = new Set(names.filter((name) => name.endsWith(IN_USE)).map((name) => contentOf(path.join(data, name))));
  const found = new Map<string, Broken>();
  for (const name of names.sort()) {
    const [, of, mark] = BROKEN.exec(name) ?? [];
    if (of === undefined || mark === undefined) continue;
    const key = `${of}.broken-${mark}`;
    const one = found.get(key) ?? { of, mark, names: [], bytes: 0, at: 0, inUse: inUse.has(key) };
    const stats = statSync(path.join(data, name), { throwIfNoEntry: false });
    one.names.push(name);
    one.bytes += stats?.size ?? 0;
    one.at = Math.max(one.at, stats?.mtimeMs ?? 0);
    found.set(key, one);
  }
  return [...found.values()].sort((a, b) => (a.mark < b.mark ? -1 : 1));
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

/** Removes one. Returns whether it is gone, which the log then says. */
function remove(data: string, { names, bytes }: Broken, why: string): boolean {
  try {
    for (const name of names) rmSync(path.join(data, name), { force: true });
  } catch (error) {
    console.error(`citywall: ${names[0]} could not be removed: ${(error as Error).message}`);
    return false;
  }
  console.error(`citywall: ${path.join(data, names[0] ?? "")} (${Math.ceil(bytes / 1e6)} MB) was removed: ${why}`);
  return true;
}

/** Removes of the broken files that a data folder keeps all but the newest two of each. */
export function keepNewestBroken(data: string): void {
  const byFile = new Map<string, Broken[]>();
  for (const one of brokenIn(data)) byFile.set(one.of, [...(byFile.get(one.of) ?? []), one]);
  for (const all of byFile.values())
    for (const one of all.slice(0, -KEPT).filter(({ inUse }) => !inUse))
      remove(data, one, `the newest ${KEPT} that were broken are kept`);
}

/**
 * Gives up the oldest broken file that a data folder keeps, for want of room.
 * @param unseen also one whose notice nobody has acknowledged
 * @returns whether there was one
 */
export function giveUpBroken(data: string, unseen: boolean): boolean {
  const kept = brokenIn(data)
    .filter(({ inUse }) => !inUse)
    .sort((a, b) => a.at - b.at);
  if (kept.length === 0) return false;
  const open = new Set(noticesIn(data).map((notice) => nameOf(notice.kept)));
  const seen = new Set(noticesIn(data, true).map((notice) => nameOf(notice.kept)));
  const isSeen = ({ names }: Broken): boolean =>
    names.some((name) => seen.has(name)) && !names.some((name) => open.has(name));
  // What a person has seen goes first.
  const first = kept.find(isSeen) ?? (unseen ? kept[0] : undefined);
  return first !== undefined && remove(data, first, "the disk is running full");
}

function nameOf(kept: string | null): string {
  return kept === null ? "" : path.basename(kept);
}
