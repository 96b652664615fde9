import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { writeWhole } from "../files/atomic";
import type { RemoteHistory } from "../history/client/remote";
import type { StoreCopy } from "../history/store/copying";
import { identity } from "../history/writer/identity";
import type { JournalWriter } from "../history/writer/journal";
import { linkFile, LiveJournalCopy } from "../history/writer/journal-copy";

/** Most ms that the store has to copy itself. */
const STORE_COPIES = 6 * 3_600_000;
const RECENT = "recent.bin";
const TOTALS = "totals.json";

/** What a command reads once the gateway has put what is kept beside itself. */
export type BackupAnswer =
  /** `at`: ms, everything that was acknowledged before it is in the copy; `store`: null where no past is kept */
  { at: number; store: StoreCopy | null } | { error: string };

/** Where commands ask for copies: a folder each, named after the process that asks. */
export const backupsFolder = (data: string): string => path.join(data, "backup");
/** A folder of this process's own. */
export const ownFolder = (data: string): string =>
  path.join(
    backupsFolder(data),
    `${(identity(process.pid) ?? `${process.pid} `).replace(" ", "-")}-${randomBytes(4).toString("hex")}`,
  );
/** Is there once the gateway may begin. */
export const requestFile = (folder: string): string => path.join(folder, "request");
export const answerFile = (folder: string): string => path.join(folder, "answer.json");
/** The copy: a folder that stands for the data folder. */
export const treeOf = (folder: string): string => path.join(folder, "tree");

/** Removes what commands left that are gone; it is of no use to anybody. */
export async function clearBackups(data: string): Promise<void> {
  const root = backupsFolder(data);
  for (const name of existsSync(root) ? readdirSync(root) : []) {
    const folder = path.join(root, name);
    // What somebody still writes into is removed the next time.
    if (!isAsked(folder)) await removeBackup(folder).catch(() => {});
  }
}

/** Removes what was copied, also where a part of it is just being written. @throws Error of the file system */
export function removeBackup(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
}

/** Whether the command that a folder is of is still there. */
function isAsked(folder: string): boolean {
  const [, pid, began] = /^(\d+)-(\d*)-/.exec(path.basename(folder)) ?? [];
  return pid !== undefined && identity(Number(pid)) === `${pid} ${began}`;
}

interface BackupsParts {
  data: string;
  /** null where no past is kept */
  history: { journal: Pick<JournalWriter, "onRelease" | "end">; remote: Pick<RemoteHistory, "call"> } | null;
  /** the text of the file of the totals that wait for the store, as it would be written now */
  waiting: () => string;
  now: () => number;
}

/**
 * The gateway's share in a backup: copies of what it and the store write, of one moment, made while everything goes on. Who may write
 * into the data folder has all of it anyway, so that is where a command asks.
 */
export class Backups {
  private readonly running = new Map<string, Promise<void>>();
  private clearing: Promise<void> | null = null;
  private readonly closing = new AbortController();

  constructor(private readonly parts: BackupsParts) {}

  /** Looks whether a command asks. To be called about once a second. */
  look(): void {
    const root = backupsFolder(this.parts.data);
    if (!existsSync(root)) return;
    for (const name of readdirSync(root)) {
      const folder = path.join(root, name);
      if (this.running.has(folder) || !existsSync(requestFile(folder)) || existsSync(treeOf(folder))) continue;
      this.running.set(
        folder,
        this.serve(folder).finally(() => this.running.delete(folder)),
      );
    }
    if (this.running.size === 0)
      this.clearing ??= clearBackups(this.parts.data)
        .catch((error: Error) => console.error("gateway: an old backup cannot be removed:", error.message))
        .finally(() => (this.clearing = null));
  }

  private async serve(folder: string): Promise<void> {
    let answer: BackupAnswer;
    try {
      mkdirSync(treeOf(folder), { recursive: true });
      answer = await this.copy(treeOf(folder));
    } catch (error) {
      answer = { error: (error as Error).message };
    }
    // Where the command is gone meanwhile, nobody asks any more, and what was copied for it since is removed.
    if (!isAsked(folder)) return removeBackup(folder).catch(() => {});
    await writeWhole(answerFile(folder), `${JSON.stringify(answer)}\n`).catch(() => {});
  }

  private async copy(tree: string): Promise<BackupAnswer> {
    const { data, history, waiting, now } = this.parts;
    if (!history) return this.copyRecent(tree);
    const journal = new LiveJournalCopy(history.journal, data, tree);
    try {
      const store = await history.remote.call("copy", { tree }, this.closing.signal, STORE_COPIES);
      // In one turn, so that each of them tells of the same moment: what was acknowledged before it has been written.
      linkFile(path.join(data, RECENT), path.join(tree, RECENT));
      const [at, totals, cut] = [now(), waiting(), journal.end(history.journal.end)];
      await cut;
      await writeFile(path.join(tree, TOTALS), totals, { mode: 0o600 });
      return { at, store };
    } finally {
      journal.abandon();
    }
  }

  /** Where no past is kept there are the recent hours alone, as they were written last. */
  private copyRecent(tree: string): BackupAnswer {
    linkFile(path.join(this.parts.data, RECENT), path.join(tree, RECENT));
    return { at: this.parts.now(), store: null };
  }

  /** Gives up what is under way. */
  async close(): Promise<void> {
    this.closing.abort(new Error("the gateway is closing"));
    await Promise.all([...this.running.values(), this.clearing]);
  }
}
