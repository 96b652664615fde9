import type { EventModel } from "./events";
import type { FleetKind } from "./fleet";
import type { SystemModel } from "./model";
import type { Place } from "./place";
import type { MockPosition } from "./position";

/** One place's mock feeds: what its systems say, its events, and what is on its map. */
export interface MockCity {
  place: Place;
  systems: SystemModel[];
  events?: EventModel;
  /** vehicles on the roads of the place's roads.geojson, with the speeds of the roads */
  fleet?: { system: string; kinds: FleetKind[] };
  /** things that stand still, told once a minute */
  spots?: { system: string; at: (seed: number, stamp: string, modelAt: number) => MockPosition[] }[];
}
