import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { doubts, lineLook, lineOption, downsample } from "./line-option";

const T0 = Date.parse("2026-11-22T08:00:00Z");

function seconds(count: number): Series {
  const series = new Series(1_000, 900);
  for (let i = 0; i < count; i++) series.add(T0 + i * 1000, i);
  return series;
}

describe("downsample", () => {
  it("keeps every point while there is room and the last of each step when there is not", () => {
    expect(downsample(seconds(10), T0, T0 + 10_000, 600).length).toBe(20);
    const few = downsample(seconds(900), T0, T0 + 900_000, 90);
    expect(few.length).toBeLessThanOrEqual(2 * 91);
    expect([...few.slice(-2)]).toEqual([T0 + 899_000, 899]);
  });

  it("does not move old points when a new one comes", () => {
    const series = seconds(600);
    const before = downsample(series, T0, T0 + 900_000, 90).slice(0, -2);
    series.add(T0 + 600_000, 1);
    expect(downsample(series, T0, T0 + 900_000, 90).slice(0, before.length)).toEqual(before);
  });
});

describe("what is not good", () => {
  const doubted = seconds(60);
  doubted.add(T0 + 20_000, 1e9, "bad");
  doubted.add(T0 + 40_000, 7, "uncertain");

  it("is a gap where it is bad, and drawn where it is doubted", () => {
    const points = downsample(doubted, T0, T0 + 60_000, 600);
    expect([...points.slice(40, 42)]).toEqual([T0 + 20_000, NaN]);
    expect([...points.slice(80, 82)]).toEqual([T0 + 40_000, 7]);
    expect([...points].filter((value) => value === 1e9)).toEqual([]);
  });

  it("is left out of a step that has a good value, whichever came first", () => {
    for (const second of [20, 21]) {
      const series = seconds(60);
      series.add(T0 + second * 1000, 1e9, "bad");
      const points = [...downsample(series, T0, T0 + 60_000, 6)];
      expect(points.some((value) => Number.isNaN(value) || value === 1e9)).toBe(false);
    }
  });

  it("is marked once a step, as bad as the worst in it", () => {
    expect(doubts(doubted, T0, T0 + 60_000, 60)).toEqual([
      { at: T0 + 20_000, quality: "bad" },
      { at: T0 + 40_000, quality: "uncertain" },
    ]);
    doubted.add(T0 + 41_000, 7, "bad");
    expect(doubts(doubted, T0, T0 + 60_000, 2).map(({ quality }) => quality)).toEqual(["bad", "bad"]);
    expect(doubts(seconds(60), T0, T0 + 60_000, 60)).toEqual([]);
  });

  it("has its marks at the foot of the plot", () => {
    const option = lineOption({
      lines: [{ name: "a", series: doubted }],
      span: 60,
      area: false,
      now: T0 + 60_000,
      timeZone: "Asia/Shanghai",
      lang: "zh",
      px: (r) => r * 16,
      width: 1_000,
    });
    const marks = (option.series as { yAxisIndex?: number; name: string; data: number[][] }[]).filter(
      ({ yAxisIndex }) => yAxisIndex === 1,
    );
    expect(marks.map(({ name, data }) => [name, data.length > 0 && data.every(([, y]) => (y ?? 1) < 0.1)])).toEqual([
      ["uncertain", true],
      ["bad", true],
    ]);
  });
});

describe("lineLook", () => {
  const look = { now: T0, span: 900, width: 450, height: 200, lang: "zh" as const, begins: [T0 - 600_000, null] };

  it("stays while too little time has passed to be seen, and changes with what can be seen", () => {
    expect(lineLook({ ...look, now: T0 + 2_900 })).toBe(lineLook(look));
    expect(lineLook({ ...look, span: 86_400, now: T0 + 100_000 })).toBe(lineLook({ ...look, span: 86_400 }));
    expect(lineLook({ ...look, begins: [T0 - 900_000, null] })).toBe(
      lineLook({ ...look, begins: [T0 - 9_000_000, null] }),
    );
    for (const change of [
      { now: T0 + 3_000 },
      { width: 451 },
      { lang: "en" as const },
      { begins: [T0 - 600_000, T0] },
      { begins: [T0 - 800_000, null] },
      { begins: [T0 - 900_000, null] },
    ])
      expect(lineLook({ ...look, ...change })).not.toBe(lineLook(look));
  });
});

describe("lineOption", () => {
  it("spans exactly the asked time up to now and names several lines", () => {
    const option = lineOption({
      lines: [
        { name: "a", series: seconds(5) },
        { name: "b", series: null },
      ],
      span: 900,
      area: true,
      now: T0 + 5_000,
      timeZone: "Asia/Shanghai",
      lang: "zh",
      px: (r) => r * 16,
      width: 1_000,
    });
    expect(option.xAxis).toMatchObject({ min: T0 - 895_000, max: T0 + 5_000 });
    expect(option.legend).not.toMatchObject({ show: false });
    expect((option.series as { data: unknown[] }[]).map((s) => s.data.length)).toEqual([10, 0, 0, 0]);
    const format = (option.xAxis as { axisLabel: { formatter: (at: number) => string } }).axisLabel.formatter;
    expect(format(T0)).toBe("16:00");
  });
});
