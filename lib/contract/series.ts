import { QUALITIES, type Quality } from "./readings";

/**
 * A bounded series of readings in time buckets. Within a bucket the reading observed last wins, and of several for one
 * observed moment the one given last, whatever its quality. So readings of different moments may come in any order,
 * those of one moment must come in the order in which they arrived, and giving all of them once more changes nothing:
 * that is what lets a coalesced delta and a snapshot agree.
 */
export class Series {
  readonly bucketMs: number;
  readonly capacity: number;
  private readonly ats: Float64Array;
  private readonly values: Float64Array;
  /** index in QUALITIES */
  private readonly codes: Uint8Array;
  private start = 0;
  private size = 0;

  /** @param bucketMs width of a bucket in ms  @param capacity buckets kept; older ones fall out */
  constructor(bucketMs: number, capacity: number) {
    this.bucketMs = bucketMs;
    this.capacity = capacity;
    this.ats = new Float64Array(capacity);
    this.values = new Float64Array(capacity);
    this.codes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.size;
  }

  /** Observed time (ms) of the i-th bucket, oldest first. */
  at(i: number): number {
    return this.ats[(this.start + i) % this.capacity] ?? NaN;
  }

  /** Value of the i-th bucket, oldest first. */
  value(i: number): number {
    return this.values[(this.start + i) % this.capacity] ?? NaN;
  }

  /** How far the value of the i-th bucket can be trusted, oldest first. */
  quality(i: number): Quality {
    return QUALITIES[this.codes[(this.start + i) % this.capacity] ?? 0] ?? "good";
  }

  clear(): void {
    this.start = 0;
    this.size = 0;
  }

  /** Index of the first bucket observed at or after `at`. */
  indexFrom(at: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** True when exactly this reading is the last of its bucket. */
  holds(at: number, value: number, quality: Quality): boolean {
    const i = this.indexFrom(at);
    return i < this.size && this.at(i) === at && this.value(i) === value && this.quality(i) === quality;
  }

  /** Takes a reading in; false when it changed nothing (a duplicate, or older than all that is kept). */
  add(at: number, value: number, quality: Quality = "good"): boolean {
    const code = quality === "good" ? 0 : QUALITIES.indexOf(quality);
    const bucket = Math.floor(at / this.bucketMs);
    let i = this.size - 1;
    while (i >= 0 && Math.floor(this.at(i) / this.bucketMs) > bucket) i--;
    if (i >= 0 && Math.floor(this.at(i) / this.bucketMs) === bucket) return this.replace(i, at, value, code);
    return this.insert(i + 1, at, value, code);
  }

  private replace(i: number, at: number, value: number, code: number): boolean {
    const slot = (this.start + i) % this.capacity;
    if (at < this.at(i) || (at === this.at(i) && value === this.values[slot] && code === this.codes[slot]))
      return false;
    this.put(slot, at, value, code);
    return true;
  }

  private put(slot: number, at: number, value: number, code: number): void {
    this.ats[slot] = at;
    this.values[slot] = value;
    this.codes[slot] = code;
  }

  private insert(i: number, at: number, value: number, code: number): boolean {
    if (this.size === this.capacity) {
      if (i === 0) return false;
      this.start = (this.start + 1) % this.capacity;
      this.size--;
      i--;
    }
    for (let k = this.size; k > i; k--) {
      const to = (this.start + k) % this.capacity;
      const from = (this.start + k - 1) % this.capacity;
      this.put(to, this.ats[from] ?? NaN, this.values[from] ?? NaN, this.codes[from] ?? 0);
    }
    this.put((this.start + i) % this.capacity, at, value, code);
    this.size++;
    return true;
  }

  /** Lets go of what was observed after `at` (ms), and returns it, the newest first. */
  cutAfter(at: number): { at: number; value: number; quality: Quality }[] {
    const cut = [];
    for (let i = this.size - 1; i >= 0 && this.at(i) > at; i--) {
      cut.push({ at: this.at(i), value: this.value(i), quality: this.quality(i) });
      this.size--;
    }
    return cut;
  }

  /** The series as pairs `[at, value]` flattened, from `from` (ms) on. */
  toArray(from = -Infinity): number[] {
    const first = this.indexFrom(from);
    const out: number[] = new Array((this.size - first) * 2);
    for (let i = first, k = 0; i < this.size; i++) {
      out[k++] = this.at(i);
      out[k++] = this.value(i);
    }
    return out;
  }

  /** What is not good among `toArray(from)`: pairs `[index of the point, quality]` flattened; 1 uncertain, 2 bad. */
  marks(from = -Infinity): number[] {
    const first = this.indexFrom(from);
    const out: number[] = [];
    for (let i = first; i < this.size; i++) {
      const code = this.codes[(this.start + i) % this.capacity] ?? 0;
      if (code !== 0) out.push(i - first, code);
    }
    return out;
  }
}
