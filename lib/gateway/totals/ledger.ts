import type { Quality } from "../../contract/readings";

/** A reading of a known topic; `at` in ms. */
export interface Entry {
  at: number;
  value: number;
  quality: Quality;
}

/** Readings of one topic by observed time, one for each moment. */
class Track {
  readonly entries: Entry[] = [];

  /** How many were observed before `at`, or at it. */
  private upTo(at: number): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.entries[middle] as Entry).at <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  at(at: number): Entry | undefined {
    const entry = this.entries[this.upTo(at) - 1];
    return entry?.at === at ? entry : undefined;
  }

  /** Puts a reading in; one of the same moment gives way. */
  set(entry: Entry): void {
    const i = this.upTo(entry.at);
    this.entries.splice(
      this.entries[i - 1]?.at === entry.at ? i - 1 : i,
      this.entries[i - 1]?.at === entry.at ? 1 : 0,
      entry,
    );
  }

  /** The last one that is not bad, observed in [from, at]. */
  usable(from: number, at: number): Entry | undefined {
    for (let i = this.upTo(at) - 1; i >= 0; i--) {
      const entry = this.entries[i] as Entry;
      if (entry.at < from) return undefined;
      if (entry.quality !== "bad") return entry;
    }
    return undefined;
  }

  /** The first one that is not bad, observed after `at`. */
  nextUsable(at: number): Entry | undefined {
    for (let i = this.upTo(at); i < this.entries.length; i++)
      if ((this.entries[i] as Entry).quality !== "bad") return this.entries[i];
    return undefined;
  }

  /** Observed times in [from, to]. */
  times(from: number, to: number): number[] {
    return this.entries.slice(this.upTo(from - 1), this.upTo(to)).map(({ at }) => at);
  }

  drop(before: number): void {
    this.entries.splice(0, this.upTo(before - 1));
  }
}

/** Readings of a topic that are held without need; past this those of no more use go. */
const IDLE = 1_024;
/** Most readings of one topic: a feed that sends a hundred a second must not fill the memory. */
const MOST = 16_384;

/**
 * What is known of some topics, exactly and one reading a moment, from `completeFrom` (ms) on: a reading observed at or
 * after it that is not in here has not come. Of what is older it may hold a part.
 */
export class Ledger {
  private readonly tracks = new Map<string, Track>();

  /** @param keepFrom nothing observed before it (ms) is held */
  constructor(
    public keepFrom: number,
    public completeFrom: number,
  ) {}

  track(topic: string): Track {
    let track = this.tracks.get(topic);
    if (!track) this.tracks.set(topic, (track = new Track()));
    return track;
  }

  /** Takes a reading that has come now, later than all that is held for the same moment. */
  set(topic: string, entry: Entry): void {
    if (entry.at >= this.keepFrom) this.track(topic).set(entry);
  }

  /** Takes a reading that came before all that is held for the same moment. */
  fill(topic: string, entry: Entry): void {
    if (entry.at >= this.keepFrom && !this.track(topic).at(entry.at)) this.track(topic).set(entry);
  }

  /**
   * Lets go of what was observed before `needless` (ms) where there is much of it, and of more where there is too much.
   */
  prune(topic: string, needless: number): void {
    const { entries } = this.track(topic);
    const half = entries[entries.length >> 1];
    if (!half || entries.length < IDLE) return;
    if (half.at < needless) this.drop(needless);
    else if (entries.length > MOST) this.drop(half.at);
  }

  private drop(before: number): void {
    if (before <= this.keepFrom) return;
    for (const track of this.tracks.values()) track.drop(before);
    this.keepFrom = before;
    this.completeFrom = Math.max(this.completeFrom, before);
  }
}
