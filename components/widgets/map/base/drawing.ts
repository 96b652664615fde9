import type { ExpressionSpecification } from "maplibre-gl";
import type { BaseMap } from "@/lib/contract/base-map";
import type { Lang } from "@/lib/contract/city";
import type { Palette } from "@/components/ui/theme";
import { baseColors, type BaseColors } from "./base-colors";
import { roleOf, type Role } from "./vector-roles";

/** Sources and layers of a base map are called so: nothing else of a map is. */
export const PREFIX = "base-";
/** Layers that paint nothing: what is ours is put under them. In the order in which they are drawn. */
export const ANCHORS = {
  land: `${PREFIX}over-land`,
  fill: `${PREFIX}over-areas`,
  outlines: `${PREFIX}over-lines`,
} as const;

/** What a base map is drawn by besides its archives. */
export interface BaseLook {
  colors: Palette;
  /** CSS pixels of one rem */
  rem: number;
  lang: Lang;
  /** whether boundaries may be drawn that nobody here has reviewed */
  boundaries: boolean;
  /** names that the map writes itself, in all languages */
  own: readonly string[];
}

/** What the functions of this folder need to know of a vector archive to draw a part of it. */
export interface Drawing extends BaseLook {
  base: BaseColors;
  /** zooms by which a larger screen, whose type is larger, sees less at a time */
  later: number;
  of: (role: Role) => { source: string; "source-layer": string; filter: ExpressionSpecification } | null;
}

/** Type is 16 pixels high where a map is as detailed as the zooms here say. */
const USUAL_REM = 16;
/** Zooms of MapLibre end here. */
const LAST_ZOOM = 24;

/** A zoom of the usual screen on this one, within what MapLibre knows. */
export function zoomOn({ later }: Pick<Drawing, "later">, zoom: number): number {
  return Math.max(0, Math.min(LAST_ZOOM, zoom + later));
}

/** What an archive's source is called. */
export const sourceId = ({ kind }: BaseMap): string => `${PREFIX}${kind}`;
/** All that a vector archive is drawn by. */
export function drawingOf(vector: BaseMap | undefined, look: BaseLook): Drawing {
  return {
    ...look,
    base: baseColors(look.colors),
    later: Math.log2(look.rem / USUAL_REM),
    of: (role) => {
      const found = vector?.schema && roleOf(vector.schema, role);
      return found ? { source: sourceId(vector), "source-layer": found.layer, filter: found.filter } : null;
    },
  };
}
