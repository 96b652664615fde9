import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import { segmentFile, segmentsIn, type JournalPosition } from "../history/writer/journal";
import { readSegment } from "../history/writer/reader";
import type { Hub, HubDump } from "./hub";

/**
 * Bumped when the form of the file changes. Version 1 had neither `checkpoint` nor `recorded`; earlier ones of version
 * 2 call it `place`.
 */
const VERSION = 2;
const READABLE = [1, 2];
const NOWHERE: JournalPosition = { segment: 0, offset: 0 };

interface Kept {
  version: number;
  dump: HubDump;
  checkpoint?: JournalPosition;
  place?: JournalPosition;
  recorded?: number;
}

/** What the file needs of the journal that is written beside it. */
interface JournalEnd {
  end: JournalPosition;
  flushed(): Promise<void>;
}

/**
 * The last 26 hours of the live topics, in one file, so that a restart does not empty the charts. It says up to where
 * the journal is in it: a start applies what the journal holds beyond. Written whole and renamed into place: a crash
 * leaves the file before it, never half of one.
 */
export class RecentFile {
  private writing: Promise<void> | null = null;
  /** up to where the journal is in the file; the beginning where that is not known */
  checkpoint: JournalPosition = NOWHERE;
  /** when the last of it was recorded, ms; 0 where that is not known */
  recorded = 0;

  constructor(private readonly folder: string) {}

  private get file(): string {
    return path.join(this.folder, "recent.bin");
  }

  /**
   * Gives an earlier run's state to the hub. Returns the number of topics, 0 when there was none that could be read.
   */
  async restore(hub: Hub): Promise<number> {
    try {
      const { version, dump, place, checkpoint = place, recorded } = deserialize(await readFile(this.file)) as Kept;
      if (!READABLE.includes(version)) return 0;
      hub.restore(dump);
      this.checkpoint = checkpoint ?? NOWHERE;
      this.recorded = recorded ?? 0;
      return dump.readings.length + dump.events.length;
    } catch {
      return 0;
    }
  }

  /** Gives the hub what the journal in `folder` holds beyond the file, a piece of a segment at a time. */
  async replay(hub: Hub, folder: string): Promise<void> {
    const segments = segmentsIn(folder).filter((one) => one >= this.checkpoint.segment);
    for (const [i, segment] of segments.entries()) {
      const next = segments[i + 1];
      let offset = segment === this.checkpoint.segment ? this.checkpoint.offset : 0;
      for (let more = true; more;) {
        const following = next === undefined ? null : segmentFile(folder, next);
        // What is no record any more is the store's to say.
        const read = await readSegment(segmentFile(folder, segment), offset, undefined, following);
        for (const batch of read.batches) this.recorded = Math.max(this.recorded, hub.replay(batch));
        more = read.offset > offset;
        offset = read.offset;
      }
    }
  }

  /**
   * Writes the hub's state; joins a write that is under way.
   * @param journal what the hub was given is recorded there; null keeps none
   * @param recorded the journal's clock, ms
   * @throws NotKept when the hub holds what the journal could not keep
   */
  save(hub: Hub, journal: JournalEnd | null = null, recorded = 0): Promise<void> {
    this.writing ??= this.write(hub, journal, recorded).finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  /** Resolves once no write is under way. */
  async settled(): Promise<void> {
    await this.writing?.catch(() => {});
  }

  private async write(hub: Hub, journal: JournalEnd | null, recorded: number): Promise<void> {
    const checkpoint = journal?.end ?? NOWHERE;
    const bytes = serialize({ version: VERSION, dump: hub.dump(), checkpoint, recorded } satisfies Kept);
    // Nothing may stand here that is not kept: after a restart it would pass for a copy when it is sent again.
    await journal?.flushed();
    await mkdir(this.folder, { recursive: true });
    const draft = `${this.file}.draft`;
    await writeFile(draft, bytes);
    await rename(draft, this.file);
    this.checkpoint = checkpoint;
  }
}
