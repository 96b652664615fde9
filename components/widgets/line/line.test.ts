import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { doubts, lineLook, lineOption } from "./line-option";

const RHYTHM = { step: 10_000, silence: 60_000 };
const T0 = Date.parse("2026-11-22T08:00:00Z");

function seconds(count: number): Series {
  const series = new Series(1_000, 900);
  for (let i = 0; i < count; i++) series.add(T0 + i * 1000, i);
  return series;
}

describe("what is not good", () => {
  const doubted = seconds(60);
  doubted.add(T0 + 20_000, 1e9, "bad");
  doubted.add(T0 + 40_000, 7, "uncertain");

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
      lines: [{ name: "a", series: doubted, rhythm: RHYTHM }],
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
        { name: "a", series: seconds(5), rhythm: RHYTHM },
        { name: "b", series: null, rhythm: RHYTHM },
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
    expect((option.series as { data: unknown[] }[]).map((s) => s.data.length)).toEqual([2, 0, 0, 0]);
    const format = (option.xAxis as { axisLabel: { formatter: (at: number) => string } }).axisLabel.formatter;
    expect(format(T0)).toBe("16:00");
  });
});
