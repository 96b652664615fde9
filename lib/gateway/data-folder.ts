import { existsSync } from "node:fs";
import path from "node:path";
import { monotonic, pause } from "../clock";
import { letGoOf, noteOf, takeFile } from "../files/lock";

/** Most ms that a gateway waits for one that is just ending, and how often it looks. */
const PATIENCE = 10_000;
const LOOK_EVERY = 200;

/** A folder in the data folder that a restore works in; it is there no longer once the restore is done. */
export const RESTORING = "restoring";

/** The file whose lock the gateway of a data folder holds. */
export function dataLock(data: string): string {
  return path.join(data, "gateway.lock");
}

/**
 * Makes this process the only gateway of a data folder: two would number the same journal and let go of each other's
 * segments. The kernel holds the lock, so whatever way a gateway ends the next may begin.
 * @throws Error that names the folder and who holds it
 */
export async function holdDataFolder(data: string): Promise<void> {
  const until = monotonic() + PATIENCE;
  while (!(await takeWhenThereIsRoom(dataLock(data)))) {
    if (monotonic() > until)
      throw new Error(
        `CITYWALL_DATA: ${data} is held by another Citywall (process ${noteOf(dataLock(data))}): two would lose what ` +
          "each other acknowledged; end that one or name another folder",
      );
    await pause(LOOK_EVERY);
  }
  if (existsSync(path.join(data, RESTORING))) {
    letGoOf(dataLock(data));
    throw new Error(
      `CITYWALL_DATA: a restore into ${data} was broken off, and what lies there is not whole: run it again, with --replace`,
    );
  }
}

/** A lock's file that is not there yet needs room: there is nothing else to do than to wait for it. */
async function takeWhenThereIsRoom(file: string): Promise<boolean> {
  for (let told = false; ; told = true) {
    try {
      return takeFile(file, String(process.pid));
    } catch (error) {
      if (!["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      if (!told) console.error(`citywall: ${file} cannot be made, as the disk is full; waiting for room`);
    }
    await pause(LOOK_EVERY);
  }
}
