/** Keys above which idle ones are looked for. */
const MANY = 10_000;

/** Token buckets by key: `rate` a second, up to `burst` at once. Idle keys are forgotten. */
export class RateLimit {
  private readonly buckets = new Map<string, { left: number; at: number }>();
  private sweepAt = MANY;

  constructor(
    private readonly rate: number,
    private readonly burst: number,
  ) {}

  /** 0 when the request may pass, else the seconds to wait (at least 1). @param cost what it takes of the bucket */
  take(key: string, now: number, cost = 1): number {
    const bucket = this.buckets.get(key) ?? { left: this.burst, at: now };
    bucket.left = Math.min(this.burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * this.rate);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (this.buckets.size > this.sweepAt) this.sweep(now);
    if (bucket.left < cost) return Math.max(1, Math.ceil((cost - bucket.left) / this.rate));
    bucket.left -= cost;
    return 0;
  }

  private sweep(now: number): void {
    for (const [key, bucket] of this.buckets)
      if (now - bucket.at > (this.burst / this.rate) * 1000) this.buckets.delete(key);
    // Where all of them are in use, each further one must not look through them all again.
    this.sweepAt = Math.max(MANY, this.buckets.size * 2);
  }
}
