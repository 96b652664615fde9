import fc from "fast-check";
import type { Position } from "geojson";
import { describe, expect, it } from "vitest";
import { checkOutlines, normalised } from "./outlines";
import { selfCrossing } from "./rings";

const square = (lon: number, lat: number, side = 0.2): Position[] => [
  [lon, lat],
  [lon + side, lat],
  [lon + side, lat + side],
  [lon, lat + side],
  [lon, lat],
];
const check = (...polygons: Position[][][]): ReturnType<typeof checkOutlines> =>
  checkOutlines([{ adcode: "06037", name: "Glendale", polygons }]);

/** Area by trapezoids under the edges, turned or not. */
function areaUnder(ring: Position[]): number {
  return Math.abs(
    ring
      .slice(1)
      .reduce((sum, [x = 0, y = 0], i) => sum + ((x - (ring[i]?.[0] ?? 0)) * (y + (ring[i]?.[1] ?? 0))) / 2, 0),
  );
}

/** Area of polygons with their holes. */
function areaOfAll(polygons: Position[][][]): number {
  return polygons.reduce(
    (sum, [outer = [], ...holes]) => sum + areaUnder(outer) - holes.reduce((all, hole) => all + areaUnder(hole), 0),
    0,
  );
}

/** A shape without crossings: corners around a middle, each in its own direction. */
const star = fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 4, maxLength: 20 }).map((radii) => {
  const corners = radii.map((radius, i): Position => {
    const angle = (i / radii.length) * 2 * Math.PI;
    return [Number((-118 + radius * Math.cos(angle)).toFixed(5)), Number((34 + radius * Math.sin(angle)).toFixed(5))];
  });
  return [...corners, corners[0] ?? []];
});

/** What hands and programs do to a ring without meaning another shape. */
const harm = fc.record({
  open: fc.boolean(),
  turned: fc.boolean(),
  repeated: fc.nat(30),
  spiked: fc.option(fc.nat(30), { nil: undefined }),
  from: fc.nat(30),
});

describe("outlines", () => {
  it("keep their shape whatever was done to their rings, and come out closed, counterclockwise, without repeats and spikes", () => {
    fc.assert(
      fc.property(star, harm, (ring, { open, turned, repeated, spiked, from }) => {
        let harmed = ring.slice(0, -1);
        harmed = [...harmed.slice(from % harmed.length), ...harmed.slice(0, from % harmed.length)];
        const at = repeated % harmed.length;
        harmed.splice(at, 0, harmed[at] ?? []);
        if (spiked !== undefined) {
          const corner = harmed[spiked % harmed.length] ?? [];
          harmed.splice(
            (spiked % harmed.length) + 1,
            0,
            [(corner[0] ?? 0) * 2 + 118, (corner[1] ?? 0) * 2 - 34],
            corner,
          );
        }
        if (!open) harmed.push(harmed[0] ?? []);
        const { outlines, issues } = check([turned ? harmed.reverse() : harmed]);
        expect(issues).toEqual([]);
        const polygons = outlines[0]?.polygons ?? [];
        expect(polygons.length).toBe(1);
        const out = polygons[0]?.[0] ?? [];
        expect(areaUnder(out)).toBeCloseTo(areaUnder(ring), 9);
        expect(out[0]).toEqual(out[out.length - 1]);
        expect(new Set(out.map(String)).size).toBe(out.length - 1);
        expect(
          out.slice(1).reduce((sum, [x = 0, y = 0], i) => sum + (out[i]?.[0] ?? 0) * y - x * (out[i]?.[1] ?? 0), 0),
        ).toBeGreaterThan(0);
      }),
    );
  });

  it("have their middle inside, bent as they may be", () => {
    const [outline] = check([
      [
        [0, 0],
        [4, 0],
        [4, 1],
        [1, 1],
        [1, 4],
        [0, 4],
        [0, 0],
      ],
    ]).outlines;
    expect(outline?.centre).toEqual([0.5, 1.3571]);
  });

  it("are taken apart where a small loop crosses, and say so", () => {
    const loop: Position[] = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0.05, 1],
      [0, 1.02],
      [0, 0.98],
      [0.05, 1.01],
      [0.1, 0.9],
      [0, 0.9],
      [0, 0],
    ];
    const { outlines, issues, warnings } = check([loop]);
    expect(issues).toEqual([]);
    expect(warnings.join()).toMatch(
      /^features\[0\] \(Glendale\) polygon 0 ring 0\[2\]: the ring crossed itself here; taken apart, the area changed by 0\.\d\d %$/,
    );
    const polygons = outlines[0]?.polygons ?? [];
    expect(polygons.flat().map(selfCrossing)).toEqual(polygons.flat().map(() => -1));
    expect(areaOfAll(polygons)).toBeGreaterThan(0.98);
  });

  it("are refused by the corner where nobody can say what was meant", () => {
    expect(
      check([
        [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      ]).issues,
    ).toEqual([{ field: "features[0] (Glendale) polygon 0 ring 0[0]", message: "the ring crosses itself here" }]);
    expect(check([square(0, 0, 1), square(0.5, 0.5, 1)]).issues).toEqual([
      { field: "features[0] (Glendale) polygon 0", message: "has holes that leave it or overlap" },
    ]);
  });

  it("that meet themselves at a corner become two shapes that touch", () => {
    const { outlines, issues, warnings } = check([
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [2, 1],
        [2, 2],
        [1, 2],
        [1, 1],
        [0, 1],
        [0, 0],
      ],
    ]);
    expect(issues).toEqual([]);
    expect(warnings).toEqual(["features[0] (Glendale) polygon 0 ring 0[6]: the ring met itself here; taken apart"]);
    expect(outlines[0]?.polygons.map((polygon) => areaOfAll([polygon]))).toEqual([1, 1]);
  });

  it("keep their holes, lose islands under a metre, and refuse one that is nothing else", () => {
    const { outlines, warnings } = checkOutlines(
      normalised(
        [
          {
            adcode: "06037",
            name: "Glendale",
            polygons: [[square(0, 0, 1), square(0.2, 0.2, 0.1)], [square(3, 3, 0.000001)]],
          },
        ],
        "wgs84",
      ),
    );
    expect(areaOfAll(outlines[0]?.polygons ?? [])).toBeCloseTo(0.99, 9);
    expect(warnings).toEqual([
      "features[0] (Glendale) polygon 1: has fewer than three corners a metre apart; left out",
    ]);
    expect(
      checkOutlines(normalised([{ adcode: "06037", name: "Glendale", polygons: [[square(3, 3, 0.000001)]] }], "wgs84"))
        .issues[0]?.message,
    ).toBe("has fewer than three corners");
  });

  it("of one code are one district where they have one name, and refused where they have two", () => {
    const one = { adcode: "06037", name: "Glendale", polygons: [[square(0, 0)]] };
    const { outlines, issues, warnings } = checkOutlines([
      one,
      { adcode: "06038", name: "Burbank", polygons: [[square(5, 5)]] },
      { ...one, polygons: [[square(1, 1)]] },
      one,
    ]);
    expect(issues).toEqual([]);
    expect(outlines.map(({ name, polygons }) => [name, Number(areaOfAll(polygons).toFixed(6))])).toEqual([
      ["Glendale", 0.08],
      ["Burbank", 0.04],
    ]);
    expect(warnings).toEqual([
      "features[2]: is 06037 (Glendale) like features[0]; the two are one district",
      "features[3]: is 06037 (Glendale) like features[0]; the two are one district",
    ]);
    expect(checkOutlines([one, { ...one, name: "Burbank" }]).issues).toEqual([
      {
        field: "features[1].properties.adcode",
        message: '"06037" is that of features[0] as well, which is Glendale and not Burbank',
      },
    ]);
  });

  it("that touch do not overlap; a star crosses itself", () => {
    expect(selfCrossing(square(1, 1))).toBe(-1);
    expect(
      selfCrossing([
        [0, 0],
        [2, 6],
        [4, 0],
        [-1, 4],
        [5, 4],
        [0, 0],
      ]),
    ).toBeGreaterThanOrEqual(0);
  });
});
