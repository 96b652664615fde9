import { eventsTopic } from "@/lib/contract/topics";
import { eventsOf } from "@/lib/live/read-metric";
import { rgb, SEVERITY } from "@/components/ui/theme";
import { deck } from "../../drawing";
import type { LayerContext, MapLayer } from "../../layer";
import type { EventsSettings } from "./definition";
import { marks, type Mark } from "./events-option";

const colorOf = (mark: Mark): [number, number, number] => rgb(SEVERITY[mark.severity - 1] ?? SEVERITY[0]);

export default function make(settings: EventsSettings, context: LayerContext): MapLayer {
  const topic = eventsTopic(context.city.id);
  let offset = -1;
  let epoch = -1;
  let data: Mark[] = [];
  return {
    draw() {
      const state = eventsOf(context.live, topic);
      if (state && (state.offset !== offset || state.epoch !== epoch)) {
        data = marks(state, settings.minSeverity);
        offset = state.offset;
        epoch = state.epoch;
      }
      const unit = context.rem();
      return [
        // The halo shrinks as the event moves through its stages.
        new deck.ScatterplotLayer<Mark>({
          id: "events-halo",
          data,
          radiusUnits: "pixels",
          getPosition: (m) => m.at,
          getRadius: (m) => unit * (0.45 + 0.2 * m.severity) * (1.5 - 0.7 * m.progress),
          getFillColor: (m) => [...colorOf(m), 60] as [number, number, number, number],
          updateTriggers: { getRadius: unit },
        }),
        new deck.ScatterplotLayer<Mark>({
          id: "events",
          data,
          radiusUnits: "pixels",
          stroked: true,
          lineWidthUnits: "pixels",
          getLineWidth: unit * 0.1,
          getLineColor: [11, 17, 24, 255],
          getPosition: (m) => m.at,
          getRadius: (m) => unit * (0.26 + 0.07 * m.severity),
          getFillColor: (m) => [...colorOf(m), 255] as [number, number, number, number],
          updateTriggers: { getRadius: unit, getLineWidth: unit },
        }),
      ];
    },
  };
}
