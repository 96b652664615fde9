import type { Position } from "geojson";
import type { District } from "@/lib/contract/city";
import type { SafeArea } from "@/lib/contract/widget";
import type { Districts, Room } from "./layer";

export type Bounds = [[number, number], [number, number]];

/** Smallest box around a district, or around all of them. */
export function boundsOf(districts: Districts, adcode?: string): Bounds {
  const bounds: Bounds = [
    [180, 90],
    [-180, -90],
  ];
  for (const feature of districts.features) {
    if (adcode && feature.properties.adcode !== adcode) continue;
    for (const polygon of feature.geometry.coordinates) {
      for (const [lon = 0, lat = 0] of polygon[0] ?? []) {
        bounds[0] = [Math.min(bounds[0][0], lon), Math.min(bounds[0][1], lat)];
        bounds[1] = [Math.max(bounds[1][0], lon), Math.max(bounds[1][1], lat)];
      }
    }
  }
  return bounds;
}

export interface Padding {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Room around what a map shows: what its safe area leaves, and a little more. @param size of the map, @param edge px */
export function paddingOf(size: { width: number; height: number }, edge: number, safe?: SafeArea): Padding {
  const { left, top, right, bottom } = safe ?? { left: 0, top: 0, right: 0, bottom: 0 };
  const across = (part: number): number => Math.round(part * size.width + edge);
  const down = (part: number): number => Math.round(part * size.height + edge);
  return { left: across(left), right: across(right), top: down(top), bottom: down(bottom) };
}

/** The part of a map that nothing lies over, CSS pixels from its left and top. */
export function roomIn(size: { width: number; height: number }, safe?: SafeArea): Room {
  const { left, top, right, bottom } = paddingOf(size, 0, safe);
  return { left, top, right: size.width - right, bottom: size.height - bottom };
}

function inRing(lon: number, lat: number, ring: Position[]): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** adcode of the district at a point (even-odd rule, holes respected); null outside. */
export function districtAt(districts: Districts, lon: number, lat: number): string | null {
  const hit = districts.features.find((feature) =>
    feature.geometry.coordinates.some((polygon) => polygon.filter((ring) => inRing(lon, lat, ring)).length % 2 === 1),
  );
  return hit?.properties.adcode ?? null;
}

/** Degrees around a point on the map within which a seat is meant. */
const SEAT_REACH = 0.05;

/** adcode of the seat nearest to a point, for places whose districts have no outlines; null where none is near. */
export function seatAt(places: District[], lon: number, lat: number): string | null {
  let best: string | null = null;
  let least = SEAT_REACH;
  for (const { adcode, seat } of places) {
    const far = Math.hypot((seat[0] - lon) * Math.cos((lat * Math.PI) / 180), seat[1] - lat);
    if (far < least) [best, least] = [adcode, far];
  }
  return best;
}

/** What to show of a place that has no outline of its own: a box around its seat. */
export function boundsAround([lon, lat]: [number, number]): Bounds {
  return [
    [lon - SEAT_REACH * 1.6, lat - SEAT_REACH],
    [lon + SEAT_REACH * 1.6, lat + SEAT_REACH],
  ];
}

export type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

const DIRECTIONS: Record<Arrow, [number, number]> = {
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/**
 * The district an arrow leads to: nearest seat roughly in that direction, sideways distance counting double.
 * Where there is none it wraps to the farthest on the other side; from nothing it is the first.
 */
export function neighbour(places: District[], from: string | null, arrow: Arrow): string | null {
  const start = places.find((district) => district.adcode === from);
  if (!start) return places[0]?.adcode ?? null;
  const [dx, dy] = DIRECTIONS[arrow];
  const others = places
    .filter((district) => district !== start)
    .map((district) => {
      const x = district.seat[0] - start.seat[0];
      const y = district.seat[1] - start.seat[1];
      return { adcode: district.adcode, ahead: x * dx + y * dy, aside: Math.abs(x * dy) + Math.abs(y * dx) };
    });
  const ahead = others
    .filter((other) => other.ahead > 0.01)
    .sort((a, b) => a.ahead + 2 * a.aside - (b.ahead + 2 * b.aside));
  const straight = ahead.find((other) => other.aside <= other.ahead * 1.5);
  const wrapped = [...others].sort((a, b) => a.ahead - b.ahead);
  return (straight ?? ahead[0] ?? wrapped[0])?.adcode ?? start.adcode;
}

/** Frames a second worth drawing for motion of so many pixels a second: a step of a third of a pixel is not seen. */
export function framesFor(pixelsPerSecond: number): number {
  return pixelsPerSecond <= 0 ? 0 : Math.min(30, Math.max(1, pixelsPerSecond * 3));
}
