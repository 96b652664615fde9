/** How alive a number is. Order matters: a tile shows the worst of its topics. */
export const FRESHNESS = ["live", "late", "stale", "offline"] as const;
export type Freshness = (typeof FRESHNESS)[number];

/** What a metric promises: a reading every `interval` s, and a `limit` in s after which it is dead. */
export interface Pace {
  interval: number;
  limit: number;
}

/** A connection that has said nothing for this long (ms) is dead: heartbeats come every second. */
export const CONNECTION_LIMIT = 4_000;

/**
 * Freshness of the reading observed at `at`, at gateway time `now` (both ms).
 * live: within one and a half intervals; late: within the limit; stale: past it; offline: nothing ever came,
 * or the connection itself is dead, so that nothing can be said.
 */
export function freshness(at: number | null, now: number, pace: Pace, connected: boolean): Freshness {
  if (at === null || !connected) return "offline";
  const age = now - at;
  if (age > pace.limit * 1000) return "stale";
  return age > Math.min(pace.interval * 1500, pace.limit * 1000) ? "late" : "live";
}

/** The worse of two. */
export function worst(a: Freshness, b: Freshness): Freshness {
  return FRESHNESS.indexOf(a) >= FRESHNESS.indexOf(b) ? a : b;
}
