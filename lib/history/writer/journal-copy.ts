import { existsSync, linkSync, mkdirSync, readdirSync } from "node:fs";
import { copyFile, rename, rm, truncate } from "node:fs/promises";
import path from "node:path";
import { journalFolder, LIVE, segmentFile, segmentsIn, type JournalPosition, type JournalWriter } from "./journal";

/** Gives a file another name in another folder, from where it stays readable when it is removed. One that is gone is passed over. */
export function linkFile(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

/** Links all files of a journal into a folder that stands for the data folder, on the same file system. */
export function linkJournal(data: string, name: string, tree: string): void {
  const folder = journalFolder(data, name);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const file of names) linkFile(path.join(folder, file), path.join(journalFolder(tree, name), file));
}

/**
 * A copy of the live journal that begins before a copy of the store does, and ends after it: whatever is let go of meanwhile, it has all
 * that the store's copy lacks.
 */
export class LiveJournalCopy {
  private readonly stop: () => void;

  /** @param tree folder that stands for the data folder */
  constructor(
    journal: Pick<JournalWriter, "onRelease">,
    private readonly data: string,
    private readonly tree: string,
  ) {
    this.stop = journal.onRelease((segment) => this.take(segment));
    linkJournal(data, LIVE, tree);
  }

  private take(segment: number): void {
    linkFile(segmentFile(journalFolder(this.data), segment), this.copyOf(segment));
  }

  private copyOf(segment: number): string {
    return segmentFile(journalFolder(this.tree), segment);
  }

  /** Takes all up to a place, the journal's end, in the turn in which it was asked for; resolves once what lies beyond is cut off. */
  async end({ segment, offset }: JournalPosition): Promise<void> {
    this.stop();
    for (const one of segmentsIn(journalFolder(this.data))) if (one <= segment) this.take(one);
    for (const one of segmentsIn(journalFolder(this.tree))) if (one > segment) await rm(this.copyOf(one));
    const last = this.copyOf(segment);
    if (!existsSync(last)) return;
    const draft = `${last}.draft`;
    await copyFile(last, draft);
    await truncate(draft, offset);
    await rename(draft, last);
  }

  /** Ends it without a copy. */
  abandon(): void {
    this.stop();
  }
}
