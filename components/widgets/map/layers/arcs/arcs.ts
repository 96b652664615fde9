import { ArcLayer } from "@deck.gl/layers";
import { readingTopic } from "@/lib/contract/topics";
import { readMetric } from "@/lib/live/read-metric";
import { palette, rgb } from "@/components/ui/theme";
import type { LayerContext, MapLayer } from "../../layer";
import { arcsOf, flowMetric, type Arc } from "./arcs-option";
import type { ArcsSettings } from "./definition";

const EVERY = 5_000;

export default function make(settings: ArcsSettings, context: LayerContext): MapLayer {
  const { city, live } = context;
  let arcs: Arc[] = [];
  let madeAt = -Infinity;
  return {
    draw(now) {
      if (Math.abs(now - madeAt) >= EVERY || arcs.length === 0) {
        madeAt = now;
        arcs = arcsOf(
          city,
          settings.top,
          (from, to) => readMetric(live, city, readingTopic(city.id, from, flowMetric(settings.metric, to))).counted,
        );
      }
      const unit = context.rem();
      const colors = palette();
      const [source, target] = [rgb(colors["series-2"]), rgb(colors.data)];
      return [
        new ArcLayer<Arc>({
          id: "arcs",
          data: arcs,
          getSourcePosition: (arc) => arc.from,
          getTargetPosition: (arc) => arc.to,
          greatCircle: false,
          getHeight: 0.35,
          getTilt: 12,
          getSourceColor: (arc) => [...source, 70 + arc.weight * 160] as [number, number, number, number],
          getTargetColor: (arc) => [...target, 90 + arc.weight * 165] as [number, number, number, number],
          getWidth: (arc) => unit * (0.08 + arc.weight * 0.28),
          widthUnits: "pixels",
          updateTriggers: { getWidth: unit, getSourceColor: colors.key, getTargetColor: colors.key },
        }),
      ];
    },
  };
}
