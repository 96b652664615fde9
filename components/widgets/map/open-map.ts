import { MapLibreOverlay } from "@deck.gl/maplibre";
import type { Layer } from "@deck.gl/core";
import type { Device } from "@luma.gl/core";
import { Map as MapLibre, setWorkerUrl, type LngLatBoundsLike } from "maplibre-gl";
import { frame } from "@/lib/clock";
import { districtOf, placesUnder, type CityFacts, type Lang } from "@/lib/contract/city";
import type { SafeArea } from "@/lib/contract/widget";
import type { Live } from "@/lib/live/read-metric";
import { fontFor } from "@/components/ui/fonts";
import { rem } from "@/components/ui/theme";
import { fillMetric, type LayerSettings, type MapSettings } from "./definition";
import type { Districts, LayerContext, MakeLayer, MapLayer, Picked, Roads, Room, Surroundings } from "./layer";
import { makeLand, neighbourNames } from "./land";
import { layers as registry, type LayerType } from "./layers";
import { layerViews } from "./layers/views";
import { mapFiles } from "./map-files";
import {
  boundsAround,
  boundsOf,
  districtAt,
  neighbour,
  paddingOf,
  seatAt,
  type Arrow,
  type Padding,
} from "./map-option";
import { isQualityMark } from "./quality-marks";

setWorkerUrl("/vendor/map-worker.mjs");

/** How the layers of names begin, which are drawn last. */
const LABELS = "outlines-labels";
const METRES_AT_ZOOM_0 = 78_271.5;

/** What a map shows, and whom it tells. */
export interface MapWishes {
  element: HTMLElement;
  city: CityFacts;
  lang: Lang;
  live: Live;
  settings: MapSettings;
  /** the part of it that nothing lies over */
  safe: SafeArea | undefined;
  /** something is to be drawn again */
  onChange: () => void;
  onReady: () => void;
  /** its WebGL context is gone: it has to be made anew */
  onLost: () => void;
  /** a place is to be opened */
  onOpen: (adcode: string) => void;
  /** an event is to be opened */
  onOpenEvent: (id: string) => void;
}

export interface OpenMap {
  draw(now: number): void;
  /** fastest motion on it, CSS pixels a second */
  motion(): number;
  close(): void;
}

interface Parts {
  districts: Districts;
  roads: Roads | null;
  surroundings: Surroundings | null;
  modules: { make: MakeLayer<unknown>; layer: LayerSettings }[];
}

async function fetchJson<T>(url: string): Promise<T | null> {
  const response = await fetch(url);
  return response.ok ? ((await response.json()) as T) : null;
}

async function loadLayers(asked: LayerSettings[]): Promise<{ make: MakeLayer<unknown>; layer: LayerSettings }[]> {
  const order = Object.keys(registry) as LayerType[];
  const sorted = [...asked].sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
  return Promise.all(sorted.map(async (layer) => ({ layer, make: (await layerViews[layer.type]()).default })));
}

/** The land around, and the font of its names; null where a place has none. */
async function loadSurroundings(file: string, lang: Lang): Promise<Surroundings | null> {
  const surroundings = await fetchJson<Surroundings>(file);
  await fontFor('500 32px "Noto Sans SC"', neighbourNames(surroundings, lang).join(""));
  return surroundings;
}

/** All that has to be there before a map is made; null without outlines. */
async function loadParts({ city, settings, safe, lang }: MapWishes): Promise<Parts | null> {
  const files = mapFiles(city.id, settings, safe !== undefined);
  const names = placesUnder(city, settings.subdivisions).map((d) => d.name.zh);
  const [districts, roads, surroundings, modules] = await Promise.all([
    fetchJson<Districts>(files.outlines),
    files.roads ? fetchJson<Roads>(files.roads) : null,
    files.surroundings ? loadSurroundings(files.surroundings, lang) : null,
    loadLayers(settings.layers),
    // Labels are drawn from a texture: their font has to be there first.
    fontFor('500 32px "Noto Sans SC"', names.join("")),
    fontFor('500 32px "JetBrains Mono"', "0123456789,.<-–×kMB"),
    fontFor('500 32px "Noto Sans SC"', "万亿"),
  ]);
  return districts && { districts, roads, surroundings, modules };
}

function padding({ element, safe }: MapWishes): Padding {
  return paddingOf({ width: element.clientWidth, height: element.clientHeight }, Math.round(rem() * 1.6), safe);
}

/** The part of the canvas that nothing lies over. */
function roomOf({ element, safe }: MapWishes): Room {
  const [width, height] = [element.clientWidth, element.clientHeight];
  const { left, top, right, bottom } = paddingOf({ width, height }, 0, safe);
  return { left, top, right: width - right, bottom: height - bottom };
}

/** The ground, framed, without anything on it. */
function groundMap(wishes: MapWishes, bounds: LngLatBoundsLike): MapLibre {
  const { element, city, lang, settings } = wishes;
  const map = new MapLibre({
    container: element,
    attributionControl: false,
    interactive: false,
    fadeDuration: 0,
    bounds,
    fitBoundsOptions: { padding: padding(wishes) },
    pitch: settings.pitch,
    locale: { "Map.Title": `${city.name[lang]}${lang === "zh" ? "地图" : ": map"}` },
    // The ground is the element's own colour: a layer that paints it would cover every pixel once more in each frame.
    style: { version: 8, sources: {}, layers: [] },
  });
  // A sky is painted over the whole canvas in each frame, also where the camera cannot be tilted so far that any of it is seen.
  map.painter.drawFunctions = { ...map.painter.drawFunctions, sky: () => {} };
  return map;
}

/** What can be opened at a place of the canvas, from the highest layer down. */
type Pick = (x: number, y: number) => Picked | null;

/** Lets a place be chosen with the mouse or the arrow keys, and opened. */
function selection(map: MapLibre, districts: Districts, wishes: MapWishes, pick: Pick) {
  const { element, city, settings } = wishes;
  const under = placesUnder(city, settings.subdivisions);
  const outlined = city.outlined || settings.subdivisions !== undefined;
  let selected: string | null = null;
  const choose = (adcode: string | null): void => {
    if (selected === adcode || !settings.select) return;
    selected = adcode;
    element.dataset.selected = adcode ?? "";
    wishes.onChange();
  };
  const open = (): void => {
    if (selected && settings.select) wishes.onOpen(selected);
  };
  const point = ({ lngLat: { lng, lat } }: { lngLat: { lng: number; lat: number } }): void =>
    choose(outlined ? districtAt(districts, lng, lat) : seatAt(under, lng, lat));
  map.on("mousemove", (event) => {
    point(event);
    const picked = settings.select && pick(event.point.x, event.point.y);
    element.style.cursor = selected || picked ? "pointer" : "";
  });
  map.on("mouseout", () => choose(null));
  map.on("click", (event) => {
    const picked = settings.select ? pick(event.point.x, event.point.y) : null;
    if (picked) return wishes.onOpenEvent(picked.event);
    point(event);
    open();
  });
  const onKey = (event: KeyboardEvent): void => {
    if (!settings.select || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key.startsWith("Arrow")) choose(neighbour(under, selected, event.key as Arrow));
    else if (event.key === "Enter" && selected) open();
    else if (event.key === "Escape") choose(null);
    else return;
    event.preventDefault();
  };
  window.addEventListener("keydown", onKey);
  return { selected: () => selected, close: () => window.removeEventListener("keydown", onKey) };
}

/**
 * deck.gl over a map. `close` ends its watch over the canvas, which nothing else does: it would hold the whole map.
 * @param onReady called once, when the map shows layers that it was given: MapLibre alone would call itself idle before. A page's
 * next frame begins when the one before is on its way to the screen, which takes up to seconds where there is no graphics card.
 */
function overlayOn(map: MapLibre, onReady: () => void) {
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
function drawnOf(layers: MapLayer[], now: number): Layer[] {
  const drawn = layers.flatMap((layer) => layer.draw(now));
  // Names stand over everything: a place without its name is no place, and a mark is seen around it.
  const [names, marks] = [drawn.filter(isName), drawn.filter(isQualityMark)];
  const rest = drawn.filter((layer) => !isName(layer) && !isQualityMark(layer));
  return [...rest, ...marks, ...names];
}

/**
 * Makes a map with its layers; null where there is nothing to make it of, or nobody wants it any more by then.
 * @param gone whether it is still wanted
 */
export async function openMap(wishes: MapWishes, gone: () => boolean): Promise<OpenMap | null> {
  const { city, lang, live, settings } = wishes;
  const parts = await loadParts(wishes);
  if (gone() || !parts) return null;
  const { districts, roads, surroundings, modules } = parts;
  const outlined = city.outlined || settings.subdivisions !== undefined;
  const alone = outlined ? undefined : districtOf(city, settings.focus ?? "");
  const bounds = alone ? boundsAround(alone.seat) : boundsOf(districts, settings.focus);
  const map = groundMap(wishes, bounds);
  const overlay = overlayOn(map, wishes.onReady);
  const layers: MapLayer[] = [];
  const pick: Pick = (x, y) => layers.reduce<Picked | null>((found, layer) => layer.pick?.(x, y) ?? found, null);
  const chosen = selection(map, districts, wishes, pick);
  let room: Room | null = roomOf(wishes);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const context: LayerContext = {
    city,
    lang,
    live,
    districts,
    roads,
    rem,
    fill: fillMetric(settings),
    project: (at) => {
      const { x, y } = map.project([at[0], at[1]]);
      return [x, y];
    },
    room: () => room,
    still: () => calm.matches,
    selected: () => chosen.selected() ?? settings.focus ?? null,
    zoom: () => map.getZoom(),
    metresPerPixel: () => (METRES_AT_ZOOM_0 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom(),
  };
  map.on("resize", () => {
    room = roomOf(wishes);
    map.fitBounds(bounds, { padding: padding(wishes), duration: 0, pitch: settings.pitch });
    wishes.onChange();
  });
  map.getCanvas().addEventListener("webglcontextlost", (event) => {
    // Taking a map down loses its context as well; that one is not to be recovered.
    if (gone()) return;
    event.preventDefault();
    wishes.onLost();
  });
  const land = makeLand({ districts, surroundings, place: city.adcode, lang }, settings.layers, rem);
  layers.push(...modules.map(({ make, layer }) => make(layer, context)));
  return {
    draw: (now) => overlay.show([...land(), ...drawnOf(layers, now)]),
    motion: () => Math.max(0, ...layers.map((layer) => layer.motion?.() ?? 0)),
    close() {
      chosen.close();
      map.remove();
      overlay.close();
    },
  };
}
