import { HeatmapLayer, HexagonLayer } from "@deck.gl/aggregation-layers";
import { positionsTopic } from "@/lib/contract/topics";
import { aliveSince, positionsOf } from "@/lib/live/read-metric";
import { palette } from "@/components/ui/theme";
import type { LayerContext, MapLayer } from "../../layer";
import type { DensitySettings } from "./definition";
import { placesOf } from "./density-option";

/** Aggregating is dear and density changes slowly. */
const EVERY = 5_000;

export default function make(settings: DensitySettings, context: LayerContext): MapLayer {
  const topic = positionsTopic(context.city.id, settings.layer);
  let places: [number, number][] = [];
  let madeAt = -Infinity;
  return {
    draw(now) {
      if (Math.abs(now - madeAt) >= EVERY || places.length === 0) {
        places = placesOf(positionsOf(context.live, topic), aliveSince(context.live, context.city, topic));
        madeAt = now;
      }
      const hexagon = settings.style === "hexagon";
      return [
        new HexagonLayer<[number, number]>({
          id: "density-hexagon",
          data: places,
          visible: hexagon,
          getPosition: (place) => place,
          radius: settings.radius,
          coverage: 0.92,
          extruded: false,
          gpuAggregation: false,
          colorRange: palette().ramp,
          opacity: 0.75,
        }),
        new HeatmapLayer<[number, number]>({
          id: "density-heat",
          data: places,
          visible: !hexagon,
          getPosition: (place) => place,
          radiusPixels: Math.max(12, settings.radius / context.metresPerPixel()),
          colorRange: palette().ramp,
          debounceTimeout: 0,
          weightsTextureSize: 512,
        }),
      ];
    },
  };
}
