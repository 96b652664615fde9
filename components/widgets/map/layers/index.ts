import { definition as arcs } from "./arcs/definition";
import { definition as columns } from "./columns/definition";
import { definition as density } from "./density/definition";
import { definition as districtFill } from "./district-fill/definition";
import { definition as events } from "./events/definition";
import { definition as outlines } from "./outlines/definition";
import { definition as points } from "./points/definition";
import { definition as roads } from "./roads/definition";
import { definition as vehicles } from "./vehicles/definition";

/** What every map layer is, one line each. Their order is the order in which they are drawn; views.ts has how. */
export const layers = {
  "district-fill": districtFill,
  density,
  roads,
  columns,
  arcs,
  vehicles,
  outlines,
  points,
  events,
};

export type LayerType = keyof typeof layers;
