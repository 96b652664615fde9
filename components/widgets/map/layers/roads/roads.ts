import { positionsTopic } from "@/lib/contract/topics";
import { palette } from "@/components/ui/theme";
import { aliveSince, positionsOf } from "@/lib/live/read-metric";
import { FlatLayer } from "../../flat/flat-layer";
import { meshOfBands } from "../../flat/flat-mesh";
import type { LayerContext, MapLayer } from "../../layer";
import type { RoadsSettings } from "./definition";
import { congestionColor } from "./roads-option";

type Road = { id: string; freeSpeed: number; trunk: boolean; path: [number, number][] };

/** Speeds come as positions whose id is the road's; the roads themselves are the city's own file. */
export default function make(settings: RoadsSettings, context: LayerContext): MapLayer {
  const topic = positionsTopic(context.city.id, settings.layer);
  const roads: Road[] = (context.roads?.features ?? []).map((feature) => ({
    id: feature.properties.id,
    freeSpeed: feature.properties.freeSpeed,
    trunk: feature.properties.kind === "trunk",
    path: feature.geometry.coordinates as [number, number][],
  }));
  // Thin: what fills the districts is read first.
  const mesh = meshOfBands(roads.map(({ path, trunk }) => ({ path, half: trunk ? 0.045 : 0.028 })));
  let speeds = new Map<string, number>();
  let key = "";
  return {
    draw(now) {
      const state = positionsOf(context.live, topic);
      // Gathered anew only when speeds came, and every 5 s as old ones run past their limit: not with each frame.
      const next = `${state?.epoch} ${state?.offset} ${Math.floor(now / 5_000)}`;
      if (next !== key) {
        key = next;
        speeds = new Map();
        const since = aliveSince(context.live, context.city, topic);
        for (let slot = 0; state && slot < state.size; slot++)
          if ((state.at[slot] as number) >= since) speeds.set(state.ids[slot] ?? "", state.speed[slot] as number);
      }
      return [
        new FlatLayer({
          id: "roads",
          mesh,
          unit: context.rem(),
          colorOf: (shape) => {
            const road = roads[shape] as Road;
            return congestionColor(speeds.get(road.id) ?? null, road.freeSpeed);
          },
          colorKey: `${key} ${palette().key}`,
        }),
      ];
    },
  };
}
