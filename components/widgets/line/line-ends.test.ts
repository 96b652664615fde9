import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roomForEnds, spread } from "./line-ends";

describe("spread", () => {
  it("keeps labels inside their height and off each other, in the order of their lines, wherever these end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 350, noNaN: true }), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 5, max: 37, noNaN: true }),
        (wanted, line) => {
          const placed = spread(wanted, 300, line);
          const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] as number) - (wanted[b] as number));
          order.forEach((i, k) => {
            expect(placed[i]).toBeGreaterThanOrEqual(line / 2 - 1e-6);
            expect(placed[i]).toBeLessThanOrEqual(300 - line / 2 + 1e-6);
            const before = order[k - 1];
            if (before !== undefined)
              expect((placed[i] as number) - (placed[before] as number)).toBeGreaterThanOrEqual(line - 1e-6);
          });
        },
      ),
    );
  });

  it("leaves those where their lines end that are in nobody's way", () => {
    expect(spread([20, 200, 100], 300, 30)).toEqual([20, 200, 100]);
    expect(spread([100, 110], 300, 30)).toEqual([100, 130]);
  });
});

describe("roomForEnds", () => {
  const box = { width: 40, height: 12 };

  it("is beside the plot for one value and for several names, with a margin that they fit in", () => {
    expect(roomForEnds([{ name: "办件量", value: "12,345" }], box)).toMatchObject({ place: "end", names: false });
    const several = roomForEnds(
      [1, 2, 3].map((i) => ({ name: `第${i}区`, value: "1.62" })),
      box,
    );
    expect(several).toMatchObject({ place: "end", names: true });
    expect(several.right).toBeLessThan(8);
  });

  it("is above the plot where names or their number leave it too little", () => {
    const names = ["连云港经济技术开发区 · 拥堵指数", "市开发区"].map((name) => ({ name, value: "1.62" }));
    expect(roomForEnds(names, box).place).toBe("row");
    expect(
      roomForEnds(
        [1, 2, 3, 4, 5].map((i) => ({ name: `第${i}区`, value: "1.62" })),
        box,
      ).place,
    ).toBe("row");
    expect(roomForEnds([{ name: "办件量", value: "12,345" }], { width: 8, height: 12 }).place).toBe("row");
  });

  it("does not move while a value keeps its digits", () => {
    const right = (value: string) => roomForEnds([{ name: "a", value }], box).right;
    expect(right("1,111")).toBe(right("8,888"));
  });
});
