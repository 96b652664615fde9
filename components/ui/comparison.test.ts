import { describe, expect, it } from "vitest";
import type { Metric } from "@/lib/contract/city";
import type { Compared } from "@/lib/live/compare";
import { changeText, comparisonName, comparisonSpan, comparisonTitle } from "./comparison";

const metric = { id: "m", kind: "gauge", decimals: 0, unit: { zh: "件", en: "cases" }, interval: 60 } as Metric;
const of = (more: Partial<Compared>): Compared => ({
  which: "week",
  growth: false,
  change: { unit: "percent", size: 0 },
  direction: "up",
  good: null,
  base: { value: 0, at: null },
  ...more,
});
const percent = (size: number): string =>
  changeText(of({ change: { unit: "percent", size }, direction: size < 0 ? "down" : "up" }), metric, "zh");

describe("a comparison in words", () => {
  it("has its name, by what is compared", () => {
    const names = (["week", "yesterday", "hour", "today", "target", "normal"] as const).map((which) =>
      comparisonName({ which, growth: false }, { kind: "total" }, "zh"),
    );
    expect(names).toEqual(["较上周同期", "较昨日同期", "较1小时前", "今日新增", "较目标", "正常区间"]);
    expect(comparisonName({ which: "today", growth: false }, { kind: "gauge" }, "zh")).toBe("较今日零点");
    expect(comparisonName({ which: "hour", growth: true }, { kind: "day" }, "zh")).toBe("近1小时较前1小时");
    expect(comparisonName({ which: "week", growth: false }, { kind: "day" }, "en")).toBe("vs a week ago");
  });

  it("writes percentages short, and a rise of several times as a multiple", () => {
    expect([3.84, -12.4, 199, 200, 1_140, 500_000].map(percent)).toEqual([
      "▲ 3.8%",
      "▼ 12%",
      "▲ 199%",
      "▲ ×3.0",
      "▲ ×12",
      "▲ >×99",
    ]);
  });

  it("writes growth with its sign, points as points, and what is normal with the days it rests on", () => {
    expect(changeText(of({ which: "today", change: { unit: "amount", size: 12_345 } }), metric, "zh")).toBe("+12,345");
    expect(
      changeText(of({ which: "today", change: { unit: "amount", size: -12 }, direction: "down" }), metric, "en"),
    ).toBe("−12");
    expect(
      changeText(of({ which: "today", change: { unit: "amount", size: 0 }, direction: "flat" }), metric, "en"),
    ).toBe("0");
    expect(
      changeText(of({ change: { unit: "points", size: -0.54 }, direction: "down" }), { ...metric, decimals: 1 }, "zh"),
    ).toBe("▼ 0.5 个百分点");
    const band = { low: 1_180, high: 1_320, days: 4 };
    expect(
      changeText(of({ which: "normal", change: { unit: "amount", size: 0 }, direction: "flat", band }), metric, "zh"),
    ).toBe("■ 1,180–1,320 (据4天)");
    expect(changeText(of({ which: "normal", change: { unit: "amount", size: 9 }, band }), metric, "en")).toBe(
      "▲ 1,180–1,320 (from 4 days)",
    );
  });

  it("says what the base was and when it was observed", () => {
    expect(
      comparisonTitle(
        of({ base: { value: 2_921, at: Date.parse("2026-11-17T10:19:58+08:00") } }),
        metric,
        "Asia/Shanghai",
        "zh",
      ),
    ).toBe("较上周同期: 2,921 · 2026-11-17 10:19:58");
  });
});

describe("comparisonSpan", () => {
  it("is enough to know how far a counter had come at the full minute", () => {
    expect([
      comparisonSpan({ kind: "gauge", interval: 5 }),
      comparisonSpan({ kind: "day", interval: 5 }),
      comparisonSpan({ kind: "day", interval: 300 }),
    ]).toEqual([0, 120, 660]);
  });
});
