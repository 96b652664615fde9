import type { PositionsState } from "@/lib/contract/reduce";

/** Positions seen since a moment (ms), as pairs. */
export function placesOf(state: PositionsState | undefined, since: number): [number, number][] {
  const places: [number, number][] = [];
  for (let slot = 0; state && slot < state.size; slot++) {
    if (state.ids[slot] && (state.at[slot] as number) >= since)
      places.push([state.lon[slot] as number, state.lat[slot] as number]);
  }
  return places;
}
