import type { ChildProcess } from "node:child_process";
import { after, every } from "../../clock";
import type { StoreMessage } from "../../contract/live";
import type { HistoryConfig } from "./config";
import { JournalWriter, type JournalPlace } from "./journal";
import { Recorder } from "./recorder";
import { RemoteHistory } from "./remote";
import { journalFolder } from "./historian";

/** The store is behind when what was written this long ago (ms) is not in it yet. */
const BEHIND_AFTER = 15_000;

export interface HistoryOptions {
  data: string;
  config: HistoryConfig;
  /** starts the store's process */
  launch: () => ChildProcess;
  now: () => number;
}

/** History as the gateway holds it: the journal it writes, the process that keeps, and how both stand. */
export class History {
  readonly journal: JournalWriter;
  readonly recorder: Recorder;
  readonly remote: RemoteHistory;
  private readonly listeners = new Set<(message: StoreMessage) => void>();
  private message: StoreMessage = { state: "starting", since: 0, waiting: 0, lost: 0 };
  /** where the journal ended when, as long as the store has not come that far */
  private marks: { at: number; end: JournalPlace }[] = [];
  private releasedAt = 0;
  private readonly stops: (() => void)[];

  constructor(private readonly options: HistoryOptions) {
    this.journal = new JournalWriter(journalFolder(options.data), options.config.spill.megabytes << 20, () => this.remote.nudge());
    this.recorder = new Recorder(this.journal, options.config.positions.every * 1000, options.now);
    this.remote = new RemoteHistory(options.launch, () => this.look(), () => this.journal.place, after);
    this.message.since = options.now();
    this.stops = [every(1_000, () => this.look()), every(3_600_000, () => this.recorder.forget(options.now()))];
  }

  /** How the store stands, for the wall. */
  get state(): StoreMessage {
    return this.message;
  }

  onState(listener: (message: StoreMessage) => void): void {
    this.listeners.add(listener);
  }

  private look(): void {
    const { place, fault } = this.remote.state;
    const end = this.journal.place;
    const now = this.options.now();
    const waiting = place.segment === end.segment ? end.offset - place.offset : this.journal.bytes;
    this.marks.push({ at: now, end });
    this.marks = this.marks.filter((mark) => isBefore(place, mark.end)).slice(-3_600);
    const behind = this.marks[0] !== undefined && now - this.marks[0].at > BEHIND_AFTER;
    const state: StoreMessage["state"] = this.journal.full ? "full" : this.journal.fault ? "down" : fault ? (this.message.state === "starting" ? "starting" : "down") : behind ? "behind" : "ok";
    if (now - this.releasedAt > 5_000) {
      this.releasedAt = now;
      void this.journal.release(place);
    }
    const before = this.message;
    if (before.state === state && before.lost === this.journal.lost) {
      before.waiting = waiting;
      return;
    }
    this.message = { state, since: before.state === state ? before.since : now, waiting, lost: this.journal.lost };
    for (const listener of this.listeners) listener(this.message);
  }

  /** Writes what waits and ends the store's process, which takes it in. */
  async close(): Promise<void> {
    for (const stop of this.stops) stop();
    await this.journal.close();
    await this.remote.close();
  }
}

function isBefore(a: JournalPlace, b: JournalPlace): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);
}
