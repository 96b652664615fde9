import { describe, expect, it } from "vitest";
import type { CityFacts, Metric } from "@/lib/contract/city";
import { Series } from "@/lib/contract/series";
import { palette } from "@/components/ui/theme";
import { definition, type LineSettings } from "./definition";
import { roomForEnds } from "./line-ends";
import type { LineInput, Target } from "./line-input";
import { lineOption } from "./line-option";
import { labelSpot, targetIn } from "./line-target";

const T0 = Date.parse("2026-11-22T08:00:00Z");
const NOW = T0 + 900_000;

const metric = (id: string, more: Partial<Metric>): Metric => ({
  id,
  name: { zh: id, en: id },
  unit: { zh: "", en: "" },
  kind: "gauge",
  decimals: 1,
  interval: 5,
  limit: 30,
  better: "down",
  districts: true,
  subdivisions: false,
  system: "traffic",
  ...more,
});
const city = {
  id: "haven",
  metrics: [
    metric("congestion", { target: 1.5 }),
    metric("congestion-twin", { target: 1.5 }),
    metric("on-time", { target: 95, better: "up" }),
    metric("same-level", { target: 1.5, better: "up" }),
    metric("staff", { target: 40, better: "none", decimals: 0 }),
    metric("cases-today", { kind: "day", target: 900, decimals: 0 }),
    metric("speed", {}),
  ],
} as unknown as CityFacts;

function settings(metrics: string[], more: object = {}): LineSettings {
  return definition.schema.parse({ series: metrics.map((id) => ({ metric: id })), ...more });
}
const targetOf = (metrics: string[], more: object = {}): Target | null =>
  targetIn({ city, lang: "zh", settings: settings(metrics, more) });

describe("the target of a line", () => {
  it("is that of all its metrics, said by the side on which it is met", () => {
    expect(targetOf(["congestion", "congestion-twin"])).toEqual({ value: 1.5, better: "down", words: "目标 ≤1.5" });
    expect(targetOf(["on-time"])?.words).toBe("目标 ≥95.0");
    expect(targetOf(["staff"])?.words).toBe("目标 40");
    expect(targetIn({ city, lang: "en", settings: settings(["congestion"]) })?.words).toBe("Target ≤1.5");
  });

  it("is none where they differ, one has none, or it is not wanted", () => {
    expect(targetOf(["congestion", "speed"])).toBeNull();
    expect(targetOf(["congestion", "on-time"])).toBeNull();
    expect(targetOf(["congestion", "same-level"])).toBeNull();
    expect(targetOf(["speed"])).toBeNull();
    expect(targetOf(["congestion"], { target: false })).toBeNull();
    // Of what hours added a day's target says nothing.
    expect(targetOf(["cases-today"], { span: 86_400 })).toBeNull();
  });

  it("has no better side where a day's count is still on its way to it", () => {
    expect(targetOf(["cases-today"])).toEqual({ value: 900, better: "none", words: "目标 900" });
  });
});

const px = (rems: number): number => rems * 16;

/** A chart of values between two, with a target. */
function drawn(low: number, high: number, target: Target | null, more: Partial<LineInput> = {}) {
  const series = new Series(1_000, 900);
  for (let i = 0; i < 900; i++) series.add(T0 + i * 1_000, Math.floor(i / 10) % 2 === 0 ? low : high);
  const drawing = lineOption({
    lines: [{ series, rhythm: { step: 10_000, silence: 60_000 }, alive: true }],
    span: 900,
    rises: false,
    area: false,
    count: false,
    whole: false,
    percent: false,
    ghost: new Float64Array(0),
    events: null,
    target,
    room: roomForEnds([{ name: "a", value: "1.5" }], { width: 62, height: 20 }),
    now: NOW,
    timeZone: "Asia/Shanghai",
    lang: "zh",
    px,
    width: 1_000,
    height: 320,
    ...more,
  });
  const [axis] = drawing.option.yAxis as { min: number; max: number }[];
  const band = (
    drawing.option.series as { z?: number; data: number[][]; areaStyle?: object; lineStyle: { width: number } }[]
  ).find(({ z, data, areaStyle }) => z === 1 && areaStyle && data.length === 2);
  return { axis, band, target: drawing.target };
}
const target = (value: number, better: Target["better"]): Target => ({ value, better, words: "目标 ≤1.5" });

describe("the band of a target", () => {
  it("lies on the side on which it is met, from edge to edge, with a line at its own edge", () => {
    const [down, up] = [drawn(1, 2, target(1.5, "down")), drawn(1, 2, target(1.5, "up"))];
    expect(down.band).toMatchObject({ areaStyle: { origin: "start", color: palette().band } });
    expect(down.band?.data).toEqual([
      [T0, 1.5],
      [NOW, 1.5],
    ]);
    expect(down.band?.lineStyle.width).toBeGreaterThan(0);
    expect(up.band).toMatchObject({ areaStyle: { origin: "end" } });
  });

  it("is a level alone of what is better neither above nor below", () => {
    expect(drawn(1, 2, target(1.5, "none")).band).toMatchObject({ areaStyle: { opacity: 0 } });
  });

  it("lengthens the axis where the values keep half of it, and no further", () => {
    expect(drawn(10, 20, target(25, "down")).axis).toMatchObject({ min: 10, max: 25 });
    const far = drawn(10, 20, target(80, "down"));
    const bare = drawn(10, 20, null).axis;
    expect([far.axis?.min, far.axis?.max]).toEqual([bare?.min, bare?.max]);
    expect(far.target?.beyond).toBe("up");
    // All of it is as it should be, and no edge is where the plot ends.
    expect(far.band?.data.map(([, y]) => y)).toEqual([far.axis?.max, far.axis?.max]);
    expect(far.band?.lineStyle.width).toBe(0);
    expect(drawn(50, 60, target(1, "down")).target?.beyond).toBe("down");
    expect(drawn(50, 60, target(55, "down")).target?.beyond).toBeNull();
  });

  it("has no label without a target", () => {
    expect(drawn(1, 2, null)).toMatchObject({ target: null });
  });
});

describe("the label of a target", () => {
  const plot = { width: 400, height: 100 };
  const label = { width: 80, height: 20 };
  const flat = (y: number): [number, number][] => [
    [0, y],
    [400, y],
  ];

  it("stands in the band, at the beginning of its edge, where no line is in its way", () => {
    expect(labelSpot(50, "down", plot, label, [])).toEqual({ left: 0, top: 50 });
    expect(labelSpot(50, "up", plot, label, [])).toEqual({ left: 0, top: 30 });
    expect(labelSpot(50, "down", plot, label, [flat(20)])).toEqual({ left: 0, top: 50 });
  });

  it("gives way to a line: to the other end, then to the other side of the edge", () => {
    const rising: [number, number][] = [
      [0, 60],
      [200, 60],
      [300, 10],
      [400, 10],
    ];
    expect(labelSpot(50, "down", plot, label, [rising])).toEqual({ left: 320, top: 50 });
    expect(labelSpot(50, "down", plot, label, [flat(60)])).toEqual({ left: 0, top: 30 });
    // A steep line between two of its points is in the way as well.
    expect(
      labelSpot(50, "down", plot, label, [
        [
          [20, 0],
          [60, 100],
        ],
      ]).left,
    ).toBe(320);
  });

  it("stays inside of the plot, whatever is in its way", () => {
    for (const edge of [0, 5, 95, 100])
      for (const better of ["up", "down", "none"] as const) {
        const { left, top } = labelSpot(edge, better, plot, label, [flat(10), flat(50), flat(90)]);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(top + label.height).toBeLessThanOrEqual(plot.height);
      }
  });
});
