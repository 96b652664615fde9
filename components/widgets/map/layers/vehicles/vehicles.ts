import { paceOf } from "@/lib/contract/widget";
import { positionsTopic } from "@/lib/contract/topics";
import { aliveSince, positionsOf } from "@/lib/live/read-metric";
import { palette } from "@/components/ui/theme";
import type { LayerContext, MapLayer } from "../../layer";
import { paintSquare } from "../../marks/atlas";
import { MarkLayer } from "../../marks/mark-layer";
import type { VehiclesSettings } from "./definition";
import { interpolate, makeDrawn } from "./vehicles-option";

/** An arrowhead pointing north. */
function paintArrow(context: CanvasRenderingContext2D): void {
  context.beginPath();
  context.moveTo(32, 6);
  context.lineTo(53, 56);
  context.lineTo(32, 45);
  context.lineTo(11, 56);
  context.closePath();
  context.fillStyle = palette().vehicle;
  context.fill();
  context.lineWidth = 5;
  context.strokeStyle = palette()["vehicle-edge"];
  context.stroke();
}

/** Fastest a vehicle in a city goes, m/s: decides how often the map has to move. */
const CITY_SPEED = 18;

export default function make(settings: VehiclesSettings, context: LayerContext): MapLayer {
  const topic = positionsTopic(context.city.id, settings.layer);
  const pace = paceOf(context.city, topic);
  let size = context.rem() * 0.72;
  let drawn = makeDrawn(0, size, [0, 0]);
  let drawnAt = 0;
  let atlas = paintSquare(size, paintArrow);
  let paintedWith = palette().key;
  return {
    draw(now) {
      const next = context.rem() * 0.72;
      const { key } = palette();
      if (next !== size || key !== paintedWith) atlas = paintSquare(next, paintArrow);
      paintedWith = key;
      size = next;
      const state = positionsOf(context.live, topic);
      if (state && context.live.connected()) {
        drawnAt = now;
        drawn = interpolate(
          state,
          now,
          pace.interval * 1000,
          now - aliveSince(context.live, context.city, topic),
          size,
          drawn,
        );
      }
      return [new MarkLayer({ id: "vehicles", marks: drawn, marksKey: "", placesKey: drawnAt, atlas })];
    },
    motion: () => CITY_SPEED / context.metresPerPixel(),
  };
}
