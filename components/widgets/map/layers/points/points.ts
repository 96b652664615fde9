import { positionsTopic } from "@/lib/contract/topics";
import { aliveSince, positionsOf } from "@/lib/live/read-metric";
import { COLORS, rgb } from "@/components/ui/theme";
import { deck } from "../../drawing";
import type { LayerContext, MapLayer } from "../../layer";
import type { PointsSettings } from "./definition";
import { clusters, type Cluster } from "./points-option";

export default function make(settings: PointsSettings, context: LayerContext): MapLayer {
  const topic = positionsTopic(context.city.id, settings.layer);
  let made: Cluster[] = [];
  let key = "";
  return {
    draw(now) {
      const state = positionsOf(context.live, topic);
      const unit = context.rem();
      const zoom = context.zoom();
      const next = `${state?.offset ?? 0} ${Math.floor(zoom)} ${Math.floor(now / 10_000)}`;
      if (next !== key)
        made = clusters(state, aliveSince(context.live, context.city, topic), zoom, settings.cluster * (unit / 16));
      key = next;
      return [
        new deck.ScatterplotLayer<Cluster>({
          id: "points",
          data: made,
          radiusUnits: "pixels",
          stroked: true,
          lineWidthUnits: "pixels",
          getLineWidth: unit * 0.08,
          getPosition: (c) => c.at,
          getRadius: (c) => unit * (c.count === 1 ? 0.28 : 0.5 + Math.min(0.5, Math.log10(c.count) * 0.35)),
          getFillColor: (c) => (c.count === 1 ? [...rgb("#6c9fe0"), 230] : [24, 46, 74, 235]),
          getLineColor: [...rgb("#6c9fe0"), 255],
          updateTriggers: { getRadius: unit, getLineWidth: unit },
        }),
        new deck.TextLayer<Cluster>({
          id: "points-counts",
          data: made,
          getPosition: (c) => c.at,
          getText: (c) => (c.count > 1 ? String(c.count) : ""),
          characterSet: [..."0123456789"],
          fontFamily: '"JetBrains Mono"',
          fontWeight: 500,
          fontSettings: { fontSize: 48 },
          getSize: unit * 0.72,
          sizeUnits: "pixels",
          getColor: [...rgb(COLORS.text), 255],
          parameters: { depthCompare: "always" },
          updateTriggers: { getSize: unit },
        }),
      ];
    },
  };
}
