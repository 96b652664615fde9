import { existsSync, renameSync } from "node:fs";
import { keepNewestBroken } from "../../files/broken";
import { giveNotice } from "../../files/notices";
import { planRescue } from "./rescue";

/** The kinds of DuckDB's errors that may be about its file; others quote what was given, which may hold any word. */
const OF_THE_FILE =
  /^(IO|INTERNAL|Internal|FATAL|Fatal|Serialization|Invalid) Error|^Error: |Failed to create|Failure while/;
/** What DuckDB says of a file that it cannot read any more. */
const CORRUPT = new RegExp(
  [
    "not a valid DuckDB database file",
    "does not match stored checksum",
    "corrupt",
    "Failure while replaying WAL",
    "Serialization Error",
    "Failed to load metadata",
    "Could not read enough bytes",
    "deserialize",
  ].join("|"),
  "i",
);
/** A file that another process holds, that a later version wrote or that lacks rights or room is left where it is. */
const IN_ORDER =
  /could not set lock|no space left|disk full|not enough memory|out of memory|version number|permission denied/i;

/** True where an error of the embedded engine says that its file is damaged. */
export function isCorrupt(error: unknown): boolean {
  const message = (error as Error | null)?.message ?? "";
  return OF_THE_FILE.test(message) && CORRUPT.test(message) && !IN_ORDER.test(message);
}

/** True where the engine gave itself up: nothing but opening it anew brings it back. */
export function isGivenUp(error: unknown): boolean {
  return /database has been invalidated|^FATAL Error|^INTERNAL Error/i.test((error as Error | null)?.message ?? "");
}

/**
 * Keeps a store's file that cannot be read aside, with what was written ahead of it, so that a new one can be begun with what of it
 * can be read (`rescue`). Where
 * only what was written ahead is broken, the store goes on as it was before that, and the journal brings it again.
 * @param now ms, which names what is kept
 */
export function keepStoreAside(data: string, file: string, error: Error, now: number): void {
  const ahead = `${file}.wal`;
  const mark = `.broken-${new Date(now).toISOString().replace(/[:.]/g, "-")}`;
  const isAhead = /replaying WAL/i.test(error.message) && existsSync(ahead);
  if (!isAhead) planRescue(file, `${file}${mark}`);
  if (existsSync(ahead)) renameSync(ahead, `${file}${mark}.wal`);
  if (!isAhead && existsSync(file)) renameSync(file, `${file}${mark}`);
  keepNewestBroken(data);
  const outcome = isAhead
    ? "the store goes on from before it"
    : "a new store is begun from what can be read of it and from the journal";
  giveNotice(data, {
    what: "store",
    id: String(now),
    at: now,
    file: isAhead ? ahead : file,
    fault: `${error.message.split("\n")[0]}; ${outcome}`,
    kept: `${file}${mark}${isAhead ? ".wal" : ""}`,
    lost: 0,
    exact: true,
  });
}
