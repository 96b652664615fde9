import { paceOf } from "@/lib/contract/widget";
import { positionsTopic } from "@/lib/contract/topics";
import { aliveSince, positionsOf } from "@/lib/live/read-metric";
import { deck } from "../../drawing";
import type { LayerContext, MapLayer } from "../../layer";
import type { VehiclesSettings } from "./definition";
import { interpolate, makeDrawn } from "./vehicles-option";

const ICON = 64;

/** An arrowhead pointing north, drawn once: no picture is fetched. */
function arrowTexture(): Promise<ImageBitmap> {
  const canvas = document.createElement("canvas");
  canvas.width = ICON;
  canvas.height = ICON;
  const context = canvas.getContext("2d");
  if (context) {
    context.beginPath();
    context.moveTo(32, 6);
    context.lineTo(53, 56);
    context.lineTo(32, 45);
    context.lineTo(11, 56);
    context.closePath();
    context.fillStyle = "#f2e7c9";
    context.fill();
    context.lineWidth = 5;
    context.strokeStyle = "#0b1118";
    context.stroke();
  }
  return createImageBitmap(canvas);
}

/** Fastest a vehicle in a city goes, m/s: decides how often the map has to move. */
const CITY_SPEED = 18;

export default function make(settings: VehiclesSettings, context: LayerContext): MapLayer {
  const topic = positionsTopic(context.city.id, settings.layer);
  const pace = paceOf(context.city, topic);
  const atlas = arrowTexture();
  let drawn = makeDrawn(1024);
  return {
    draw(now) {
      const state = positionsOf(context.live, topic);
      if (state && context.live.connected())
        drawn = interpolate(
          state,
          now,
          pace.interval * 1000,
          now - aliveSince(context.live, context.city, topic),
          drawn,
        );
      const { length, positions, angles } = drawn;
      return [
        new deck.IconLayer({
          id: "vehicles",
          data: {
            length,
            attributes: { getPosition: { value: positions, size: 3 }, getAngle: { value: angles, size: 1 } },
          },
          iconAtlas: atlas as never,
          iconMapping: { arrow: { x: 0, y: 0, width: ICON, height: ICON } },
          getIcon: () => "arrow",
          getSize: context.rem() * 0.72,
          sizeUnits: "pixels",
          parameters: { depthCompare: "always" },
          updateTriggers: { getSize: context.rem() },
        }),
      ];
    },
    motion: () => CITY_SPEED / context.metresPerPixel(),
  };
}
