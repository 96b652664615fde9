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

/** How long (ms) after the gateway's clock was set walls and /readyz tell of it. */
export const CLOCK_TOLD = 600_000;

/** The worse of two. */
export function worst(a: Freshness, b: Freshness): Freshness {
  return FRESHNESS.indexOf(a) >= FRESHNESS.indexOf(b) ? a : b;
}
