import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { colorsOf, FLOATS, meshOfAreas, meshOfBands, placeOfWorld, worldPlace, type FlatMesh } from "./flat-mesh";

/** A corner of the mesh with the band's edge where it is for a half-width of 1. */
function corner(mesh: FlatMesh, index: number) {
  const [x = 0, y = 0, ex = 0, ey = 0, half = 0, side = 0] = mesh.corners.subarray(
    index * FLOATS,
    (index + 1) * FLOATS,
  );
  return { x, y, ex, ey, half, side };
}

/** Area that the triangles cover, each moved out to its edge by `half`; what lies over other is counted as often. */
function area(mesh: FlatMesh, half = 0): number {
  let sum = 0;
  for (let i = 0; i < mesh.triangles.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => {
      const { x, y, ex, ey } = corner(mesh, mesh.triangles[i + k] as number);
      return [x + ex * half, y + ey * half] as const;
    }) as [readonly [number, number], readonly [number, number], readonly [number, number]];
    sum += Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2;
  }
  return sum;
}

/** Area between a ring and itself, by the shoelace formula, in the units of the mesh. */
function shoelace(ring: number[][]): number {
  const places = ring.map(worldPlace);
  return Math.abs(
    places.reduce((sum, [x, y], i) => {
      const [nx, ny] = places[(i + 1) % places.length] as [number, number];
      return sum + (x * ny - nx * y) / 2;
    }, 0),
  );
}

const degrees = fc.record({
  lon: fc.double({ min: -170, max: 170, noNaN: true }),
  lat: fc.double({ min: -70, max: 70, noNaN: true }),
});

describe("worldPlace", () => {
  it("is Web Mercator over a world of 512: the middle, the edges, and a place known from the standard's metres", () => {
    expect(worldPlace([0, 0])).toEqual([256, 256]);
    expect(worldPlace([180, 85.05112877980659])[0]).toBe(512);
    expect(worldPlace([180, 85.05112877980659])[1]).toBeCloseTo(512, 9);
    // The example of IOGP's guidance note 7-2 for EPSG:3857, in metres of a world of 2 pi x 6378137 m.
    const metres = worldPlace([-100 - 20 / 60, 24 + 22 / 60 + 54.433 / 3600]).map(
      (place) => (place / 512 - 0.5) * 2 * Math.PI * 6_378_137,
    );
    expect(metres[0]).toBeCloseTo(-11_169_055.58, 1);
    expect(metres[1]).toBeCloseTo(2_800_000, 1);
  });
});

describe("placeOfWorld", () => {
  it("is where worldPlace came from, to a millimetre", () => {
    fc.assert(
      fc.property(degrees, ({ lon, lat }) => {
        const [x, y] = placeOfWorld(...worldPlace([lon, lat]));
        expect(Math.hypot(x - lon, y - lat)).toBeLessThan(1e-8);
      }),
    );
  });
});

describe("meshOfAreas", () => {
  it("covers a polygon once and its hole not at all", () => {
    const outer = [
      [119, 34],
      [120, 34],
      [120, 35],
      [119, 35],
      [119, 34],
    ];
    const hole = [
      [119.4, 34.4],
      [119.4, 34.6],
      [119.6, 34.6],
      [119.6, 34.4],
      [119.4, 34.4],
    ];
    const mesh = meshOfAreas([[outer, hole], [hole]]);
    expect(area(mesh)).toBeCloseTo(shoelace(outer), 5);
    expect([...new Set(mesh.shapeOf)]).toEqual([0, 1]);
    expect(area(meshOfAreas([[outer, hole]]))).toBeCloseTo(shoelace(outer) - shoelace(hole), 5);
  });

  it("covers any star-shaped polygon, however jagged, once", () => {
    fc.assert(
      fc.property(
        degrees,
        fc.array(fc.double({ min: 0.2, max: 2, noNaN: true }), { minLength: 3, maxLength: 40 }),
        (at, radii) => {
          const ring = radii.map((radius, i) => {
            const angle = (i / radii.length) * 2 * Math.PI;
            return [at.lon + radius * Math.cos(angle), at.lat + radius * Math.sin(angle)];
          });
          expect(area(meshOfAreas([[ring]])) / shoelace(ring)).toBeCloseTo(1, 3);
        },
      ),
    );
  });
});

describe("meshOfBands", () => {
  it("covers a bent line as long as it is and as wide as asked, without covering its joints twice", () => {
    // On the equator, where a degree is 512 / 360 in both directions.
    const path = [
      [0, 0],
      [1, 0],
      [1, 1e-9],
      [2, 1e-9],
    ];
    const straight = meshOfBands([{ path, half: 0.1 }]);
    expect(area(straight, 0.01)).toBeCloseTo(((2 * 512) / 360) * 0.02, 4);
    const bent = meshOfBands([{ path: [[0, 0], [1, 0], [1, 1]], half: 0.1 }]); // prettier-ignore
    const leg = 512 / 360;
    expect(area(bent, 0.01)).toBeCloseTo(2 * leg * 0.02, 4);
  });

  it("joins a ring's end to its beginning, and needs no line of more than one place", () => {
    const ring = meshOfBands([{ path: [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], half: 1 }]); // prettier-ignore
    const [first, last] = [corner(ring, 0), corner(ring, ring.shapeOf.length - 2)];
    expect([last.x, last.y, last.ex, last.ey]).toEqual([first.x, first.y, first.ex, first.ey]);
    expect(first.ex ** 2 + first.ey ** 2).toBeCloseTo(2, 3);
    const short = [[], [[1, 1]], [[1, 1], [1, 1]]]; // prettier-ignore
    for (const path of short) expect(meshOfBands([{ path, half: 1 }]).triangles.length).toBe(0);
  });

  it("keeps every corner finite and near its line, wherever it turns", () => {
    fc.assert(
      fc.property(fc.array(degrees, { minLength: 2, maxLength: 30 }), fc.boolean(), (places, back) => {
        const there = places.map(({ lon, lat }) => [lon, lat]);
        const path = back ? [...there, ...[...there].reverse()] : there;
        const mesh = meshOfBands([{ path, half: 0.5 }]);
        mesh.shapeOf.forEach((_shape, index) => {
          const { ex, ey, half, side } = corner(mesh, index);
          expect(Math.hypot(ex, ey)).toBeGreaterThan(0.99);
          expect(Math.hypot(ex, ey)).toBeLessThanOrEqual(2.001);
          expect([half, Math.abs(side)]).toEqual([0.5, 1]);
        });
        expect(Math.max(-1, ...mesh.triangles)).toBeLessThan(mesh.shapeOf.length);
      }),
    );
  });
});

describe("colorsOf", () => {
  it("gives each corner its shape's colour, opaque where nothing else is said", () => {
    const mesh = meshOfBands([[0, 0.1], [1, 0.2]].map(([lat = 0, half = 0]) => ({ path: [[0, lat], [1, lat]], half }))); // prettier-ignore
    const colors = colorsOf(mesh, (shape) => (shape === 0 ? [1, 2, 3] : [4, 5, 6, 7]));
    expect([...colors]).toEqual(
      [1, 2, 3, 255, 1, 2, 3, 255, 1, 2, 3, 255, 1, 2, 3, 255, ...Array(4).fill([4, 5, 6, 7])].flat(),
    );
  });
});
