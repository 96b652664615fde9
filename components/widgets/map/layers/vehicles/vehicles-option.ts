import type { PositionsState } from "@/lib/contract/reduce";
import { worldX, worldY } from "../../flat/flat-mesh";
import { makeColumns, SPRITE, type MarkColumns } from "../../marks/mark-columns";

/** Columns with room for `capacity` things, each `size` CSS pixels wide and high and all of its picture. */
export function makeDrawn(capacity: number, size: number, origin: readonly [number, number]): MarkColumns {
  const columns = makeColumns(capacity, origin);
  for (let i = 0; i < capacity; i++) {
    columns.extents.set([size / 2, size / 2, SPRITE], i * 3);
    columns.frames.set([0, 0, 1, 1], i * 4);
  }
  return columns;
}

/**
 * Where things are shown at `now`: one interval late, so that there is always an observation to glide towards.
 * Nothing is extrapolated: a thing whose next observation is late stands still. Not seen for `limit` ms: gone.
 * @param interval ms between two observations @param limit ms @param size CSS pixels @param out columns to reuse, where they have room
 */
export function interpolate(
  state: PositionsState,
  now: number,
  interval: number,
  limit: number,
  size: number,
  out: MarkColumns,
): MarkColumns {
  const { size: slots, at, fromAt, lon, lat, fromLon, fromLat, heading, ids } = state;
  const first = [lon[0] ?? 0, lat[0] ?? 0] as const;
  const roomy = out.places.length >= slots * 3 && out.extents[0] === size / 2;
  const target = roomy ? out : makeDrawn(Math.max(256, slots * 2), size, first);
  const { places, origin } = target;
  const shown = now - interval;
  let n = 0;
  for (let slot = 0; slot < slots; slot++) {
    const seen = at[slot] as number;
    if (now - seen > limit || ids[slot] === "") continue;
    const from = fromAt[slot] as number;
    const span = seen - from;
    const part = span <= 0 ? 1 : Math.max(0, Math.min(1, (shown - from) / span));
    const startLon = fromLon[slot] as number;
    const startLat = fromLat[slot] as number;
    places[n * 3] = worldX(startLon + ((lon[slot] as number) - startLon) * part) - origin[0];
    places[n * 3 + 1] = worldY(startLat + ((lat[slot] as number) - startLat) * part) - origin[1];
    places[n * 3 + 2] = (-(heading[slot] as number) * Math.PI) / 180;
    n++;
  }
  target.length = n;
  return target;
}
