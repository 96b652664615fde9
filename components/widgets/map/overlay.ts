import { MapLibreOverlay } from "@deck.gl/maplibre";
import type { Layer } from "@deck.gl/core";
import type { Device } from "@luma.gl/core";
import type { Map as MapLibre } from "maplibre-gl";
import { frame } from "@/lib/clock";
import type { MapLayer } from "./layer";
import { isQualityMark } from "./quality-marks";

/** How the layers of names begin, which are drawn last. */
const LABELS = "outlines-labels";

/**
 * deck.gl over a map. `close` ends its watch over the canvas, which nothing else does: it would hold the whole map.
 * @param onReady called once, when the map shows layers that it was given: MapLibre alone would call itself idle before. A page's
 * next frame begins when the one before is on its way to the screen, which takes up to seconds where there is no graphics card.
 */
export function overlayOn(map: MapLibre, onReady: () => void) {
  let device: Device | null = null;
  let asked = false;
  let drawn = false;
  const overlay = new MapLibreOverlay({
    interleaved: true,
    layers: [],
    onDeviceInitialized: (made) => {
      device = made;
    },
    onAfterRender: () => {
      if (drawn || !asked) return;
      drawn = true;
      frame(onReady);
    },
  });
  map.addControl(overlay);
  return {
    show(layers: Layer[]): void {
      overlay.setProps({ layers });
      asked = true;
    },
    close() {
      device?.canvasContext?.destroy();
      device?.destroy();
    },
  };
}

function isName(layer: Layer): boolean {
  return layer.id.startsWith(LABELS);
}

/** What is drawn of layers, from the lowest to the highest. */
export function drawnOf(layers: MapLayer[], now: number): Layer[] {
  const drawn = layers.flatMap((layer) => layer.draw(now));
  // Names stand over everything: a place without its name is no place, and a mark is seen around it.
  const [names, marks] = [drawn.filter(isName), drawn.filter(isQualityMark)];
  const rest = drawn.filter((layer) => !isName(layer) && !isQualityMark(layer));
  return [...rest, ...marks, ...names];
}
