/** Token buckets by key: `rate` a second, up to `burst` at once. Idle keys are forgotten. */
export class RateLimit {
  private readonly buckets = new Map<string, { left: number; at: number }>();

  constructor(
    private readonly rate: number,
    private readonly burst: number,
  ) {}

  /** 0 when the request may pass, else the seconds to wait (at least 1). */
  take(key: string, now: number): number {
    const bucket = this.buckets.get(key) ?? { left: this.burst, at: now };
    bucket.left = Math.min(this.burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * this.rate);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (this.buckets.size > 10_000) this.sweep(now);
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / this.rate));
    bucket.left -= 1;
    return 0;
  }

  private sweep(now: number): void {
    for (const [key, bucket] of this.buckets)
      if (now - bucket.at > (this.burst / this.rate) * 1000) this.buckets.delete(key);
  }
}
