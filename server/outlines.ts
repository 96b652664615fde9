import gcoord from "gcoord";
import type { Position } from "geojson";
import clipping from "polygon-clipping";

/** One district's outline: polygons, each a list of rings, the outer one first. */
export interface Outline {
  adcode: string;
  name: string;
  polygons: Position[][][];
}

export interface PlacedOutline extends Outline {
  /** centre of its largest polygon, WGS-84 */
  centre: [number, number];
}

export interface OutlineFault {
  field: string;
  message: string;
}

/** Decimals of a degree that are kept: about a metre. */
const DECIMALS = 5;
/** Part of the smaller district from which an overlap is a fault and not the imprecision of two hands. */
const OVERLAP_FAULT = 0.02;
const OVERLAP_TOLD = 0.0005;

/** Rounded WGS-84 outlines; GCJ-02, the shifted system of Chinese maps, is converted once. */
export function normalised(outlines: Outline[], crs: "wgs84" | "gcj02"): Outline[] {
  const move = ([lon = NaN, lat = NaN]: Position): Position => {
    const [x, y] = crs === "gcj02" ? (gcoord.transform([lon, lat], gcoord.GCJ02, gcoord.WGS84) as [number, number]) : [lon, lat];
    return [Number(x.toFixed(DECIMALS)), Number(y.toFixed(DECIMALS))];
  };
  return outlines.map((outline) => ({ ...outline, polygons: outline.polygons.map((rings) => rings.map((ring) => ring.map(move))) }));
}

/** Signed area of a ring in square degrees; positive counterclockwise. */
function area(ring: Position[]): number {
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) sum += (ring[i]?.[0] ?? 0) * (ring[i + 1]?.[1] ?? 0) - (ring[i + 1]?.[0] ?? 0) * (ring[i]?.[1] ?? 0);
  return sum / 2;
}

function areaOf(polygons: Position[][][]): number {
  return polygons.reduce((sum, [outer = [], ...holes]) => sum + Math.abs(area(outer)) - holes.reduce((all, hole) => all + Math.abs(area(hole)), 0), 0);
}

/** Centroid of a polygon's outer ring. */
function centroid(ring: Position[]): [number, number] {
  let [x, y] = [0, 0];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [[ax = 0, ay = 0] = [], [bx = 0, by = 0] = []] = [ring[i], ring[i + 1]];
    const cross = ax * by - bx * ay;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  const by = 6 * area(ring);
  return [Number((x / by).toFixed(4)), Number((y / by).toFixed(4))];
}

function crosses([ax = 0, ay = 0]: Position, [bx = 0, by = 0]: Position, [cx = 0, cy = 0]: Position, [dx = 0, dy = 0]: Position): boolean {
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number): number => Math.sign((qx - px) * (ry - py) - (qy - py) * (rx - px));
  return side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) < 0 && side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) < 0;
}

/** First segment of a ring that crosses another one of it; -1 where none does. Segments are met in order of their west end. */
export function selfCrossing(ring: Position[]): number {
  const segments = ring.slice(0, -1).map((from, i) => {
    const to = ring[i + 1] ?? from;
    return { i, from, to, west: Math.min(from[0] ?? 0, to[0] ?? 0), east: Math.max(from[0] ?? 0, to[0] ?? 0) };
  }).sort((a, b) => a.west - b.west);
  for (let a = 0; a < segments.length; a++) {
    const one = segments[a];
    for (let b = a + 1; one && b < segments.length; b++) {
      const other = segments[b];
      if (!other || other.west > one.east) break;
      if (crosses(one.from, one.to, other.from, other.to)) return Math.min(one.i, other.i);
    }
  }
  return -1;
}

/** Closes open rings, turns them the way RFC 7946 wants, drops repeated points. Faults name the ring. */
function repaired(ring: Position[], outer: boolean, field: string, faults: OutlineFault[], warnings: string[]): Position[] {
  const points = ring.filter((point, i) => i === 0 || point[0] !== ring[i - 1]?.[0] || point[1] !== ring[i - 1]?.[1]);
  const bad = points.findIndex(([lon, lat]) => !(Math.abs(lon ?? NaN) <= 180 && Math.abs(lat ?? NaN) <= 90));
  if (bad >= 0) {
    faults.push({ field: `${field}[${bad}]`, message: `${JSON.stringify(points[bad])} is not a longitude and latitude` });
    return points;
  }
  const [first, last] = [points[0], points[points.length - 1]];
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) {
    points.push(first);
    warnings.push(`${field}: was open and has been closed`);
  }
  if (points.length < 4) {
    faults.push({ field, message: "has fewer than three corners" });
    return points;
  }
  const crossing = selfCrossing(points);
  if (crossing >= 0) faults.push({ field: `${field}[${crossing}]`, message: "the ring crosses itself here" });
  return area(points) > 0 === outer ? points : points.reverse();
}

/** Outlines made ready, with what is wrong with them (rings, codes, overlaps) and what a person should look at. */
export function checkOutlines(outlines: Outline[]): { outlines: PlacedOutline[]; faults: OutlineFault[]; warnings: string[] } {
  const faults: OutlineFault[] = [];
  const warnings: string[] = [];
  const ready = outlines.map((outline, i) => {
    const twin = outlines.findIndex((other) => other.adcode === outline.adcode);
    if (twin < i) faults.push({ field: `features[${i}].properties.adcode`, message: `"${outline.adcode}" is that of features[${twin}] as well` });
    const polygons = outline.polygons.map((rings, p) => rings.map((ring, r) => repaired(ring, r === 0, `features[${i}] (${outline.name}) polygon ${p} ring ${r}`, faults, warnings)));
    const largest = polygons.map(([ring = []]) => ring).reduce((best, ring) => (Math.abs(area(ring)) > Math.abs(area(best)) ? ring : best), []);
    return { ...outline, polygons, centre: centroid(largest) };
  });
  if (faults.length === 0) overlaps(ready, faults, warnings);
  return { outlines: ready, faults, warnings };
}

function overlaps(outlines: Outline[], faults: OutlineFault[], warnings: string[]): void {
  for (const [i, a] of outlines.entries()) {
    for (const b of outlines.slice(i + 1)) {
      const shared = clipping.intersection(a.polygons as clipping.MultiPolygon, b.polygons as clipping.MultiPolygon);
      const part = areaOf(shared) / Math.min(areaOf(a.polygons), areaOf(b.polygons));
      if (part > OVERLAP_FAULT) faults.push({ field: `features[${i}] (${a.name})`, message: `overlaps ${b.name} by ${(part * 100).toFixed(1)} % of the smaller one` });
      else if (part > OVERLAP_TOLD) warnings.push(`${a.name} and ${b.name} overlap by ${(part * 100).toFixed(2)} % of the smaller one`);
    }
  }
}
