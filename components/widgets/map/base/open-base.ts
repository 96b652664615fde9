import type { Layer } from "@deck.gl/core";
import type { GeoJSONSourceSpecification, LayerSpecification, Map as MapLibre } from "maplibre-gl";
import { after } from "@/lib/clock";
import { districtOf, type CityFacts, type Lang } from "@/lib/contract/city";
import { fontFor } from "@/components/ui/fonts";
import { palette, rem } from "@/components/ui/theme";
import type { Districts } from "../layer";
import { labelPlaces } from "../layers/outlines/outlines-option";
import { serveArchives, tileAddress } from "./archive-tiles";
import { NAME_FONT, OWN_NAMES } from "./base-names";
import { baseLayers, baseSources } from "./base-style";
import { mayShowBoundaries } from "./boundaries";
import { PREFIX } from "./drawing";
import { putUnder } from "./under";

/** The least and the most time after which tiles that could not be had are asked for again, ms. */
const AGAIN = { least: 15_000, most: 600_000 };
/** As wide as a figure that may stand beside a name. */
const FIGURE = " 00,000";

/** A base map that is drawn. */
export interface Base {
  /** the map's own layers, each where it belongs among the base map's, which is drawn anew where theme or size are others */
  under: (layers: Layer[]) => Layer[];
  close: () => void;
}

interface Ground {
  city: CityFacts;
  lang: Lang;
  districts: Districts;
}

/** Names that the map writes itself, however a base map may write them. */
function ownNames({ city }: Ground): string[] {
  const names = [city.name, ...city.districts.flatMap(({ name, short }) => [name, short])];
  return [...new Set(names.flatMap(({ zh, en }) => [zh, en]))];
}

function nameSource({ city, lang, districts }: Ground): GeoJSONSourceSpecification {
  const features = labelPlaces(districts, city, lang).map(({ adcode, text, at }) => ({
    type: "Feature" as const,
    properties: { text: districtOf(city, adcode) ? text + FIGURE : text },
    geometry: { type: "Point" as const, coordinates: at },
  }));
  return { type: "geojson", data: { type: "FeatureCollection", features } };
}

/**
 * Has the glyphs of names wait for the page's own fonts, which come in slices: MapLibre draws each once and keeps it, and one that was
 * drawn before its slice had come would stay as the system's font has it.
 */
function waitForFonts({ style: { glyphManager } }: MapLibre): void {
  const draw = glyphManager.getGlyphs.bind(glyphManager);
  const ready = new Set<string>();
  glyphManager.getGlyphs = async (asked) => {
    const signs = new Set(
      Object.values(asked).flatMap((variants) => Object.values(variants).flatMap((ids) => [...ids])),
    );
    const fresh = [...signs].filter((sign) => !ready.has(sign));
    // A slice that cannot be had keeps no name from being drawn.
    if (fresh.length > 0) await fontFor(`400 48px "${NAME_FONT}"`, fresh.join("")).catch(() => {});
    for (const sign of fresh) ready.add(sign);
    return draw(asked);
  };
}

/** What differs between two looks of the same layer is set, and nothing else. */
function turn(map: MapLibre, before: LayerSpecification, now: LayerSpecification): void {
  const differing = (a: object = {}, b: object = {}): [string, unknown][] =>
    Object.entries(b).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(a[name as never]));
  const set = { validate: false };
  for (const [name, value] of differing(before.paint, now.paint))
    map.setPaintProperty(now.id, name as never, value as never, set);
  for (const [name, value] of differing(before.layout, now.layout))
    map.setLayoutProperty(now.id, name as never, value as never, set);
  if ("minzoom" in now && "minzoom" in before && now.minzoom !== before.minzoom)
    map.setLayerZoomRange(now.id, now.minzoom ?? 0, 24);
}

/** Asks again for tiles that could not be had, later each time: the gateway may be away for a while. */
function askAgain(map: MapLibre): () => void {
  let wait = AGAIN.least;
  let stop: (() => void) | null = null;
  map.on("error", ({ error, ...about }) => {
    const source = (about as { sourceId?: string }).sourceId;
    if (!source?.startsWith(PREFIX) || stop) return;
    console.error(`base map: ${error.message}`);
    stop = after(wait, () => {
      stop = null;
      if (map.getSource(source)) map.refreshTiles(source);
    });
    wait = Math.min(AGAIN.most, wait * 2);
  });
  return () => stop?.();
}

/**
 * Draws a place's archives under a map that already shows what it is about: whatever becomes of them, that does not wait for it.
 * @param onShown called once, when all that is in sight has come
 */
export function openBase(map: MapLibre, ground: Ground, onShown: () => void): Base {
  const { city, lang } = ground;
  const maps = city.baseMaps ?? [];
  const layers = (): LayerSpecification[] => {
    const look = { colors: palette(), rem: rem(), lang, boundaries: mayShowBoundaries(city), own: ownNames(ground) };
    return baseLayers(maps, look);
  };
  const keyNow = (): string => `${palette().key} ${rem()}`;
  serveArchives();
  waitForFonts(map);
  const stop = askAgain(map);
  // deck.gl puts no layer in its place while any tile is on its way, although MapLibre would take it.
  map.isStyleLoaded = () => true;
  for (const [id, source] of Object.entries(baseSources(maps, (one) => tileAddress(city.id, one))))
    map.addSource(id, source);
  if (maps.some(({ kind }) => kind === "vector")) map.addSource(OWN_NAMES, nameSource(ground));
  const lowest = map.getLayersOrder()[0];
  let drawn = layers();
  let key = keyNow();
  for (const layer of drawn) map.addLayer(layer, lowest);
  void map.once("idle", onShown);
  return {
    under(own) {
      if (keyNow() !== key) {
        key = keyNow();
        const next = layers();
        next.forEach((layer, i) => turn(map, drawn[i] as LayerSpecification, layer));
        drawn = next;
      }
      return putUnder(own);
    },
    close: stop,
  };
}
