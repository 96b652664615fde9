import { paceOf } from "@/lib/contract/widget";
import { positionsTopic } from "@/lib/contract/topics";
import { aliveSince, positionsOf } from "@/lib/live/read-metric";
import { palette } from "@/components/ui/theme";
import type { LayerContext, MapLayer } from "../../layer";
import { paintRow } from "../../marks/atlas";
import { MarkLayer } from "../../marks/mark-layer";
import type { VehiclesSettings } from "./definition";
import { interpolate, makeDrawn, TALL, type Frames } from "./vehicles-option";

/** Of a picture, rem: half of it is the trail. */
const HEIGHT = 1.8;
/** Fastest a vehicle in a city goes, m/s: decides how often the map has to move. */
const CITY_SPEED = 18;

/** A thing in the middle of its picture, with a trail below that grows thin and fades. */
function paintThing(context: CanvasRenderingContext2D, trailing: boolean): void {
  const { vehicle, "vehicle-edge": edge } = palette();
  const [middle, foot] = [32 * TALL, 64 * TALL - 4];
  if (trailing) {
    const fading = context.createLinearGradient(0, middle, 0, foot);
    fading.addColorStop(0, vehicle);
    // The same colour, with nothing left of it.
    fading.addColorStop(1, `${vehicle}00`);
    context.fillStyle = fading;
    context.beginPath();
    context.moveTo(15, middle);
    context.lineTo(32, foot);
    context.lineTo(49, middle);
    context.fill();
  }
  context.beginPath();
  context.arc(32, middle, 19, 0, 2 * Math.PI);
  Object.assign(context, { fillStyle: vehicle, strokeStyle: edge, lineWidth: 7 });
  context.fill();
  context.stroke();
}

/** With its trail, and standing. @param height CSS pixels */
function paintPictures(height: number): { canvas: HTMLCanvasElement; frames: Frames } {
  const { canvas, frames } = paintRow(2, height / TALL, (context, i) => paintThing(context, i === 0), TALL);
  return { canvas, frames: { moving: frames[0] ?? [0, 0, 1, 1], standing: frames[1] ?? [0, 0, 1, 1] } };
}

export default function make(settings: VehiclesSettings, context: LayerContext): MapLayer {
  const topic = positionsTopic(context.city.id, settings.layer);
  const pace = paceOf(context.city, topic);
  let height = context.rem() * HEIGHT;
  let drawn = makeDrawn(0, height, [0, 0]);
  let drawnAt = 0;
  let pictures = paintPictures(height);
  let paintedWith = palette().key;
  return {
    draw(now) {
      const next = context.rem() * HEIGHT;
      const { key } = palette();
      if (next !== height || key !== paintedWith) pictures = paintPictures(next);
      paintedWith = key;
      height = next;
      const state = positionsOf(context.live, topic);
      if (state && context.live.connected()) {
        drawnAt = now;
        const limit = now - aliveSince(context.live, context.city, topic);
        const telling = { now, interval: pace.interval * 1000, limit, height, frames: pictures.frames };
        drawn = interpolate(state, telling, drawn);
      }
      return [
        new MarkLayer({
          id: "vehicles",
          marks: drawn.columns,
          marksKey: String(drawn.pictures),
          placesKey: drawnAt,
          atlas: pictures.canvas,
        }),
      ];
    },
    motion: () => CITY_SPEED / context.metresPerPixel(),
  };
}
