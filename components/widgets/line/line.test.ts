import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { palette } from "@/components/ui/theme";
import { roomForEnds } from "./line-ends";
import { lineLook } from "./line-look";
import { doubts } from "./line-marks";
import type { LineInput } from "./line-input";
import { lineOption } from "./line-option";

const RHYTHM = { step: 10_000, silence: 60_000 };
const T0 = Date.parse("2026-11-22T08:00:00Z");

const line = (series: Series | null) => ({ series, rhythm: RHYTHM, alive: true });

function input(more: Partial<LineInput>): LineInput {
  return {
    lines: [line(seconds(900))],
    span: 900,
    rises: false,
    area: false,
    count: false,
    whole: false,
    percent: false,
    ghost: new Float64Array(0),
    events: null,
    target: null,
    room: roomForEnds([{ name: "a", value: "899" }], { width: 62, height: 20 }),
    now: T0 + 900_000,
    timeZone: "Asia/Shanghai",
    lang: "zh",
    px: (rems) => rems * 16,
    width: 1_000,
    height: 320,
    ...more,
  };
}

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
    const { option } = lineOption(input({ lines: [line(doubted)], span: 60, now: T0 + 60_000 }));
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
  const look = {
    now: T0,
    span: 900,
    width: 450,
    height: 200,
    lang: "zh" as const,
    begins: [T0 - 600_000, null],
    around: "end",
  };

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
      { around: "row" },
      { begins: [T0 - 600_000, T0] },
      { begins: [T0 - 800_000, null] },
      { begins: [T0 - 900_000, null] },
    ])
      expect(lineLook({ ...look, ...change })).not.toBe(lineLook(look));
  });
});

describe("lineOption", () => {
  type Drawn = { type: string; data: ArrayLike<unknown>; areaStyle?: unknown };
  const seriesOf = (more: Partial<LineInput>): Drawn[] => lineOption(input(more)).option.series as Drawn[];
  const axisOf = (more: Partial<LineInput>) =>
    (lineOption(input(more)).option.yAxis as { min: number; max: number; interval: number }[])[0];

  it("spans exactly the asked time up to now", () => {
    const { option } = lineOption(input({ lines: [line(seconds(5)), line(null)], now: T0 + 5_000 }));
    expect(option.xAxis).toMatchObject({ min: T0 - 895_000, max: T0 + 5_000 });
    expect((option.series as Drawn[]).map(({ data }) => data.length)).toEqual([2, 0, 1, 0, 0, 0, 0]);
    const format = (option.xAxis as { axisLabel: { formatter: (at: number) => string } }).axisLabel.formatter;
    expect(format(T0)).toBe("16:00");
  });

  it("ends with a dot at its newest value, hollow and without colour once that no longer stands for the present", () => {
    const [, alive] = seriesOf({});
    expect(Array.from(alive?.data ?? [])).toMatchObject([{ value: [T0 + 899_000, 899] }]);
    const [, dead] = seriesOf({ lines: [{ ...line(seconds(900)), alive: false }] });
    const colors = [alive, dead].map((one) => (one?.data[0] as { itemStyle: { color: string } }).itemStyle.color);
    expect(colors[1]).toBe(palette().panel);
    expect(colors[0]).not.toBe(colors[1]);
  });

  it("begins at 0 for what is counted, filled or stands on the ground, and near its values otherwise", () => {
    const far = new Series(1_000, 900);
    for (let i = 0; i < 900; i++) far.add(T0 + i * 1000, 500 + (i % 20));
    const lines = [line(far)];
    expect([{ count: true }, { area: true }, {}].map((more) => axisOf({ lines, ...more })?.min)).toEqual([0, 0, 505]);
    expect(axisOf({ lines, whole: true })?.interval).toBeGreaterThanOrEqual(1);
  });

  it("stands its values where the lines end, from each other, or nowhere where they are in a row", () => {
    const [low, high] = [new Series(1_000, 900), new Series(1_000, 900)];
    for (let i = 0; i < 900; i++) for (const [k, one] of [low, high].entries()) one.add(T0 + i * 1000, 10 + k / 100);
    const ends = [1, 2].map((i) => ({ name: `第${i}区`, value: "10.0" }));
    const more = { lines: [line(low), line(high)], room: roomForEnds(ends, { width: 62, height: 20 }) };
    const { tops } = lineOption(input(more));
    expect((tops[0] ?? 0) - (tops[1] ?? 0)).toBeGreaterThanOrEqual(16 * more.room.line - 0.1);
    expect(lineOption(input({ ...more, room: roomForEnds(ends, { width: 9, height: 20 }) })).tops).toEqual([
      null,
      null,
    ]);
  });

  it("has room for what was a day before and for its target", () => {
    const ghost = Float64Array.from([T0, 40, T0 + 450_000, 2_400, T0 + 900_000, 60]);
    const target = { value: 3_000, better: "down" as const, words: "目标 ≤3,000" };
    const { option } = lineOption(input({ ghost, target }));
    const [axis] = option.yAxis as { max: number }[];
    expect(axis?.max).toBeGreaterThanOrEqual(3_000);
    const drawn = option.series as { data: ArrayLike<unknown>; z?: number }[];
    const behind = drawn.filter(({ z, data }) => z === 1 && data.length > 0);
    expect(behind.map(({ data }) => data.length)).toEqual([6, 2]);
    expect(behind[1]?.data).toEqual([
      [T0, 3_000],
      [T0 + 900_000, 3_000],
    ]);
    expect(axisOf({ target: null })?.max).toBeLessThan(3_000);
  });

  it("draws what hours added as bars on the ground, the one that runs paler", () => {
    const counter = new Series(60_000, 1_560);
    for (let k = 0; k < 90; k++) counter.add(T0 - 5_400_000 + k * 60_000, k * 10);
    const drawn = seriesOf({ lines: [line(counter)], span: 86_400, rises: true, now: T0 + 60_000 })[0];
    expect(drawn?.type).toBe("bar");
    expect(drawn?.data).toMatchObject([{ value: [T0 - 1_800_000, 600], itemStyle: { opacity: 1 } }]);
  });
});
