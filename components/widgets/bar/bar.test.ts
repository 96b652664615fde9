import { describe, expect, it } from "vitest";
import { barOption, cut, rank, type Bar } from "./bar-option";

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

  it("write values beside the bars, a dash for the unknown; what does not count has no length and is written faintly", () => {
    const option = barOption(
      [bar("a", 12_345, "good", "12,345"), bar("b", null), bar("dead", null, "good", "9")],
      (r) => r * 16,
    );
    const [names, values] = option.yAxis as [
      { data: string[] },
      { data: { value: string; textStyle: { color: string } }[] },
    ];
    expect(names.data).toEqual(["a", "b", "dead"]);
    expect(values.data.map((d) => d.value)).toEqual(["12,345", "–", "9"]);
    expect(values.data[2]?.textStyle.color).not.toBe(values.data[0]?.textStyle.color);
    expect((option.series as { data: { value: number }[] }[])[0]?.data.map((d) => d.value)).toEqual([12_345, 0, 0]);
  });

  it("mark what is doubted before its value and put a cross in place of what is bad", () => {
    const option = barOption([bar("a", 5, "uncertain", "5"), bar("b", null, "bad", "99")], (r) => r * 16);
    expect((option.yAxis as { data: { value: string }[] }[])[1]?.data.map((d) => d.value)).toEqual(["△ 5", "×"]);
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
