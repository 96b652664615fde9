import { describe, expect, it } from "vitest";
import { rankLabel, rankOption } from "./analysis-option";
import { provisionalOf, rangeOption, type Curve } from "./range-option";

const HOUR = 3_600_000;
const T0 = Date.parse("2026-11-23T00:00:00Z");
const writing = { lang: "zh", timeZone: "Asia/Shanghai", decimals: 0 } as const;
const px = (rems: number): number => rems * 16;
const at = Array.from({ length: 6 }, (_, i) => T0 + i * HOUR);
const curve: Curve = {
  name: "海州",
  points: { at, value: [1, 2, 3, 4, 5, null] },
  compared: false,
  provisionalFrom: T0 + 3.5 * HOUR,
};
const input = {
  curves: [curve],
  range: [T0, T0 + 6 * HOUR] as [number, number],
  marks: { events: [], chosen: null, notes: [] },
  writing,
  px,
};
const seriesNamed = (option: unknown, name: string) =>
  (
    option as {
      series: { name: string; data: [number, number | null][]; itemStyle?: { color: string; borderColor: string } }[];
    }
  ).series.find((one) => one.name === name);

describe("the chart of a range", () => {
  it("draws hollow what may still change: the bucket that holds that moment and those after it", () => {
    expect(provisionalOf(curve)).toEqual([false, false, false, true, true, true]);
    expect(provisionalOf({ ...curve, provisionalFrom: null })).toEqual([false, false, false, false, false, false]);
    const option = rangeOption({ ...input, normal: { at: () => null, outliers: [], within: 0.5 } });
    const hollow = seriesNamed(option, "provisional");
    expect([hollow?.itemStyle?.color === hollow?.itemStyle?.borderColor, hollow?.data]).toEqual([
      false,
      [
        [at[3], 4],
        [at[4], 5],
      ],
    ]);
  });

  it("draws no band beyond the days it rests on", () => {
    const normalAt = (hour: number) =>
      hour >= T0 + 2 * HOUR && hour <= T0 + 4 * HOUR ? { low: 1, mid: 2, high: 3, count: 4 } : null;
    const option = rangeOption({ ...input, normal: { at: normalAt, outliers: [], within: 0.5 } });
    const drawn = seriesNamed(option, "low")
      ?.data.filter(([, value]) => value !== null)
      .map(([moment]) => moment - 0.5 * HOUR);
    expect(drawn).toEqual([2, 3, 4].map((hour) => T0 + hour * HOUR));
  });
});

describe("the ranking", () => {
  it("says of a place that nothing came from that there is no number, and not that it is none", () => {
    const rows = [
      { code: "1", name: "a", value: 0, own: true },
      { code: "2", name: "b", value: null, own: false },
    ];
    expect([rankLabel(rows[0], 0, "zh"), rankLabel(rows[1], 0, "zh")]).toEqual(["0", "–"]);
    const { series } = rankOption(rows, writing, px) as {
      series: { label: { formatter: (item: { dataIndex: number }) => string } }[];
    };
    expect([0, 1].map((dataIndex) => series[0]?.label.formatter({ dataIndex }))).toEqual(["0", "–"]);
  });
});
