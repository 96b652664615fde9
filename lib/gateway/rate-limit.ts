/** Keys that are remembered, unless it is said otherwise: about 2 MB. */
const MANY = 10_000;

/**
 * Token buckets by key: `rate` a second, up to `burst` at once. Of more than `most` keys, those asked for longest ago are
 * forgotten, so that nobody fills the memory with them; who comes back after that has a full bucket.
 */
export class RateLimit {
  /** in the order they were last asked for */
  private readonly buckets = new Map<string, { left: number; at: number }>();

  constructor(
    private readonly rate: number,
    private readonly burst: number,
    private readonly most: number = MANY,
  ) {}

  /** Keys that are remembered. */
  get size(): number {
    return this.buckets.size;
  }

  /** 0 when the request may pass, else the seconds to wait (at least 1). @param cost what it takes of the bucket */
  take(key: string, now: number, cost = 1): number {
    const bucket = this.bucketOf(key, now);
    bucket.left = Math.min(this.burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * this.rate);
    bucket.at = now;
    if (bucket.left < cost) return Math.max(1, Math.ceil((cost - bucket.left) / this.rate));
    bucket.left -= cost;
    return 0;
  }

  private bucketOf(key: string, now: number): { left: number; at: number } {
    const known = this.buckets.get(key);
    const bucket = known ?? { left: this.burst, at: now };
    if (known) this.buckets.delete(key);
    else if (this.buckets.size >= this.most) {
      const [oldest] = this.buckets.keys();
      if (oldest !== undefined) this.buckets.delete(oldest);
    }
    this.buckets.set(key, bucket);
    return bucket;
  }
}
