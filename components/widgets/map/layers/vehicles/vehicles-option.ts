import type { PositionsState } from "@/lib/contract/reduce";

/** What is drawn of a layer: columns reused from frame to frame, `length` of them filled. */
export interface Drawn {
  length: number;
  /** lon, lat, 0 */
  positions: Float32Array;
  /** degrees counterclockwise, as deck.gl's icons turn */
  angles: Float32Array;
}

/** Columns with room for `capacity` things. */
export function makeDrawn(capacity: number): Drawn {
  return { length: 0, positions: new Float32Array(capacity * 3), angles: new Float32Array(capacity) };
}

/**
 * Where things are shown at `now`: one interval late, so that there is always an observation to glide towards.
 * Nothing is extrapolated: a thing whose next observation is late stands still. Not seen for `limit` ms: gone.
 * @param interval ms between two observations @param limit ms
 */
export function interpolate(state: PositionsState, now: number, interval: number, limit: number, out: Drawn): Drawn {
  const { size, at, fromAt, lon, lat, fromLon, fromLat, heading, ids } = state;
  const target = out.positions.length >= size * 3 ? out : makeDrawn(Math.max(256, size * 2));
  const { positions, angles } = target;
  const shown = now - interval;
  let n = 0;
  for (let slot = 0; slot < size; slot++) {
    const seen = at[slot] as number;
    if (now - seen > limit || ids[slot] === "") continue;
    const from = fromAt[slot] as number;
    const span = seen - from;
    const part = span <= 0 ? 1 : Math.max(0, Math.min(1, (shown - from) / span));
    const startLon = fromLon[slot] as number;
    const startLat = fromLat[slot] as number;
    positions[n * 3] = startLon + ((lon[slot] as number) - startLon) * part;
    positions[n * 3 + 1] = startLat + ((lat[slot] as number) - startLat) * part;
    angles[n] = -(heading[slot] as number);
    n++;
  }
  target.length = n;
  return target;
}
