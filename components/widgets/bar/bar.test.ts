import { describe, expect, it } from "vitest";
import { barOption, cut, rank } from "./bar-option";

const bar = (name: string, value: number | null, fresh = true) => ({ name, value, decimals: 0, highlight: false, fresh });

describe("bars", () => {
  it("rank highest first, unknown last, equal ones in their order", () => {
    expect(rank([bar("a", 1), bar("b", null), bar("c", 5), bar("d", 1)]).map((b) => b.name)).toEqual(["c", "a", "d", "b"]);
  });

  it("write values beside the bars, a dash for the unknown, and fade the dead", () => {
    const option = barOption([bar("a", 12_345), bar("b", null), bar("c", 9, false)], "zh", (r) => r * 16);
    const [names, values] = option.yAxis as [{ data: string[] }, { data: { value: string }[] }];
    expect(names.data).toEqual(["a", "b", "c"]);
    expect(values.data.map((d) => d.value)).toEqual(["12,345", "–", "9"]);
    const colors = (option.series as { data: { itemStyle: { color: string } }[] }[])[0]?.data.map((d) => d.itemStyle.color);
    expect(colors?.[2]).not.toBe(colors?.[1]);
  });
});

describe("cut", () => {
  const bars = ["a", "b", "c", "d"].map((name) => ({ name, value: 1, decimals: 0, highlight: name === "d", fresh: true }));
  it("keeps the first ones, and the highlighted one with them", () => {
    expect(cut(bars, 2).map((bar) => bar.name)).toEqual(["a", "d"]);
    expect(cut(bars.slice(0, 3), 2).map((bar) => bar.name)).toEqual(["a", "b"]);
    expect(cut(bars, undefined)).toBe(bars);
  });
});
