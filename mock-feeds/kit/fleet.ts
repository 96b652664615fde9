import type { MockPosition } from "./position";
import { chance } from "./random";

/** A road of a city's roads.geojson. */
export interface Road {
  id: string;
  from: number;
  to: number;
  kind: string;
  freeSpeed: number;
  line: [number, number][];
  /** metres from the start to each point */
  along: number[];
  length: number;
}

const METRES_PER_DEGREE = 111_320;

/** Reads the roads out of their GeoJSON text. */
export function parseRoads(text: string): Road[] {
  const { features } = JSON.parse(text) as {
    features: {
      properties: { id: string; from: number; to: number; kind: string; freeSpeed: number };
      geometry: { coordinates: [number, number][] };
    }[];
  };
  return features.map(({ properties, geometry }) => {
    const along = [0];
    geometry.coordinates.forEach(([lon, lat], i) => {
      const before = geometry.coordinates[i - 1];
      if (!before) return;
      const east = (lon - before[0]) * METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
      along.push((along[i - 1] ?? 0) + Math.hypot(east, (lat - before[1]) * METRES_PER_DEGREE));
    });
    return { ...properties, line: geometry.coordinates, along, length: along[along.length - 1] ?? 0 };
  });
}

interface Vehicle {
  id: string;
  label: string;
  road: Road;
  forward: boolean;
  metres: number;
  pace: number;
  turns: number;
}

/** Vehicles of one kind: `pace` is their part of a road's free speed. */
export interface FleetKind {
  prefix: string;
  label: string;
  count: number;
  pace: number;
}

function pointAt(road: Road, metres: number): { lon: number; lat: number; heading: number } {
  let i = 1;
  while (i < road.along.length - 1 && (road.along[i] ?? 0) < metres) i++;
  const [ax, ay] = road.line[i - 1] ?? [0, 0];
  const [bx, by] = road.line[i] ?? [0, 0];
  const start = road.along[i - 1] ?? 0;
  const part = Math.min(1, Math.max(0, (metres - start) / ((road.along[i] ?? 1) - start || 1)));
  const heading = (Math.atan2((bx - ax) * Math.cos((ay * Math.PI) / 180), by - ay) * 180) / Math.PI;
  return { lon: ax + (bx - ax) * part, lat: ay + (by - ay) * part, heading: (heading + 360) % 360 };
}

/** Vehicles that drive along the roads and pick the next road at each node. */
export class Fleet {
  private readonly vehicles: Vehicle[] = [];
  private readonly atNode = new Map<number, Road[]>();

  constructor(
    private readonly city: string,
    kinds: FleetKind[],
    private readonly seed: number,
    roads: Road[],
  ) {
    for (const road of roads)
      for (const node of [road.from, road.to]) this.atNode.set(node, [...(this.atNode.get(node) ?? []), road]);
    for (const { prefix, label, count, pace } of kinds) {
      for (let k = 0; k < count; k++) {
        const road = roadAt(roads, chance(seed, prefix, k));
        if (!road) continue;
        const metres = chance(seed, prefix, k, "m") * road.length;
        this.vehicles.push({
          id: `${prefix}-${k + 1}`,
          label: `${label}${String(k + 1).padStart(3, "0")}`,
          road,
          forward: chance(seed, prefix, k, "f") < 0.5,
          metres,
          pace,
          turns: 0,
        });
      }
    }
  }

  /** Moves everything by `seconds`; `flow` is 1 on empty roads, less in a jam. */
  step(seconds: number, flow: number): void {
    for (const vehicle of this.vehicles) {
      vehicle.metres += (speedOf(vehicle, flow) / 3.6) * seconds;
      for (let guard = 0; vehicle.metres > vehicle.road.length && guard < 20; guard++) this.turn(vehicle);
    }
  }

  private turn(vehicle: Vehicle): void {
    vehicle.metres -= vehicle.road.length;
    const node = vehicle.forward ? vehicle.road.to : vehicle.road.from;
    const all = this.atNode.get(node) ?? [vehicle.road];
    const onward = all.filter((road) => road !== vehicle.road);
    const roads = onward.length > 0 ? onward : all;
    vehicle.road = roads[Math.floor(chance(this.seed, vehicle.id, vehicle.turns++) * roads.length)] ?? vehicle.road;
    vehicle.forward = vehicle.road.from === node;
  }

  /** Where everything is now. */
  positions(at: string, flow: number): MockPosition[] {
    return this.vehicles.map((vehicle) => {
      const metres = vehicle.forward ? vehicle.metres : vehicle.road.length - vehicle.metres;
      const { lon, lat, heading } = pointAt(vehicle.road, metres);
      return {
        city: this.city,
        layer: "vehicles",
        id: vehicle.id,
        at,
        lon: Number(lon.toFixed(6)),
        lat: Number(lat.toFixed(6)),
        heading: Math.round(vehicle.forward ? heading : (heading + 180) % 360),
        speed: Math.round(speedOf(vehicle, flow)),
        label: vehicle.label,
      };
    });
  }
}

/** A road drawn by its length, so that vehicles spread over the whole network. */
function roadAt(roads: Road[], draw: number): Road | undefined {
  let left = draw * roads.reduce((sum, road) => sum + road.length, 0);
  return roads.find((road) => (left -= road.length) <= 0) ?? roads[roads.length - 1];
}

function speedOf(vehicle: Vehicle, flow: number): number {
  return vehicle.road.freeSpeed * vehicle.pace * flow;
}
