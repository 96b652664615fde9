import type { Tile } from "@/lib/contract/screens";

interface Asked {
  subdivisions?: string | undefined;
  layers: { type: string }[];
}

interface Files {
  outlines: string;
  roads: string | null;
  surroundings: string | null;
}

/**
 * Addresses of what a map needs before it can be drawn: outlines, roads where a layer shows them, and the land around on a backdrop,
 * where it is seen.
 */
export function mapFiles(city: string, { subdivisions, layers }: Asked, isBackdrop: boolean): Files {
  const folder = `/api/v1/cities/${city}`;
  return {
    outlines: `${folder}/${subdivisions ? `subdivisions/${subdivisions}` : "districts"}.geojson`,
    roads: layers.some((layer) => layer.type === "roads") ? `${folder}/roads.geojson` : null,
    surroundings: isBackdrop && !subdivisions ? `${folder}/surroundings.geojson` : null,
  };
}

/** What a tile's settings say of its map's layers; none where it is no map. */
export function layersOf({ widget, settings }: Tile): { type: string }[] {
  return widget === "map" && Array.isArray(settings.layers) ? (settings.layers as { type: string }[]) : [];
}

/** Addresses that the maps among tiles will ask for, so that a page can say so before its scripts are there. */
export function filesOfMaps(city: string, tiles: Tile[]): string[] {
  const files = tiles
    .filter((tile) => layersOf(tile).length > 0)
    .map((tile) =>
      mapFiles(
        city,
        { subdivisions: tile.settings.subdivisions as string | undefined, layers: layersOf(tile) },
        tile.backdrop === true,
      ),
    );
  const addresses = files.flatMap(({ outlines, roads, surroundings }) => [outlines, roads, surroundings]);
  return [...new Set(addresses.filter((address) => address !== null))];
}
