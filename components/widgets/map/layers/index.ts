import type { LayerDefinition, MakeLayer } from "../layer";
import { definition as arcs } from "./arcs/definition";
import { definition as columns } from "./columns/definition";
import { definition as density } from "./density/definition";
import { definition as districtFill } from "./district-fill/definition";
import { definition as events } from "./events/definition";
import { definition as outlines } from "./outlines/definition";
import { definition as points } from "./points/definition";
import { definition as roads } from "./roads/definition";
import { definition as vehicles } from "./vehicles/definition";

export interface LayerEntry {
  definition: LayerDefinition;
  load: () => Promise<{ default: MakeLayer<unknown> }>;
}

/** Checks that a layer takes its definition's settings, then forgets which they are. */
function layer<S>(definition: LayerDefinition<S>, load: () => Promise<{ default: MakeLayer<S> }>): LayerEntry {
  return { definition, load } as unknown as LayerEntry;
}

/** Every map layer, one line each. Their order is the order in which they are drawn. */
export const layers = {
  "district-fill": layer(districtFill, () => import("./district-fill/district-fill")),
  density: layer(density, () => import("./density/density")),
  roads: layer(roads, () => import("./roads/roads")),
  columns: layer(columns, () => import("./columns/columns")),
  arcs: layer(arcs, () => import("./arcs/arcs")),
  points: layer(points, () => import("./points/points")),
  vehicles: layer(vehicles, () => import("./vehicles/vehicles")),
  outlines: layer(outlines, () => import("./outlines/outlines")),
  events: layer(events, () => import("./events/events")),
};

export type LayerType = keyof typeof layers;
