import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";

/** A name beside a file that no other process or call uses. */
function draftOf(file: string): string {
  return `${file}.${process.pid}-${randomBytes(6).toString("hex")}.draft`;
}

/**
 * Writes a file whole: whatever happens, a power cut included, there is either what was there before or all of this.
 * The folder is made where it is not there. @param mode of the file @throws Error of the file system; nothing is changed then
 */
export async function writeWhole(file: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const draft = draftOf(file);
  try {
    const handle = await open(draft, "wx", mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Has what was renamed in a folder survive a power cut, as far as the file system knows of such. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Has a file's content survive a power cut. @throws Error of the file system */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** `writeWhole` for where nothing else may happen in between. */
export function writeWholeSync(file: string, content: string | Uint8Array, mode = 0o600): void {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true });
  const draft = draftOf(file);
  try {
    const handle = openSync(draft, "wx", mode);
    try {
      const bytes = Buffer.from(content);
      for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } catch {
    // Some file systems sync no folders.
  } finally {
    closeSync(handle);
  }
}
