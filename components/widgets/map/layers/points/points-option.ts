import Supercluster from "supercluster";
import type { PositionsState } from "@/lib/contract/reduce";

export interface Cluster {
  at: [number, number];
  count: number;
}

/** Points seen since a moment (ms), clustered for a zoom; `radius` in pixels of a 512-pixel tile. */
export function clusters(state: PositionsState | undefined, since: number, zoom: number, radius: number): Cluster[] {
  const features = [];
  for (let slot = 0; state && slot < state.size; slot++) {
    if (!state.ids[slot] || (state.at[slot] as number) < since) continue;
    features.push({
      type: "Feature" as const,
      properties: {},
      geometry: { type: "Point" as const, coordinates: [state.lon[slot] as number, state.lat[slot] as number] },
    });
  }
  const index = new Supercluster({ radius, extent: 512, maxZoom: 18 }).load(features);
  return index.getClusters([-180, -85, 180, 85], Math.floor(zoom)).map((feature) => ({
    at: feature.geometry.coordinates as [number, number],
    count: (feature.properties as { point_count?: number }).point_count ?? 1,
  }));
}
