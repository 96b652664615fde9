/**
 * Ms before the first attempt to start again, the most there may be where nothing else is said, and how long one has to last to count
 * as healthy.
 */
const FIRST = 250;
const MOST = 10_000;
const HEALTHY = 30_000;
/** Parts of a wait that chance adds or takes away, so that what failed together does not come back together. */
const JITTER = 0.25;

/** How long to wait before something that ended is started again: longer each time it ends soon. */
export class Backoff {
  private failures = 0;

  /** @param random 0 to 1, from chance @param most ms that it waits at the most, chance aside */
  constructor(
    private readonly random: () => number = Math.random,
    private readonly most = MOST,
  ) {}

  /** Ms to wait. @param lived how long it lasted, ms: a healthy time begins anew */
  next(lived: number): number {
    if (lived >= HEALTHY) this.failures = 0;
    const wait = Math.min(this.most, FIRST * 2 ** this.failures++);
    return Math.round(wait * (1 + JITTER * (2 * this.random() - 1)));
  }
}
