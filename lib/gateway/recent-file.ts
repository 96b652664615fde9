import { link, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";
import { now } from "../clock";
import { writeWhole } from "../files/atomic";
import { giveNotice } from "../files/notices";
import { segmentFile, segmentsIn, type JournalPosition } from "../history/writer/journal";
import { readSegment } from "../history/writer/reader";
import type { Hub, HubDump } from "./hub";

/**
 * Bumped when the form of the file changes. Version 1 had neither `checkpoint` nor `recorded`; earlier ones of version
 * 2 call it `place`.
 */
const VERSION = 2;
const READABLE = [1, 2];
/** Ends the file, with the checksum of all before it; versions that know neither read past them. */
const SEAL = Buffer.from("CWR3");
const NOWHERE: JournalPosition = { segment: 0, offset: 0 };

interface Kept {
  version: number;
  dump: HubDump;
  checkpoint?: JournalPosition;
  place?: JournalPosition;
  recorded?: number;
}

function sealed(bytes: Buffer): Buffer {
  const seal = Buffer.alloc(SEAL.length + 4);
  SEAL.copy(seal);
  seal.writeUInt32LE(crc32(bytes), SEAL.length);
  return Buffer.concat([bytes, seal]);
}

/** What a file holds; null where there is none. @throws Error that says why it cannot be read */
async function keptIn(file: string): Promise<Kept | null> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!bytes) return null;
  const end = bytes.length - SEAL.length - 4;
  const isSealed = end > 0 && bytes.subarray(end, end + SEAL.length).equals(SEAL);
  if (isSealed && crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(bytes.length - 4))
    throw new Error("its checksum is wrong");
  const kept = deserialize(bytes) as Kept;
  if (!READABLE.includes(kept.version)) throw new Error(`it is of version ${kept.version}, which is not known`);
  if (![kept.dump.readings, kept.dump.events].every(Array.isArray)) throw new Error("it holds no recent hours");
  return kept;
}

/** What the file needs of the journal that is written beside it. */
interface JournalEnd {
  end: JournalPosition;
  flushed(): Promise<void>;
}

/**
 * The last 26 hours of the live topics, in one file, so that a restart does not empty the charts. It says up to where
 * the journal is in it: a start applies what the journal holds beyond. Written whole and renamed into place: a crash
 * leaves the file before it, never half of one. That one is kept as well, and the journal from there on: where a file
 * cannot be read any more, a start begins from the one before it and misses nothing.
 */
export class RecentFile {
  private writing: Promise<void> | null = null;
  /** up to where the journal is in the file; the beginning where that is not known */
  checkpoint: JournalPosition = NOWHERE;
  /** from where on the journal is needed: up to there it is in the file before as well */
  needed: JournalPosition = NOWHERE;
  /** when the last of it was recorded, ms; 0 where that is not known */
  recorded = 0;

  constructor(private readonly folder: string) {}

  private get file(): string {
    return path.join(this.folder, "recent.bin");
  }

  private get previous(): string {
    return path.join(this.folder, "recent.previous.bin");
  }

  /**
   * Gives an earlier run's state to the hub. Returns the number of topics, 0 when there was none that could be read.
   */
  async restore(hub: Hub): Promise<number> {
    const kept = (await this.read(this.file)) ?? (await this.read(this.previous));
    if (!kept) return 0;
    const { dump, place, checkpoint = place, recorded } = kept;
    hub.restore(dump);
    this.checkpoint = this.needed = checkpoint ?? NOWHERE;
    this.recorded = recorded ?? 0;
    return dump.readings.length + dump.events.length;
  }

  /** What a file holds; null where there is none. One that cannot be read is kept aside, and said. */
  private async read(file: string): Promise<Kept | null> {
    try {
      return await keptIn(file);
    } catch (error) {
      const at = now();
      const kept = `${file}.broken-${at}`;
      await rename(file, kept).catch(() => {});
      giveNotice(this.folder, {
        what: "recent",
        id: `${at}-${path.basename(file, ".bin")}`,
        at,
        file,
        fault: `${(error as Error).message}; the recent hours are taken from before it, and from the journal`,
        kept,
        lost: 0,
        exact: true,
      });
      return null;
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
    const bytes = sealed(serialize({ version: VERSION, dump: hub.dump(), checkpoint, recorded } satisfies Kept));
    // Nothing may stand here that is not kept: after a restart it would pass for a copy when it is sent again.
    await journal?.flushed();
    await this.keepPrevious();
    await writeWhole(this.file, bytes);
    this.needed = this.checkpoint;
    this.checkpoint = checkpoint;
  }

  /** The file as it stands becomes the one before, without a moment at which there is neither. */
  private async keepPrevious(): Promise<void> {
    const draft = `${this.previous}.draft`;
    await rm(draft, { force: true });
    const linked = await link(this.file, draft).then(
      () => true,
      () => false,
    );
    if (linked) await rename(draft, this.previous);
  }
}
