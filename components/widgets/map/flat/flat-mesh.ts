import earcut, { flatten } from "earcut";

/**
 * Triangles that lie on the map: lines as bands with mitred joints, and filled polygons. All that can be worked out once is worked
 * out here, so that the program which draws them has almost nothing to do: where there is no graphics card that is most of the
 * time until a map is seen.
 */
export interface FlatMesh {
  /** Web Mercator place that all others are told from, in units of which the world has 512, as deck.gl's common space */
  origin: [number, number];
  /** `FLOATS` numbers for each corner: x and y from the origin; the way to its edge; half the line's width, rem; side, -1 to 1 */
  corners: Float32Array;
  /** corners of the triangles, three each */
  triangles: Uint32Array;
  /** index of the shape that a corner belongs to */
  shapeOf: Uint32Array;
}

/** A line of degrees of longitude and latitude; half its width in rem. */
export interface Band {
  path: readonly (readonly number[])[];
  half: number;
}

/** Rings of degrees of longitude and latitude, the outer one first. */
export type Area = readonly (readonly (readonly number[])[])[];

/** Numbers of a corner. */
export const FLOATS = 6;
/** How much farther than half its width a band's corner may reach: where a line turns back, a mitre would have no end. */
const MITRE_LIMIT = 2;
const WORLD = 512;

/** Degrees of longitude in Web Mercator (EPSG:3857), in units of which the world has 512. */
export function worldX(longitude: number): number {
  return (longitude / 360 + 0.5) * WORLD;
}

/** Degrees of latitude in Web Mercator (EPSG:3857), in units of which the world has 512, growing to the north. */
export function worldY(latitude: number): number {
  return (Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) / (2 * Math.PI) + 0.5) * WORLD;
}

/** `worldX` and `worldY` of a longitude and a latitude. */
export function worldPlace([longitude = 0, latitude = 0]: readonly number[]): [number, number] {
  return [worldX(longitude), worldY(latitude)];
}

/** Degrees of longitude and latitude of a place that `worldPlace` tells. */
export function placeOfWorld(x: number, y: number): [number, number] {
  const latitude = (Math.atan(Math.exp((y / WORLD - 0.5) * 2 * Math.PI)) * 360) / Math.PI - 90;
  return [(x / WORLD - 0.5) * 360, latitude];
}

/** Gathers corners and triangles of any number of shapes. */
class Builder {
  private readonly corners: number[] = [];
  private readonly triangles: number[] = [];
  private readonly shapeOf: number[] = [];
  private origin: [number, number] | null = null;

  /** A place told from the origin, which is the first one. */
  place(at: readonly number[]): [number, number] {
    const [x, y] = worldPlace(at);
    this.origin ??= [x, y];
    return [x - this.origin[0], y - this.origin[1]];
  }

  /** @returns the corner's index */
  corner(shape: number, x: number, y: number, toEdge: readonly [number, number], half: number, side: number): number {
    this.corners.push(x, y, toEdge[0], toEdge[1], half, side);
    return this.shapeOf.push(shape) - 1;
  }

  triangle(a: number, b: number, c: number): void {
    this.triangles.push(a, b, c);
  }

  build(): FlatMesh {
    return {
      origin: this.origin ?? [0, 0],
      corners: new Float32Array(this.corners),
      triangles: new Uint32Array(this.triangles),
      shapeOf: new Uint32Array(this.shapeOf),
    };
  }
}

type Vector = readonly [number, number];

/** Points of a line without those that stand on the one before: such have no direction. */
function distinct(points: [number, number][]): [number, number][] {
  return points.filter(([x, y], i) => i === 0 || x !== points[i - 1]?.[0] || y !== points[i - 1]?.[1]);
}

/** To the left of the way from one point to another, of length 1. */
function leftOf([ax, ay]: Vector, [bx, by]: Vector): Vector {
  const length = Math.hypot(bx - ax, by - ay);
  return [-(by - ay) / length, (bx - ax) / length];
}

/** Where the edges of two stretches meet, for a width of 1. */
function mitre([ax, ay]: Vector, [bx, by]: Vector): Vector {
  const [x, y] = [ax + bx, ay + by];
  const length = Math.hypot(x, y);
  // Straight back: there is no middle between the two sides.
  if (length < 1e-6) return [ax, ay];
  const reach = Math.min(MITRE_LIMIT, 2 / length);
  return [(x / length) * reach, (y / length) * reach];
}

function addBand(builder: Builder, shape: number, { path, half }: Band): void {
  const points = distinct(path.map((at) => builder.place(at)));
  if (points.length < 2) return;
  const lefts = points.slice(1).map((point, i) => leftOf(points[i] as Vector, point));
  const [first, last] = [points[0] as Vector, points.at(-1) as Vector];
  const closed = points.length > 3 && first[0] === last[0] && first[1] === last[1];
  const before = (i: number): Vector | undefined => lefts[i - 1] ?? (closed ? lefts.at(-1) : lefts[0]);
  const after = (i: number): Vector | undefined => lefts[i] ?? (closed ? lefts[0] : lefts.at(-1));
  let previous: [number, number] | null = null;
  points.forEach(([x, y], i) => {
    const [mx, my] = mitre(before(i) as Vector, after(i) as Vector);
    const left = builder.corner(shape, x, y, [mx, my], half, 1);
    const right = builder.corner(shape, x, y, [-mx, -my], half, -1);
    if (previous) {
      builder.triangle(previous[0], previous[1], left);
      builder.triangle(previous[1], right, left);
    }
    previous = [left, right];
  });
}

/** A mesh of lines; shape i is band i. */
export function meshOfBands(bands: readonly Band[]): FlatMesh {
  const builder = new Builder();
  bands.forEach((band, shape) => addBand(builder, shape, band));
  return builder.build();
}

/** A mesh of filled polygons; shape i is area i. */
export function meshOfAreas(areas: readonly Area[]): FlatMesh {
  const builder = new Builder();
  areas.forEach((area, shape) => {
    const rings = area.map((ring) => ring.map((at) => builder.place(at)));
    const { vertices, holes, dimensions } = flatten(rings);
    // An edge that is far away from everywhere: a fill has none to be made smooth.
    const corners = rings.flat().map(([x, y]) => builder.corner(shape, x, y, [0, 0], 1, 0));
    const found = earcut(vertices, holes, dimensions);
    for (let i = 0; i + 2 < found.length; i += 3) {
      const [a, b, c] = [found[i], found[i + 1], found[i + 2]].map((corner) => corners[corner as number] as number);
      builder.triangle(a as number, b as number, c as number);
    }
  });
  return builder.build();
}

/** Colour of each corner from that of its shape: red, green, blue and opacity of 0 to 255. */
export function colorsOf(mesh: FlatMesh, colorOf: (shape: number) => readonly number[]): Uint8Array {
  const colors = new Uint8Array(mesh.shapeOf.length * 4);
  let shape = -1;
  let color: readonly number[] = [];
  mesh.shapeOf.forEach((own, corner) => {
    if (own !== shape) color = colorOf(own);
    shape = own;
    for (let part = 0; part < 4; part++) colors[corner * 4 + part] = color[part] ?? 255;
  });
  return colors;
}
