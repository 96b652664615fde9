import { placesUnder, type Lang } from "@/lib/contract/city";
import { fontFor } from "@/components/ui/fonts";
import type { LayerSettings } from "./definition";
import { neighbourNames } from "./land";
import type { Districts, MakeLayer, Roads, Surroundings } from "./layer";
import { layers as registry, type LayerType } from "./layers";
import { layerViews } from "./layers/views";
import { mapFiles } from "./map-files";
import type { MapWishes } from "./wishes";

export interface Parts {
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
export async function loadParts({ city, settings, safe, lang }: MapWishes): Promise<Parts | null> {
  const files = mapFiles(city.id, settings, safe !== undefined);
  const names = placesUnder(city, settings.subdivisions).map((d) => d.name.zh);
  const [districts, roads, surroundings, modules] = await Promise.all([
    fetchJson<Districts>(files.outlines),
    files.roads ? fetchJson<Roads>(files.roads) : null,
    files.surroundings ? loadSurroundings(files.surroundings, lang) : null,
    loadLayers(settings.layers),
    // Labels are drawn from a texture: their font has to be there first.
    fontFor('500 32px "Noto Sans SC"', names.join("")),
    fontFor('500 32px "Barlow Condensed"', "0123456789,.<-–×kMB"),
    fontFor('500 32px "Noto Sans SC"', "万亿"),
  ]);
  return districts && { districts, roads, surroundings, modules };
}
