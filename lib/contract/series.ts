/**
 * A bounded series of readings in time buckets. Within a bucket the reading observed last wins, so
 * applying the same readings in any order, or twice, gives the same series: that is what lets a
 * coalesced delta and a snapshot agree.
 */
export class Series {
  readonly bucketMs: number;
  readonly capacity: number;
  private readonly ats: Float64Array;
  private readonly values: Float64Array;
  private start = 0;
  private size = 0;

  /** @param bucketMs width of a bucket in ms  @param capacity buckets kept; older ones fall out */
  constructor(bucketMs: number, capacity: number) {
    this.bucketMs = bucketMs;
    this.capacity = capacity;
    this.ats = new Float64Array(capacity);
    this.values = new Float64Array(capacity);
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

  /** Takes a reading in; false when it changed nothing (a duplicate, or older than all that is kept). */
  add(at: number, value: number): boolean {
    const bucket = Math.floor(at / this.bucketMs);
    let i = this.size - 1;
    while (i >= 0 && Math.floor(this.at(i) / this.bucketMs) > bucket) i--;
    if (i >= 0 && Math.floor(this.at(i) / this.bucketMs) === bucket) return this.replace(i, at, value);
    return this.insert(i + 1, at, value);
  }

  private replace(i: number, at: number, value: number): boolean {
    const slot = (this.start + i) % this.capacity;
    if (at < this.at(i) || (at === this.at(i) && value === this.values[slot])) return false;
    this.ats[slot] = at;
    this.values[slot] = value;
    return true;
  }

  private insert(i: number, at: number, value: number): boolean {
    if (this.size === this.capacity) {
      if (i === 0) return false;
      this.start = (this.start + 1) % this.capacity;
      this.size--;
      i--;
    }
    for (let k = this.size; k > i; k--) {
      const to = (this.start + k) % this.capacity;
      const from = (this.start + k - 1) % this.capacity;
      this.ats[to] = this.ats[from] ?? NaN;
      this.values[to] = this.values[from] ?? NaN;
    }
    const slot = (this.start + i) % this.capacity;
    this.ats[slot] = at;
    this.values[slot] = value;
    this.size++;
    return true;
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
}
