import { LngLat, type Map as MapLibre, type MapOptions } from "maplibre-gl";
import { after } from "@/lib/clock";
import { heldWithin, NEAREST, type View } from "./camera-option";
import { placeOfWorld, worldPlace } from "./flat/flat-mesh";
import type { Bounds, Padding } from "./map-option";

/** A wall shows the whole again when no hand has touched its map for so long, ms. */
export const REST = 60_000;
/** ms that a flight takes; and after which it is over although the map has not said so. */
const FLIGHT = 700;
const FLOWN = 1_000;
/** ms of a step by key. */
const STEP = 250;

/** What the camera needs to know of the page. */
interface CameraWishes {
  bounds: Bounds;
  /** what is left around a part that is shown */
  padding: (bounds: Bounds) => Padding;
  pitch: number;
  /** whether nothing may move by itself */
  still: () => boolean;
  /** the view is another one */
  onMove: () => void;
}

export interface Camera {
  /** whether the whole is shown */
  home(): boolean;
  goHome(): void;
  /** @param by zooms, nearer where it is more than 0 */
  zoom(by: number): void;
  /** how near a hand may come, as MapLibre counts zooms */
  nearest(): number;
  closer(at: readonly [number, number], zoom: number): void;
  /** @param then when it is there */
  fly(bounds: Bounds, then: () => void): void;
  close(): void;
}

/** How a camera holds its map: given to the map when it is made, before there is a camera. */
export interface Hold {
  constrain: NonNullable<MapOptions["transformConstrain"]>;
  /** the view of the whole and the canvas it was for; null while that is being found */
  whole: { view: View; width: number; height: number } | null;
}

/** Lets everything pass until the view of the whole is known. */
export function makeHold(): Hold {
  const hold: Hold = {
    whole: null,
    constrain: (center, zoom) => {
      if (!hold.whole) return { center, zoom };
      const [x, y] = worldPlace([center.lng, center.lat]);
      const held = heldWithin(hold.whole.view, hold.whole, { x, y, zoom });
      if (held.x === x && held.y === y) return { center, zoom: held.zoom };
      const [lng, lat] = placeOfWorld(held.x, held.y);
      return { center: new LngLat(lng, lat), zoom: held.zoom };
    },
  };
  return hold;
}

/** Moves a map by hand, keeps it where its place is, and brings it back to the whole. */
export function makeCamera(map: MapLibre, hold: Hold, wishes: CameraWishes): Camera {
  let rest = (): void => {};
  const viewNow = (): View => {
    const { lng, lat } = map.getCenter();
    const [x, y] = worldPlace([lng, lat]);
    return { x, y, zoom: map.getZoom() };
  };
  const note = (): void => {
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    hold.whole = { view: viewNow(), width, height };
  };
  const home = (): boolean => {
    if (!hold.whole) return true;
    const { x, y, zoom } = viewNow();
    const { view } = hold.whole;
    return Math.abs(zoom - view.zoom) < 1e-3 && Math.hypot(x - view.x, y - view.y) * 2 ** zoom < 0.5;
  };
  const duration = (ms: number): number => (wishes.still() ? 0 : ms);
  const goHome = (): void => {
    if (!hold.whole || home()) return;
    const { x, y, zoom } = hold.whole.view;
    map.easeTo({ center: placeOfWorld(x, y), zoom, duration: duration(FLIGHT) });
  };
  const touched = (): void => {
    rest();
    rest = after(REST, goHome);
  };
  note();
  map.on("resize", () => {
    hold.whole = null;
    map.fitBounds(wishes.bounds, { padding: wishes.padding(wishes.bounds), duration: 0, pitch: wishes.pitch });
    note();
    wishes.onMove();
  });
  map.on("move", wishes.onMove);
  for (const hand of ["mousemove", "touchstart", "wheel", "movestart"] as const) map.on(hand, touched);
  return {
    home,
    goHome,
    zoom: (by) => map.easeTo({ zoom: map.getZoom() + by, duration: duration(STEP) }),
    nearest: () => (hold.whole ? hold.whole.view.zoom + NEAREST : map.getMaxZoom()),
    closer: ([lng, lat], zoom) => map.easeTo({ center: [lng, lat], zoom, duration: duration(FLIGHT) }),
    fly(bounds, then) {
      if (wishes.still()) return then();
      let there = false;
      const arrive = (): void => {
        if (!there) then();
        there = true;
      };
      map.fitBounds(bounds, { padding: wishes.padding(bounds), duration: FLIGHT, pitch: wishes.pitch });
      map.once("moveend", arrive);
      after(FLOWN, arrive);
    },
    close: () => rest(),
  };
}
