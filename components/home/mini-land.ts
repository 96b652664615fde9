import type { Position } from "geojson";
import type { Districts } from "@/components/widgets/map/layer";
import { boundsOf } from "@/components/widgets/map/map-option";
import { SIDE } from "./mini-drawing";

/** A district of a small picture: its outlines as a path. */
export interface Shape {
  adcode: string;
  path: string;
}

/** Parts of the square that outlines are told apart by: finer is not seen in a picture. */
const GRAIN = 4;

/** A ring's places on the square's grain, each once; null of an island too small to be seen. */
function ringPath(ring: Position[], place: (position: Position) => [number, number]): string | null {
  const points = ring.map(place).filter(([x, y], i, all) => i === 0 || x !== all[i - 1]?.[0] || y !== all[i - 1]?.[1]);
  return points.length < 4 ? null : `M${points.map(([x, y]) => `${x} ${y}`).join("L")}Z`;
}

/** Districts' outlines as paths in a square of `SIDE`, which they fill in one direction; north is up, and no side is stretched. */
export function landShapes(outlines: Districts): Shape[] {
  const [[west, south], [east, north]] = boundsOf(outlines);
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const [width, height] = [(east - west) * narrow, north - south];
  const scale = SIDE / Math.max(width, height);
  const [left, top] = [(SIDE - width * scale) / 2, (SIDE - height * scale) / 2];
  const grain = (value: number): number => Math.round(value * GRAIN) / GRAIN;
  const place = ([lon = 0, lat = 0]: Position): [number, number] => [
    grain(left + (lon - west) * narrow * scale),
    grain(top + (north - lat) * scale),
  ];
  return outlines.features.map(({ properties: { adcode }, geometry }) => ({
    adcode,
    path: geometry.coordinates.flatMap((rings) => ringPath(rings[0] ?? [], place) ?? []).join(""),
  }));
}

const asked = new Map<string, Promise<Shape[]>>();

/** The outlines at an address as paths, asked for once a page; none where they cannot be had, and the next asks again. */
export function shapesAt(address: string): Promise<Shape[]> {
  const known = asked.get(address);
  if (known) return known;
  const shapes = fetch(address)
    .then(async (response) => (response.ok ? landShapes((await response.json()) as Districts) : []))
    .catch(() => []);
  asked.set(address, shapes);
  void shapes.then(({ length }) => length > 0 || asked.delete(address));
  return shapes;
}
