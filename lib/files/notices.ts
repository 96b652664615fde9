import { mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { writeWholeSync } from "./atomic";

/**
 * What a person has to know of, however often processes start meanwhile.
 * - `journal`: bytes of the journal could not be read
 * - `store`: the store's file could not be read, and a new one was begun
 * - `restored`: the journal is older than the store, or another
 * - `database`: the database is another Citywall's, or may be
 * - `recent`: the file of the recent hours could not be read
 * - `totals`: the file of the totals that are still to be made could not be read
 * - `tokens`: the file of the publishers' tokens could not be read
 */
type What = "journal" | "store" | "restored" | "database" | "recent" | "totals" | "tokens";

export interface Notice {
  what: What;
  /** told apart by this: the same one given again is one */
  id: string;
  /** when, ms */
  at: number;
  /** which file, and what is the matter with it */
  file: string;
  fault: string;
  /** where what cannot be read was kept; null where it stays where it is */
  kept: string | null;
  /** acknowledged items that are gone */
  lost: number;
  /** false where there may be more of them */
  exact: boolean;
}

/** Where the notices of a data folder are. */
export const noticesFolder = (data: string): string => path.join(data, "notices");
const OPEN = ".json";
const SEEN = ".acknowledged";

/** Keeps a notice until a person has acknowledged it, and writes it to the log. Given again, it changes nothing. */
export function giveNotice(data: string, notice: Notice): void {
  const file = path.join(noticesFolder(data), `${notice.what}-${notice.id}`);
  if (namesIn(data).some((name) => name.startsWith(`${path.basename(file)}.`))) return;
  console.error(`citywall: ${textOf(notice)}`);
  try {
    writeWholeSync(`${file}${OPEN}`, `${JSON.stringify(notice)}\n`);
  } catch (error) {
    console.error(`citywall: the notice of it could not be kept: ${(error as Error).message}`);
  }
}

/** A notice in words, for a log and a command. */
export function textOf({ file, fault, kept, lost, exact }: Notice): string {
  const gone = lost > 0 ? `; ${exact ? "" : "at least "}${lost} acknowledged items are lost` : "";
  return `${file}: ${fault}${kept ? `; it is kept as ${kept}` : ""}${gone}`;
}

function namesIn(data: string): string[] {
  try {
    return readdirSync(noticesFolder(data)).sort();
  } catch {
    return [];
  }
}

/** Notices that nobody has acknowledged; with `all`, the others too. Oldest first. */
export function noticesIn(data: string, all = false): Notice[] {
  return namesIn(data)
    .filter((name) => name.endsWith(OPEN) || (all && name.endsWith(SEEN)))
    .map((name) => noticeIn(path.join(noticesFolder(data), name)))
    .sort((a, b) => a.at - b.at);
}

/** A notice; one that cannot be read is a notice all the same: what it told of has not gone. */
function noticeIn(file: string): Notice {
  try {
    const notice = JSON.parse(readFileSync(file, "utf8")) as Notice;
    if (typeof notice.fault === "string" && typeof notice.file === "string") return notice;
  } catch {
    // Told below.
  }
  const [, what = "store", id = ""] = /^([a-z]+)-(.*)\.\w+$/.exec(path.basename(file)) ?? [];
  const fault = "the notice cannot be read; what it told of may have been lost";
  return { what: what as What, id, at: 0, file, fault, kept: null, lost: 0, exact: false };
}

/** Notes that a person has seen all notices that there are now. Returns how many there were. */
export function acknowledgeAll(data: string): number {
  const names = namesIn(data).filter((name) => name.endsWith(OPEN));
  mkdirSync(noticesFolder(data), { recursive: true });
  for (const name of names) {
    const file = path.join(noticesFolder(data), name);
    renameSync(file, `${file.slice(0, -OPEN.length)}${SEEN}`);
  }
  return names.length;
}
