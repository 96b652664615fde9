import type { PositionsState } from "@/lib/contract/reduce";
import { worldX, worldY } from "../../flat/flat-mesh";
import { makeColumns, SPRITE, type MarkColumns } from "../../marks/mark-columns";

/** How many times as high as wide a thing's picture is: its middle is the thing, the half below it the trail. */
export const TALL = 4;
/** Of the two pictures beside each other, that of a thing with its trail, and that of one that stands: left, top, right, bottom. */
export type Frames = Record<"moving" | "standing", readonly [number, number, number, number]>;

/** Degrees of latitude within which a thing has not moved: 3 m, as satellites tell places. */
const STOOD = 3 / 111_320;

/** Things as they are drawn. */
export interface Drawn {
  columns: MarkColumns;
  /** another number when another thing moves or stands: pictures have to be sent again then */
  pictures: number;
}

/** Columns with room for `capacity` things, each of a picture so many CSS pixels high. */
export function makeDrawn(capacity: number, height: number, origin: readonly [number, number]): Drawn {
  const columns = makeColumns(capacity, origin);
  for (let i = 0; i < capacity; i++) columns.extents.set([height / 2 / TALL, height / 2, SPRITE], i * 3);
  return { columns, pictures: 0 };
}

/** How what is shown of things is told. */
export interface Telling {
  /** ms */
  now: number;
  /** ms between two observations */
  interval: number;
  /** ms after which a thing that is not seen is gone */
  limit: number;
  /** of a picture, CSS pixels */
  height: number;
  frames: Frames;
}

/** Whether a thing has moved from one observation to the next, and that is no longer ago than the next one takes. */
function isMoving(dLon: number, dLat: number, age: number, interval: number): boolean {
  return age <= 2 * interval && dLon * dLon + dLat * dLat > STOOD * STOOD;
}

/**
 * Where things are shown at `now`: one interval late, so that there is always an observation to glide towards, with a trail to where
 * they came from. Nothing is extrapolated: a thing whose next observation is late stands still, and has no trail.
 * @param out what to reuse, where it has room
 */
export function interpolate(state: PositionsState, telling: Telling, out: Drawn): Drawn {
  const { now, interval, limit, height, frames } = telling;
  const { size: slots, at, fromAt, lon, lat, fromLon, fromLat, ids } = state;
  const first = [lon[0] ?? 0, lat[0] ?? 0] as const;
  const roomy = out.columns.places.length >= slots * 3 && out.columns.extents[1] === height / 2;
  const target = roomy ? out : makeDrawn(Math.max(256, slots * 2), height, first);
  const { places, frames: pictures, origin } = target.columns;
  const shown = now - interval;
  // East to west a degree is shorter: near enough the same for all of a place.
  const squeeze = Math.cos((first[1] * Math.PI) / 180);
  let n = 0;
  let told = 17;
  for (let slot = 0; slot < slots; slot++) {
    const seen = at[slot] as number;
    if (now - seen > limit || ids[slot] === "") continue;
    const from = fromAt[slot] as number;
    const span = seen - from;
    const part = span <= 0 ? 1 : Math.max(0, Math.min(1, (shown - from) / span));
    const startLon = fromLon[slot] as number;
    const startLat = fromLat[slot] as number;
    const dLon = (lon[slot] as number) - startLon;
    const dLat = (lat[slot] as number) - startLat;
    places[n * 3] = worldX(startLon + dLon * part) - origin[0];
    places[n * 3 + 1] = worldY(startLat + dLat * part) - origin[1];
    const moving = isMoving(dLon * squeeze, dLat, now - seen, interval);
    places[n * 3 + 2] = moving ? -Math.atan2(dLon * squeeze, dLat) : 0;
    pictures.set(moving ? frames.moving : frames.standing, n * 4);
    told = (Math.imul(told, 31) + (moving ? 1 : 2)) | 0;
    n++;
  }
  target.columns.length = n;
  target.pictures = told;
  return target;
}
