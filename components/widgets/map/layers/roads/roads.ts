import { positionsTopic } from "@/lib/contract/topics";
import { aliveSince, positionsOf } from "@/lib/live/read-metric";
import { deck } from "../../drawing";
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
      const unit = context.rem();
      return [
        new deck.PathLayer<Road>({
          id: "roads",
          data: roads,
          getPath: (road) => road.path,
          capRounded: true,
          jointRounded: true,
          widthUnits: "pixels",
          getColor: (road) => congestionColor(speeds.get(road.id) ?? null, road.freeSpeed),
          getWidth: (road) => unit * (road.trunk ? 0.13 : 0.08),
          updateTriggers: { getColor: key, getWidth: unit },
        }),
      ];
    },
  };
}
