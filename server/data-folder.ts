/** The folder of what is kept is for its own user alone: it holds what publishers sent, and the hashes of their tokens. */
import { chmod, readdir, stat } from "node:fs/promises";
import path from "node:path";

const FOLDER = 0o700;
const FILE = 0o600;
const OTHERS = 0o077;

/** New files and folders of this process and its children are for its own user alone. */
export function keepToOwner(): void {
  process.umask(OTHERS);
}

/**
 * Takes from others what an earlier version left open to them. Where that cannot be done it is said, and what is kept
 * is kept all the same. A folder that is not there yet is made by who first writes in it.
 */
export async function closeToOthers(folder: string): Promise<void> {
  try {
    await close(folder, FOLDER);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const name = path.join(entry.parentPath, entry.name);
      if (entry.isDirectory()) await close(name, FOLDER);
      else if (entry.isFile()) await close(name, FILE);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    console.error(`citywall: CITYWALL_DATA: cannot be closed to other users: ${(error as Error).message}`);
  }
}

async function close(name: string, mode: number): Promise<void> {
  try {
    if (((await stat(name)).mode & OTHERS) !== 0) await chmod(name, mode);
  } catch (error) {
    // What works in the folder meanwhile may have taken it away.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
