import type { PositionsState } from "@/lib/contract/reduce";

/** Positions seen within `limit` ms, as pairs. */
export function placesOf(state: PositionsState | undefined, now: number, limit: number): [number, number][] {
  const places: [number, number][] = [];
  for (let slot = 0; state && slot < state.size; slot++) {
    if (state.ids[slot] && now - (state.at[slot] as number) <= limit) places.push([state.lon[slot] as number, state.lat[slot] as number]);
  }
  return places;
}
