import { describe, expect, it } from "vitest";
import { barOption, cut, rank, roomForChanges, type Bar } from "./bar-option";

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

describe("bars that are compared", () => {
  const px = (r: number): number => r * 16;
  const up = { text: "▲ 3.2%", good: true };
  const labels = (bars: Bar[]) =>
    (
      barOption(bars, px).yAxis as {
        data: { value: string }[];
        axisLabel: { rich?: Record<string, { color: string; width: number }> };
      }[]
    )[1] as { data: { value: string }[]; axisLabel: { rich?: Record<string, { color: string; width: number }> } };

  it("have how far they lie from what they are compared with before their values, by whether that is good", () => {
    const { data, axisLabel } = labels([
      { ...bar("a", 3), change: up },
      { ...bar("b", 2), change: { text: "▼ 12%", good: false } },
      { ...bar("c", 1), change: { text: "■ 0.0%", good: null } },
      { ...bar("d", null, "bad"), change: null },
    ]);
    expect(data.map(({ value }) => value)).toEqual([
      "{good|▲ 3.2%}  3",
      "{worse|▼ 12%}  2",
      "{plain|■ 0.0%}  1",
      "{plain| }  ×",
    ]);
    const { good, worse, plain } = axisLabel.rich ?? {};
    expect(new Set([good?.color, worse?.color, plain?.color]).size).toBe(3);
    expect([good?.width, worse?.width]).toEqual([plain?.width, plain?.width]);
    expect(good?.width).toBeGreaterThan(0);
  });

  it("are drawn as ever where nothing can be compared", () => {
    const bars = [bar("a", 3), bar("b", 2)];
    expect(
      barOption(
        bars.map((one) => ({ ...one, change: null })),
        px,
      ),
    ).toEqual(barOption(bars, px));
    expect(labels(bars).axisLabel.rich).toBeUndefined();
  });

  it("show it only where the bars keep room", () => {
    const bars = [{ ...bar("海州区", 12_345, "good", "12,345"), change: up }];
    const room = [8, 12, 16, 20, 24, 28].filter((width) => roomForChanges(bars, width));
    expect(room).toEqual([20, 24, 28]);
    // A longer name, value or change needs more.
    expect(roomForChanges([{ ...bars[0], name: "连云港经济技术开发区" } as Bar], 20)).toBe(false);
    expect(roomForChanges([{ ...bars[0], change: { ...up, text: "▲ 12.3 个百分点" } } as Bar], 20)).toBe(false);
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
