import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesOf, roomForEnds, spread } from "./line-ends";

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
  /** What is said of an axis: its unit, then marks. */
  const said = (...words: string[]) => words.map((one, i) => ({ words: one, mark: i > 0 }));

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

  it("has as many lines above the plot as names, values and what is said of the axis need: none of them is cut", () => {
    const narrow = { width: 18, height: 9 };
    const online = [{ name: "粤省事在线", value: "1,234,567" }];
    const alone = roomForEnds(online, narrow, { head: said("人") });
    // The tile's title names a single line, here as at its end.
    expect(alone).toMatchObject({ place: "row", names: false });
    expect(roomForEnds(online, narrow, { above: true }).names).toBe(true);
    const more = roomForEnds(online, narrow, { head: said("每小时增量（人）", "重大及以上事件", "昨日同期") });
    expect(more.top).toBeGreaterThan(alone.top);
    // A unit, a ghost and six digits have one line of an overview's narrowest tile.
    expect(roomForEnds([{ name: "粤省事在线", value: "161,359" }], narrow, { head: said("人", "昨日同期") }).top).toBe(
      alone.top,
    );
    const cities = ["广州市", "深圳市", "佛山市", "东莞市"].map((name) => ({ name, value: "1,234,567" }));
    const tops = [1, 2, 3, 4].map((count) => roomForEnds(cities.slice(0, count), narrow).top);
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    // Two such names and values do not fit beside each other, so each has a line.
    expect((tops[3] ?? 0) - (tops[1] ?? 0)).toBeCloseTo(3);
  });

  it("has more than one line over the axis where what is said of it does not fit, with values at the ends as well", () => {
    const [short, long] = [["人"], ["Hourly increase (persons)", "Events, severe and above", "A day ago"]].map(
      (words) => roomForEnds([{ name: "a", value: "12" }], { width: 24, height: 12 }, { head: said(...words) }),
    );
    expect([short?.place, long?.place]).toEqual(["end", "end"]);
    expect(long?.top).toBeGreaterThan(short?.top ?? Infinity);
  });

  it("does not move while a value keeps its digits", () => {
    const right = (value: string) => roomForEnds([{ name: "a", value }], box).right;
    expect(right("1,111")).toBe(right("8,888"));
  });
});

describe("linesOf", () => {
  it("fills lines one after the other, and gives what is wider than a line as many as it takes", () => {
    expect(linesOf([], 10, 1)).toBe(0);
    expect(linesOf([4, 4], 10, 1)).toBe(1);
    expect(linesOf([4, 4, 1], 10, 1)).toBe(2);
    expect(linesOf([25], 10, 1)).toBe(3);
    expect(linesOf([2, 25, 2], 10, 1)).toBe(5);
  });
});
