import { eventsTopic } from "@/lib/contract/topics";
import { eventsOf } from "@/lib/live/read-metric";
import { palette, rgb, severityColor } from "@/components/ui/theme";
import type { LayerContext, MapLayer } from "../../layer";
import { columnsOfDiscs, type MarkColumns } from "../../marks/mark-columns";
import { MarkLayer } from "../../marks/mark-layer";
import type { EventsSettings } from "./definition";
import { marks, type Mark } from "./events-option";

const colorOf = (mark: Mark): [number, number, number] => rgb(severityColor(mark.severity));

/** A halo, which shrinks as the event moves through its stages, and over all halos the events. @param unit CSS pixels of one rem */
function discsOf(events: Mark[], unit: number): { halos: MarkColumns; dots: MarkColumns } {
  const halos = events.map((mark) => ({
    at: mark.at,
    radius: unit * (0.45 + 0.2 * mark.severity) * (1.5 - 0.7 * mark.progress),
    fill: [...colorOf(mark), 60],
  }));
  const edge = rgb(palette()["vehicle-edge"]);
  const dots = events.map((mark) => ({
    at: mark.at,
    radius: unit * (0.26 + 0.07 * mark.severity),
    fill: colorOf(mark),
    rim: { width: unit * 0.1, color: edge },
  }));
  return { halos: columnsOfDiscs(halos), dots: columnsOfDiscs(dots) };
}

export default function make(settings: EventsSettings, context: LayerContext): MapLayer {
  const topic = eventsTopic(context.city.id);
  let key = "";
  let discs = discsOf([], 0);
  return {
    draw() {
      const state = eventsOf(context.live, topic);
      const unit = context.rem();
      const next = `${state?.epoch} ${state?.offset} ${unit} ${palette().key}`;
      if (next !== key) discs = discsOf(marks(state, settings.minSeverity), unit);
      key = next;
      return [
        new MarkLayer({ id: "events-halo", marks: discs.halos, marksKey: key }),
        new MarkLayer({ id: "events", marks: discs.dots, marksKey: key }),
      ];
    },
  };
}
