import { wander } from "./random";
import { busy } from "./rhythm";
import type { MockPosition } from "./position";
import type { Road } from "./fleet";

/** How freely traffic flows on a road: 1 = free, 0.15 = jam. */
export function flowOn(road: Road, seed: number, at: number): number {
  const load = busy("commute", at);
  const own = 0.5 + 0.5 * wander(seed, road.id, at, 1_500_000);
  const weight = road.kind === "street" ? 0.85 : 0.55;
  return Math.max(0.15, 1 - load * weight * (0.25 + 0.75 * own));
}

/** Speeds of all roads, each told at the middle of its road. */
export function roadSpeeds(city: string, roads: Road[], seed: number, modelAt: number, at: string): MockPosition[] {
  return roads.map((road) => {
    const [lon, lat] = road.line[Math.floor(road.line.length / 2)] ?? [0, 0];
    return {
      city,
      layer: "roads",
      id: road.id,
      at,
      lon,
      lat,
      heading: 0,
      speed: Math.round(road.freeSpeed * flowOn(road, seed, modelAt)),
      label: "",
    };
  });
}
