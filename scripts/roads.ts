/**
 * Makes cities/<city>/roads.geojson: a schematic road network, not a survey. No road data is on any
 * package registry, so towns are scattered inside the outlines, joined by their Gabriel graph, and each
 * seat gets a warped street grid. Seeded: the same city always gets the same roads. Rounded to 4 decimals (11 m).
 *   npx tsx scripts/roads.ts lianyungang
 */
import { readFile, writeFile } from "node:fs/promises";
import type { FeatureCollection, MultiPolygon, Position } from "geojson";

type Point = [number, number];
interface Node {
  id: number;
  at: Point;
  district: string;
}
interface City {
  adcode: string;
  bounds: [Point, Point];
  outlined?: boolean;
  districts: { adcode: string; seat: Point; population?: number }[];
}

const name = process.argv[2];
if (!name) throw new Error("usage: npx tsx scripts/roads.ts <city>");
const city = JSON.parse(await readFile(`cities/${name}/city.json`, "utf8")) as City;
const outlines = JSON.parse(await readFile(`cities/${name}/districts.geojson`, "utf8")) as FeatureCollection<
  MultiPolygon,
  { adcode: string }
>;

let seed = 20190524;
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

function inRing([x, y]: Point, ring: Position[]): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

function districtAt(point: Point): string | null {
  for (const feature of outlines.features) {
    if (feature.geometry.coordinates.some(([outer = []]) => inRing(point, outer))) return feature.properties.adcode;
  }
  return null;
}

/** East-west degrees shrink with latitude; distances are compared in degrees of latitude. */
const [[west, south], [east, north]] = city.bounds;
const SQUEEZE = Math.cos((((south + north) / 2) * Math.PI) / 180);
/** Towns are about 8 km apart in a prefecture city, nearer in a county and farther in a large one. */
const SPACING = 0.075 * Math.sqrt(((east - west) * SQUEEZE * (north - south)) / 1.37);
function distance(a: Point, b: Point): number {
  return Math.hypot((a[0] - b[0]) * SQUEEZE, a[1] - b[1]);
}

const nodes: Node[] = city.districts.map((district, id) => ({ id, at: district.seat, district: district.adcode }));
for (let tries = 0; nodes.length < 78 && tries < 20_000; tries++) {
  const at: Point = [west + random() * (east - west), south + random() * (north - south)];
  const district = districtAt(at);
  if (district && nodes.every((node) => distance(node.at, at) > SPACING))
    nodes.push({ id: nodes.length, at, district });
}

const edges: { from: Node; to: Node; kind: "trunk" | "street" }[] = [];
/** Gabriel graph: two nodes are joined when no third lies in the circle that has them as its diameter. */
function joined(a: Node, b: Node): boolean {
  const middle: Point = [(a.at[0] + b.at[0]) / 2, (a.at[1] + b.at[1]) / 2];
  const radius = distance(a.at, b.at) / 2;
  return districtAt(middle) !== null && nodes.every((c) => c === a || c === b || distance(c.at, middle) >= radius);
}

for (const a of nodes) {
  for (const b of nodes) if (b.id > a.id && joined(a, b)) edges.push({ from: a, to: b, kind: "trunk" });
}

for (const district of city.districts) {
  const size = (district.population ?? 0) > 900_000 ? 6 : 5;
  const step = Math.min(0.011, SPACING * 0.15);
  const turn = (random() - 0.5) * 0.6;
  /** A crossing of the warped grid; null outside the district. */
  const crossing = (i: number, k: number): Node | null => {
    const u = (i - (size - 1) / 2) * step + (random() - 0.5) * step * 0.35;
    const v = (k - (size - 1) / 2) * step + (random() - 0.5) * step * 0.35;
    const at: Point = [
      district.seat[0] + (u * Math.cos(turn) - v * Math.sin(turn)) / SQUEEZE,
      district.seat[1] + u * Math.sin(turn) + v * Math.cos(turn),
    ];
    if (districtAt(at) !== (city.outlined === false ? city.adcode : district.adcode)) return null;
    const node = { id: nodes.length, at, district: district.adcode };
    nodes.push(node);
    return node;
  };
  const grid = Array.from({ length: size }, (_row, i) => Array.from({ length: size }, (_column, k) => crossing(i, k)));
  const flat = grid.flat().filter((node): node is Node => node !== null);
  const seat = nodes.find((node) => node.at === district.seat);
  const nearest = flat.reduce<Node | null>(
    (best, node) => (!best || distance(node.at, district.seat) < distance(best.at, district.seat) ? node : best),
    null,
  );
  if (seat && nearest) edges.push({ from: seat, to: nearest, kind: "street" });
  grid.forEach((row, i) =>
    row.forEach((node, k) => {
      for (const other of [grid[i + 1]?.[k], row[k + 1]])
        if (node && other) edges.push({ from: node, to: other, kind: "street" });
    }),
  );
}

/** A gentle bend, so that trunk roads do not look ruled. */
function line(from: Point, to: Point, bend: number): Point[] {
  const points: Point[] = [];
  for (let i = 0; i <= 6; i++) {
    const t = i / 6;
    const off = Math.sin(Math.PI * t) * bend;
    points.push([
      Number((from[0] + (to[0] - from[0]) * t - (to[1] - from[1]) * off).toFixed(4)),
      Number((from[1] + (to[1] - from[1]) * t + (to[0] - from[0]) * off).toFixed(4)),
    ]);
  }
  return points;
}

const features = edges.map(({ from, to, kind }, i) => ({
  type: "Feature",
  properties: {
    id: `r${i + 1}`,
    kind,
    from: from.id,
    to: to.id,
    district: from.district,
    freeSpeed: kind === "trunk" ? 80 : 50,
    synthetic: true,
  },
  geometry: {
    type: "LineString",
    coordinates:
      kind === "trunk"
        ? line(from.at, to.at, (random() - 0.5) * 0.16)
        : [from.at, to.at].map(([x, y]) => [Number(x.toFixed(4)), Number(y.toFixed(4))]),
  },
}));
await writeFile(`cities/${name}/roads.geojson`, `${JSON.stringify({ type: "FeatureCollection", features })}\n`);
console.log(`${features.length} roads, ${nodes.length} nodes`);
