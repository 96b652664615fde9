import type { ChildProcess } from "node:child_process";
import path from "node:path";
import { after, every, monotonic } from "../../clock";
import type { StoreStanding } from "../../contract/socket-messages";
import { giveUpBroken, keepNewestBroken } from "../../files/broken";
import { FolderLook } from "../../files/folder-look";
import { noticesFolder, noticesIn, type Notice } from "../../files/notices";
import { freeBytes, Space, type SpaceLimits } from "../../files/space";
import type { HistoryConfig } from "../config";
import { asideCount, asideFolder } from "../writer/aside";
import { JournalWriter, type JournalPosition } from "../writer/journal";
import { Recorder } from "../writer/recorder";
import { RemoteHistory } from "./remote";
import { journalFolder } from "../writer/journal";

/** The store is behind when what was written this long ago (ms) is not in it yet. */
const BEHIND_AFTER = 15_000;
/** A store that has not come up this long (ms) after the gateway is down, whatever keeps it. */
const STARTS_WITHIN = 30_000;
const MEGABYTE = 1 << 20;

export interface HistoryOptions {
  data: string;
  config: HistoryConfig;
  /** starts the store's process */
  launch: () => ChildProcess;
  now: () => number;
  /** what a restart would begin from; the journal is kept from `needed` on */
  recent: { readonly checkpoint: JournalPosition; readonly needed: JournalPosition; readonly recorded: number };
  /** asks for `recent` to come nearer to the present, as there is no room left */
  crowded: () => void;
  /** watches the room on the disk; left out, only what cannot be written tells */
  space?: SpaceLimits;
}

/** History as the gateway holds it: the journal it writes, the process that keeps, and how both stand. */
export class History {
  readonly journal: JournalWriter;
  readonly recorder: Recorder;
  readonly remote: RemoteHistory;
  private readonly listeners = new Set<(message: StoreStanding) => void>();
  private readonly space: Space | null;
  private message: StoreStanding = {
    state: "starting",
    since: 0,
    waiting: 0,
    refused: 0,
    space: "ok",
    aside: 0,
    notices: [],
  };
  /** where the journal ended when, as long as the store has not come that far */
  private marks: { at: number; end: JournalPosition }[] = [];
  private releasedAt = -Infinity;
  private readonly stops: (() => void)[];
  private readonly began = monotonic();
  private readonly aside: FolderLook<number>;
  private readonly notices: FolderLook<{ open: StoreStanding["notices"]; lost: number }>;

  constructor(private readonly options: HistoryOptions) {
    const { data } = options;
    this.aside = new FolderLook(asideFolder(data), () => asideCount(data));
    this.notices = new FolderLook(noticesFolder(data), () => ({
      open: noticesIn(data).map(told),
      lost: noticesIn(data, true).reduce((sum, { lost }) => sum + lost, 0),
    }));
    keepNewestBroken(data);
    const giveUp = (isFull: boolean): boolean => giveUpBroken(data, isFull);
    this.space = options.space ? new Space(options.data, options.space, freeBytes, giveUp) : null;
    this.journal = new JournalWriter(
      journalFolder(options.data),
      options.config.spill.megabytes * MEGABYTE,
      options.recent.checkpoint.segment,
    );
    this.recorder = new Recorder(
      this.journal,
      options.config.positions.every * 1000,
      options.now,
      options.recent.recorded,
      () => this.space?.refusal ?? null,
    );
    this.remote = new RemoteHistory(
      options.launch,
      () => this.look(),
      () => this.journal.end,
      after,
    );
    this.message.since = options.now();
    this.stops = [every(1_000, () => this.look()), every(3_600_000, () => this.recorder.forget(options.now()))];
  }

  /** How the store stands, for the wall. */
  get state(): StoreStanding {
    return this.message;
  }

  onState(listener: (message: StoreStanding) => void): void {
    this.listeners.add(listener);
  }

  /** Acknowledged items that could not be read back, of all times. */
  get lost(): number {
    return this.notices.value.lost;
  }

  private look(): void {
    this.space?.look();
    const { checkpoint } = this.remote.state;
    const end = this.journal.end;
    // By a clock that is never set: one that goes back an hour must not keep the journal from being let go for one.
    const now = monotonic();
    const waiting = checkpoint.segment === end.segment ? end.offset - checkpoint.offset : this.journal.bytes;
    this.marks.push({ at: now, end });
    this.marks = this.marks.filter((mark) => isBefore(checkpoint, mark.end)).slice(-3_600);
    const behind = this.marks[0] !== undefined && now - this.marks[0].at > BEHIND_AFTER;
    const state = this.judged(behind);
    this.release(now, checkpoint);
    const before = this.message;
    this.message = {
      state,
      since: before.state === state ? before.since : this.options.now(),
      waiting,
      refused: this.recorder.refused,
      space: this.space?.state ?? "ok",
      aside: this.aside.value,
      notices: this.notices.value.open,
    };
    if (JSON.stringify({ ...before, waiting }) === JSON.stringify(this.message)) return;
    for (const listener of this.listeners) listener(this.message);
  }

  private judged(behind: boolean): StoreStanding["state"] {
    if (this.journal.full) return "full";
    if (this.journal.error || this.space?.refusal) return "unwritable";
    if (this.remote.state.error) {
      const starts = this.message.state === "starting" && monotonic() - this.began < STARTS_WITHIN;
      return starts ? "starting" : "down";
    }
    return behind ? "behind" : "ok";
  }

  /** Lets go of what is in the store and in the recent file. */
  private release(now: number, stored: JournalPosition): void {
    const { full } = this.journal;
    if (now - this.releasedAt <= (full ? 0 : 5_000)) return;
    this.releasedAt = now;
    const { needed: checkpoint } = this.options.recent;
    if (full && isBefore(checkpoint, stored)) this.options.crowded();
    void this.journal.release(isBefore(checkpoint, stored) ? checkpoint : stored);
  }

  /** Writes what waits and ends the store's process, which takes it in. */
  async close(): Promise<void> {
    for (const stop of this.stops) stop();
    this.aside.close();
    this.notices.close();
    await this.journal.close();
    await this.remote.close();
  }
}

/** A notice as walls are told of it. */
function told({ what, at, file, fault, lost, exact }: Notice): StoreStanding["notices"][number] {
  return { what, at, file: path.basename(file), fault, lost, exact };
}

function isBefore(a: JournalPosition, b: JournalPosition): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);
}
