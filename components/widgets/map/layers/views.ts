import type { MakeLayer } from "../layer";
import type { LayerType } from "./index";

/** Checks that a layer's module makes something, then forgets its settings: maps name layers by string. */
function view<S>(load: () => Promise<{ default: MakeLayer<S> }>): () => Promise<{ default: MakeLayer<unknown> }> {
  return load as () => Promise<{ default: MakeLayer<unknown> }>;
}

/**
 * How every map layer is drawn, one line each. Apart from the definitions, which every page has: asked for by a map alone, a
 * layer's script comes without what the map's own has already.
 */
export const layerViews: Record<LayerType, () => Promise<{ default: MakeLayer<unknown> }>> = {
  "district-fill": view(() => import("./district-fill/district-fill")),
  density: view(() => import("./density/density")),
  roads: view(() => import("./roads/roads")),
  columns: view(() => import("./columns/columns")),
  arcs: view(() => import("./arcs/arcs")),
  points: view(() => import("./points/points")),
  vehicles: view(() => import("./vehicles/vehicles")),
  outlines: view(() => import("./outlines/outlines")),
  events: view(() => import("./events/events")),
};
