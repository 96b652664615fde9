import { Map as MapLibre, setWorkerUrl } from "maplibre-gl";
import { districtOf } from "@/lib/contract/city";
import { rem } from "@/components/ui/theme";
import { baseLater } from "./base-later";
import { makeCamera, makeHold, type Hold } from "./camera";
import { watchCovers } from "./covers";
import { fillMetric } from "./definition";
import { makeLand } from "./land";
import type { LayerContext, MapLayer, Picked, Room } from "./layer";
import { boundsAround, boundsOf, paddingOf, roomIn, type Bounds, type Padding } from "./map-option";
import { loadParts, type Parts } from "./map-parts";
import { drawnOf, overlayOn } from "./overlay";
import { raised } from "./raised-option";
import { selection } from "./selection";
import type { MapWishes, OpenMap } from "./wishes";

setWorkerUrl("/vendor/map-worker.mjs");

/** Height of the notice's line, rem. */
const NOTICE = 1.6;
const METRES_AT_ZOOM_0 = 78_271.5;

function sizeOf({ element }: MapWishes): { width: number; height: number } {
  return { width: element.clientWidth, height: element.clientHeight };
}

/** Height of a legend with all its parts, rem. */
const RAISED = 14;

function padding(wishes: MapWishes, bounds: Bounds): Padding {
  const size = sizeOf(wishes);
  const around = paddingOf(size, Math.round(rem() * 1.6), wishes.safe);
  return wishes.settings.pitch === 0 ? raised(around, size, bounds, RAISED * rem()) : around;
}

/** The part of a map in which names stand: not where the notice about its review does. */
function roomOfNames(wishes: MapWishes): Room {
  const room = roomIn(sizeOf(wishes), wishes.safe);
  return { ...room, bottom: room.bottom - NOTICE * rem() };
}

function pageScrolls(): boolean {
  const { scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight > clientHeight + 1;
}

/** The ground, framed, without anything on it. */
function groundMap(wishes: MapWishes, bounds: Bounds, { constrain }: Hold): MapLibre {
  const { element, city, lang, settings } = wishes;
  const map = new MapLibre({
    container: element,
    attributionControl: false,
    // A wheel that turns a page must not stop at a map on it.
    interactive: settings.select && !pageScrolls(),
    boxZoom: false,
    doubleClickZoom: false,
    dragRotate: false,
    keyboard: false,
    touchPitch: false,
    transformConstrain: constrain,
    fadeDuration: 0,
    bounds,
    fitBoundsOptions: { padding: padding(wishes, bounds) },
    pitch: settings.pitch,
    locale: { "Map.Title": `${city.name[lang]}${lang === "zh" ? "地图" : ": map"}` },
    // The ground is the element's own colour: a layer that paints it would cover every pixel once more in each frame.
    style: { version: 8, sources: {}, layers: [] },
  });
  map.touchZoomRotate.disableRotation();
  // A sky is painted over the whole canvas in each frame, also where the camera cannot be tilted so far that any of it is seen.
  map.painter.drawFunctions = { ...map.painter.drawFunctions, sky: () => {} };
  return map;
}

/** What a map frames: all of a place, or the one it is about; the seat where that has no outline. */
function boundsFor({ city, settings }: MapWishes, { districts }: Parts, adcode: string | undefined): Bounds {
  const outlined = city.outlined || settings.subdivisions !== undefined;
  const seat = outlined ? undefined : districtOf(city, adcode ?? "")?.seat;
  return seat ? boundsAround(seat) : boundsOf(districts, adcode);
}

/** What layers may ask of a map. */
function contextOf(map: MapLibre, wishes: MapWishes, parts: Parts, ask: Asked): LayerContext {
  const { city, lang, live, settings } = wishes;
  return {
    city,
    lang,
    live,
    districts: parts.districts,
    roads: parts.roads,
    rem,
    fill: fillMetric(settings),
    project: (at) => {
      const { x, y } = map.project([at[0], at[1]]);
      return [x, y];
    },
    zoom: () => map.getZoom(),
    metresPerPixel: () => (METRES_AT_ZOOM_0 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom(),
    ...ask,
  };
}
type Asked = Pick<LayerContext, "room" | "still" | "occupied" | "selected">;

/** Tells when a map's context is lost. Taking a map down loses it as well; that one is not to be recovered. */
function watchContext(map: MapLibre, onLost: () => void, gone: () => boolean): void {
  map.getCanvas().addEventListener("webglcontextlost", (event) => {
    if (gone()) return;
    event.preventDefault();
    onLost();
  });
}

/**
 * Makes a map with its layers; null where there is nothing to make it of, or nobody wants it any more by then.
 * @param gone whether it is still wanted
 */
export async function openMap(wishes: MapWishes, gone: () => boolean): Promise<OpenMap | null> {
  const { city, lang, settings } = wishes;
  const parts = await loadParts(wishes);
  if (gone() || !parts) return null;
  const { districts, surroundings, modules } = parts;
  const bounds = boundsFor(wishes, parts, settings.focus);
  const hold = makeHold();
  const map = groundMap(wishes, bounds, hold);
  const base = baseLater(map, wishes, parts, gone);
  const overlay = overlayOn(map, () => {
    wishes.onReady();
    base.begin();
  });
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const still = (): boolean => calm.matches;
  const pitch = settings.pitch;
  const camera = makeCamera(map, hold, {
    bounds,
    padding: (of) => padding(wishes, of),
    pitch,
    still,
    onMove: () => {
      wishes.element.dataset.home = String(camera.home());
      wishes.onChange();
    },
  });
  const layers: MapLayer[] = [];
  const pick = (x: number, y: number): Picked | null =>
    layers.reduce<Picked | null>((found, layer) => layer.pick?.(x, y) ?? found, null);
  const open = (adcode: string): void => {
    wishes.onHover(null);
    camera.fly(boundsFor(wishes, parts, adcode), () => wishes.onOpen(adcode));
  };
  const chosen = selection({ map, districts, camera, wishes, pick, open });
  const context = contextOf(map, wishes, parts, {
    room: () => (camera.home() ? roomOfNames(wishes) : null),
    still,
    occupied: () => layers.flatMap((layer) => layer.occupied?.() ?? []),
    selected: () => chosen.selected() ?? settings.focus ?? null,
  });
  watchContext(map, wishes.onLost, gone);
  const covers = watchCovers(wishes.element, wishes.onChange);
  const ground = { districts, surroundings, place: city.adcode, lang };
  const land = makeLand(ground, settings.layers, { ...context, covers: covers.boxes });
  layers.push(...modules.map(({ make, layer }) => make(layer, context)));
  return {
    draw(now) {
      overlay.show(base.under([...land(), ...drawnOf(layers, now)]));
      chosen.refresh();
    },
    motion: () => Math.max(0, ...layers.map((layer) => layer.motion?.() ?? 0)),
    choose: chosen.choose,
    open,
    close() {
      chosen.close();
      covers.close();
      camera.close();
      base.close();
      map.remove();
      overlay.close();
    },
  };
}
