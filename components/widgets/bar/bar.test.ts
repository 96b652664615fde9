import { describe, expect, it } from "vitest";
import { colorOf, cut, lengthsOf, rank, roomForChanges, roomForNames, type Bar } from "./bar-option";

const bar = (
  name: string,
  value: number | null,
  quality: Bar["quality"] = "good",
  text = String(value ?? "–"),
): Bar => ({ name, text, value, quality, highlight: false });

describe("bars", () => {
  it("rank highest first, unknown last, equal ones in their order", () => {
    expect(rank([bar("a", 1), bar("b", null), bar("c", 5), bar("d", 1)]).map((b) => b.name)).toEqual([
      "c",
      "a",
      "d",
      "b",
    ]);
  });

  it("are as long as their part of the longest; what does not count has no length, nor has what is below 0", () => {
    const lengths = lengthsOf([bar("a", 40), bar("b", 10), bar("c", 0), bar("dead", null), bar("below", -5)]);
    expect(lengths).toEqual([1, 0.25, 0, 0, 0]);
    expect(lengthsOf([bar("a", 0), bar("b", null)])).toEqual([0, 0]);
    expect(lengthsOf([])).toEqual([]);
  });

  it("have their own colour where they have one; else the first and the one that stands out are told from the others", () => {
    const bars: Bar[] = [
      bar("a", 3),
      bar("b", 2),
      { ...bar("c", 1), highlight: true },
      { ...bar("d", 1), color: "code-red" },
    ];
    expect(bars.map(colorOf)).toEqual(["data", "data-soft", "data", "code-red"]);
  });
});

describe("bars that are compared", () => {
  const up = { text: "▲ 3.2%", good: true };

  it("show it only where the bars keep room", () => {
    const bars = [{ ...bar("海州区", 12_345, "good", "12,345"), change: up }];
    const room = [8, 12, 16, 20, 24, 28].filter((width) => roomForChanges(bars, width));
    expect(room).toEqual([20, 24, 28]);
    // A longer name, value or change needs more.
    expect(roomForChanges([{ ...bars[0], name: "连云港经济技术开发区" } as Bar], 20)).toBe(false);
    expect(roomForChanges([{ ...bars[0], change: { ...up, text: "▲ 12.3 个百分点" } } as Bar], 20)).toBe(false);
  });
});

describe("names", () => {
  it("are short ones where whole ones would leave the bars too little", () => {
    expect(roomForNames(["Guancheng Hui District", "Xinzheng"], 18)).toBe(false);
    expect(roomForNames(["Guancheng Hui District", "Xinzheng"], 40)).toBe(true);
    expect(roomForNames(["管城回族区", "新郑市"], 18)).toBe(true);
  });
});

describe("cut", () => {
  const bars = ["a", "b", "c", "d"].map((name) => ({ ...bar(name, 1), highlight: name === "d" }));
  it("keeps the first ones, and the highlighted one with them", () => {
    expect(cut(bars, 2).map((bar) => bar.name)).toEqual(["a", "d"]);
    expect(cut(bars.slice(0, 3), 2).map((bar) => bar.name)).toEqual(["a", "b"]);
    expect(cut(bars, undefined)).toBe(bars);
  });
});
