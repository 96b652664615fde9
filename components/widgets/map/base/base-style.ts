import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { BaseMap } from "@/lib/contract/base-map";
import type { BaseColors } from "./base-colors";
import { lineLayers } from "./base-lines";
import { nameLayers } from "./base-names";
import { ANCHORS, drawingOf, PREFIX, sourceId, zoomOn, type BaseLook, type Drawing } from "./drawing";

const hidden = (id: string): LayerSpecification => ({ id, type: "background", layout: { visibility: "none" } });

/** The sources of a place's archives. @param address of an archive's tiles, by its kind, with `{z}`, `{x}` and `{y}` */
export function baseSources(
  maps: readonly BaseMap[],
  address: (map: BaseMap) => string,
): Record<string, SourceSpecification> {
  const sources = maps.map((map): [string, SourceSpecification] => {
    const { kind, bounds, minZoom: minzoom, maxZoom: maxzoom, tileSize = 256, encoding = "terrarium" } = map;
    const tiles = { tiles: [address(map)], bounds, minzoom, maxzoom };
    if (kind === "vector") return [sourceId(map), { type: "vector", ...tiles }];
    if (kind === "raster") return [sourceId(map), { type: "raster", tileSize, ...tiles }];
    return [sourceId(map), { type: "raster-dem", tileSize, encoding, ...tiles }];
  });
  return Object.fromEntries(sources);
}

function pictureLayer(map: BaseMap, { picture }: BaseColors): LayerSpecification {
  return {
    id: sourceId(map),
    type: "raster",
    source: sourceId(map),
    paint: {
      "raster-saturation": picture.saturation,
      "raster-brightness-min": picture.darkest,
      "raster-brightness-max": picture.brightest,
      "raster-contrast": picture.contrast,
      "raster-opacity": picture.opacity,
      "raster-fade-duration": 0,
    },
  };
}

function reliefLayer(map: BaseMap, { hill }: BaseColors): LayerSpecification {
  return {
    id: sourceId(map),
    type: "hillshade",
    source: sourceId(map),
    paint: {
      "hillshade-exaggeration": 0.25,
      "hillshade-shadow-color": hill.shadow,
      "hillshade-accent-color": hill.shadow,
      "hillshade-highlight-color": hill.light,
    },
  };
}

function area(drawing: Drawing, role: "park" | "water" | "building"): LayerSpecification[] {
  const from = drawing.of(role);
  if (!from) return [];
  const { base } = drawing;
  const id = `${PREFIX}${role}`;
  if (role !== "building") return [{ id, type: "fill", ...from, paint: { "fill-color": base[role] } }];
  const paint = { "fill-color": base.building, "fill-opacity": 0.55, "fill-antialias": false };
  return [{ id, type: "fill", ...from, minzoom: zoomOn(drawing, 13), paint }];
}

/**
 * The layers of a place's archives, from the lowest: areas first, then, over what fills the districts, water and lines, then names.
 * Districts are filled without anything shining through, as a shade of a class would be taken for another. Land is what the map has
 * drawn already: one schema has it as a shape and another as all that is not water, and an archive ends somewhere.
 */
export function baseLayers(maps: readonly BaseMap[], look: BaseLook): LayerSpecification[] {
  const byKind = (kind: BaseMap["kind"]): BaseMap | undefined => maps.find((map) => map.kind === kind);
  const [vector, raster, relief] = [byKind("vector"), byKind("raster"), byKind("relief")];
  const drawing = drawingOf(vector, look);
  const areas = raster === undefined && vector !== undefined;
  return [
    hidden(ANCHORS.land),
    ...(raster ? [pictureLayer(raster, drawing.base)] : []),
    ...(areas ? [...area(drawing, "park"), ...area(drawing, "building")] : []),
    ...(relief ? [reliefLayer(relief, drawing.base)] : []),
    hidden(ANCHORS.fill),
    ...(areas ? area(drawing, "water") : []),
    ...(vector ? lineLayers(drawing) : []),
    hidden(ANCHORS.outlines),
    ...(vector ? nameLayers(drawing) : []),
  ];
}
