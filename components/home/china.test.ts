import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHINA, labelled, onChina } from "./china";

const leftOf = ({ side, x }: { side: string; x: number }): number => (side === "left" ? x - 280 : x);

describe("the map of China on the front page", () => {
  it("has a place where its degrees are, and none that lies outside of it", () => {
    expect(onChina([CHINA.west, CHINA.north])).toEqual({ x: 0, y: 0 });
    expect(onChina([CHINA.east, CHINA.south])).toEqual({ x: CHINA.width, y: CHINA.height });
    expect(onChina([119.2, 34.6])).toEqual({ x: expect.closeTo(739.2, 1), y: expect.closeTo(384, 1) });
    expect(onChina([2.35, 48.85])).toBeNull();
    expect(onChina([103.8, 1.35])).toBeNull();
  });

  it("sets names at their places where they have room", () => {
    const far = labelled([[113.6, 34.7] as const, [120.2, 23.9] as const], (at) => at);
    expect(far.map(({ y, labelY }) => labelY - y)).toEqual([0, 0]);
  });

  it("sets a name to the left where another place lies to the right", () => {
    const [west, east] = labelled([[113.6, 34.7] as const, [119.2, 34.6] as const], (at) => at);
    expect([west?.side, east?.side]).toEqual(["left", "right"]);
    expect([west?.labelY, east?.labelY]).toEqual([west?.y, east?.y]);
  });

  it("sets a name to the left where the box of the islands lies to the right", () => {
    expect(labelled([[113.3, 23.1] as const, [113.6, 34.7] as const], (at) => at).map(({ side }) => side)).toEqual([
      "right",
      "left",
    ]);
  });

  it("never sets a name over another, however many places lie together, and loses none", () => {
    const place = fc.tuple(
      fc.double({ min: 110, max: 122, noNaN: true }),
      fc.double({ min: 22, max: 38, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 12 }), (places) => {
        const labels = labelled(places, (at) => at);
        expect(labels).toHaveLength(places.length);
        for (const a of labels) {
          expect(a.labelY).toBeGreaterThanOrEqual(a.y);
          for (const b of labels)
            if (a !== b && Math.abs(leftOf(a) - leftOf(b)) < 280)
              expect(Math.abs(a.labelY - b.labelY)).toBeGreaterThan(29.99);
        }
      }),
    );
  });
});
