import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";

/** Files that this process holds, with their descriptors. */
const held = new Map<string, number>();
/** Exit code of flock(1) where somebody else holds the lock. */
const HELD = 75;

/**
 * Takes the kernel's lock of a file, which is made where it is not there. It is flock(2)'s: held by the open file, so it
 * ends with this process however that dies, and no other process inherits it. Who holds a file already may take it again.
 * @param note what a file that is held says of its holder @param wait most s to wait for it; nothing else runs meanwhile
 * @returns false where another process holds it
 * @throws Error where it cannot be known whether one does
 */
export function takeFile(file: string, note: string, wait = 0): boolean {
  const name = path.resolve(file);
  if (held.has(name)) return true;
  mkdirSync(path.dirname(name), { recursive: true });
  const handle = openSync(name, "a+", 0o600);
  try {
    if (!lockOpen(handle, name, wait)) {
      closeSync(handle);
      return false;
    }
  } catch (error) {
    closeSync(handle);
    throw error;
  }
  held.set(name, handle);
  try {
    ftruncateSync(handle);
    writeSync(handle, note);
  } catch {
    // The note is for people; a full disk must not keep the lock from being held.
  }
  return true;
}

/** Node has no flock(2). flock(1) locks the open file that it is given, and the lock stays with this process's side. */
function lockOpen(handle: number, name: string, wait: number): boolean {
  const { status, error, stderr } = spawnSync(
    "flock",
    ["-x", "-E", String(HELD), ...(wait > 0 ? ["-w", String(wait)] : ["-n"]), "3"],
    { stdio: ["ignore", "ignore", "pipe", handle], encoding: "utf8" },
  );
  if (status === 0) return true;
  if (status === HELD) return false;
  const why = error ? `flock (util-linux) cannot be run: ${error.message}` : stderr.trim();
  throw new Error(`${name} cannot be locked: ${why}`);
}

/** What the holder of a file said of itself; empty where nobody ever did. */
export function noteOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Lets go of a file that was taken; one that was not is no matter. */
export function letGoOf(file: string): void {
  const name = path.resolve(file);
  const own = held.get(name);
  if (own === undefined) return;
  held.delete(name);
  closeSync(own);
}
