import type { LayerDefinition } from "../layer";
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
}

/** Forgets which settings a layer takes. */
function layer<S>(definition: LayerDefinition<S>): LayerEntry {
  return { definition };
}

/** Every map layer, one line each. Their order is the order in which they are drawn; views.ts has how. */
export const layers = {
  "district-fill": layer(districtFill),
  density: layer(density),
  roads: layer(roads),
  columns: layer(columns),
  arcs: layer(arcs),
  points: layer(points),
  vehicles: layer(vehicles),
  outlines: layer(outlines),
  events: layer(events),
};

export type LayerType = keyof typeof layers;
