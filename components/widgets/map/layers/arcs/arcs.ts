import { readingTopic } from "@/lib/contract/topics";
import { readMetric } from "@/lib/live/read-metric";
import { palette, rgb } from "@/components/ui/theme";
import type { LayerContext, MapLayer } from "../../layer";
import { arcsOf, flowMetric, type Arc } from "./arcs-option";
import type { ArcsSettings } from "./definition";
import { FlowLayer } from "./flow-layer";
import { flowColumns, sameArcs, travel, type FlowColumns } from "./flow-option";

/** How often readings are looked at again, ms: as often as what is past its limit has to be gone. */
const EVERY = 500;
/** Frames a second of what travels: soft and slow pulses need no more, and each repaints the map. */
const FRAMES = 10;
/** Frames that a map draws for a pixel of motion (`framesFor`). */
const FRAMES_A_PIXEL = 3;

function columnsOf(arcs: readonly Arc[], top: number): FlowColumns {
  const colors = palette();
  return flowColumns(arcs, top, rgb(colors["series-2"]), rgb(colors.data));
}

/** Flows between districts: pulses that go from where a flow begins to where it ends, and a head there. */
export default function make(settings: ArcsSettings, context: LayerContext): MapLayer {
  const { city, live } = context;
  const valueOf = (from: string, to: string): number | null =>
    readMetric(live, city, readingTopic(city.id, from, flowMetric(settings.metric, to))).counted;
  let arcs: Arc[] = [];
  let flows = columnsOf(arcs, settings.top);
  let [colorKey, readAt, drawnAt] = ["", -Infinity, Infinity];
  let travelled = 0;
  const moving = (): boolean => arcs.length > 0 && live.connected() && !context.still();
  return {
    draw(now) {
      const { key, "map-halo": edge } = palette();
      const found = Math.abs(now - readAt) >= EVERY ? arcsOf(city, settings.top, valueOf) : arcs;
      if (found !== arcs) readAt = now;
      if (!sameArcs(found, arcs) || key !== colorKey) {
        arcs = found;
        flows = columnsOf(arcs, settings.top);
      }
      colorKey = key;
      if (moving()) travelled = travel(travelled, now - drawnAt);
      drawnAt = now;
      return [
        new FlowLayer({ id: "arcs", flows, unit: context.rem(), edge: rgb(edge), travelled, moving: !context.still() }),
      ];
    },
    motion: () => (moving() ? FRAMES / FRAMES_A_PIXEL : 0),
  };
}
