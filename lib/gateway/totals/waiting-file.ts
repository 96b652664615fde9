import { close, closeSync, fsync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { now } from "../../clock";
import { giveNotice } from "../../files/notices";
import { syncFolder } from "../../files/atomic";
import { NotKept } from "../../history/writer/journal";
import { withRange, type Ranges } from "./ranges";

const sync = promisify(fsync);
const fileSchema = z.object({ waiting: z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))) });

/** Stretches of the past that wait for the store, by rule. */
export type Waiting = Record<string, Ranges>;

/**
 * The stretches that wait, over a restart. They are written beside the file in the same turn as the readings that brought them are
 * given to the journal, so that a killed process has both or neither; that it is all on the disk, and in its place, is waited for
 * before those are acknowledged, by nobody else.
 */
export class WaitingFile {
  private text = "";
  private handle: number | null = null;
  private placing: Promise<void> | null = null;
  /** why what waits could not be written, or null */
  private fault: string | null = null;

  constructor(private readonly file: string) {}

  private get draft(): string {
    return `${this.file}.draft`;
  }

  /** What an earlier run wrote; null where that cannot be read, which is said: everything has to be looked at again then. */
  read(): Waiting | null {
    // What a killed process could not put in its place any more; half of it was never acknowledged.
    const ahead = this.readDraft();
    try {
      const kept = waitingIn(this.file);
      for (const [key, ranges] of Object.entries(ahead))
        kept[key] = ranges.reduce((all, [from, to]) => withRange(all, from, to), kept[key] ?? []);
      return kept;
    } catch (error) {
      const at = now();
      const aside = this.putAside(at);
      giveNotice(path.dirname(this.file), {
        what: "totals",
        id: String(at),
        at,
        file: this.file,
        fault: `${(error as Error).message}; all totals are made again as far back as readings are kept`,
        kept: aside,
        lost: 0,
        exact: true,
      });
      return null;
    }
  }

  /** Puts the file where it can be looked at. Returns its name there; null where it stays, until another is written over it. */
  private putAside(at: number): string | null {
    const aside = `${this.file}.broken-${at}`;
    try {
      renameSync(this.file, aside);
      return aside;
    } catch {
      return null;
    }
  }

  private readDraft(): Waiting {
    try {
      return waitingIn(this.draft);
    } catch {
      return {};
    }
  }

  /** Writes what waits now, where it is another than before. What cannot be written is told by `kept`. */
  save(waiting: Waiting): void {
    const text = textOf(waiting);
    if (text === this.text && this.fault === null) return;
    this.text = text;
    try {
      this.handle ??= openSync(this.draft, "w", 0o600);
      ftruncateSync(this.handle);
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length;) at += writeSync(this.handle, bytes, at, bytes.length - at, at);
      this.fault = null;
    } catch (error) {
      this.fault = (error as Error).message;
      return;
    }
    this.placing ??= this.place()
      .catch((error: Error) => void (this.fault = error.message))
      .finally(() => void (this.placing = null));
  }

  /** Has the newest draft on the disk, and then in the file's place. */
  private async place(): Promise<void> {
    for (let text = ""; this.handle !== null && this.fault === null;) {
      text = this.text;
      const { handle } = this;
      await sync(handle);
      // What came meanwhile is in the draft as well, and not on the disk yet.
      if (text !== this.text) continue;
      this.handle = null;
      renameSync(this.draft, this.file);
      close(handle, () => {});
      await syncFolder(path.dirname(this.file));
    }
  }

  /** Resolves once all that was given is on the disk. @throws NotKept where it could not be written, also when tried once more */
  async kept(): Promise<void> {
    if (this.fault !== null) this.save((JSON.parse(this.text) as { waiting: Waiting }).waiting);
    await this.placing;
    if (this.fault !== null) throw new NotKept(this.fault);
  }

  /** Resolves once nothing is being written any more. */
  async close(): Promise<void> {
    await this.placing;
    if (this.handle !== null) closeSync(this.handle);
    this.handle = null;
  }
}

/** A file of what waits. */
export function textOf(waiting: Waiting): string {
  return `${JSON.stringify({ waiting })}\n`;
}

/** What a file says waits; nothing where there is none. @throws Error that says why it cannot be read */
function waitingIn(file: string): Waiting {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(`cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (text.trim() === "") throw new Error("is empty");
  try {
    return fileSchema.parse(JSON.parse(text)).waiting;
  } catch (error) {
    throw new Error("holds no stretches of time", { cause: error });
  }
}
