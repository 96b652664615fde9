import { describe, expect, it } from "vitest";
import type { Metric } from "@/lib/contract/city";
import { Series } from "@/lib/contract/series";
import { heatCells, heatOption } from "./heat-calendar-option";

const metric = { kind: "day" } as Metric;
const at = (text: string): number => Date.parse(`${text}+08:00`);

function hourly(...pairs: [string, number][]): Series {
  const series = new Series(3_600_000, 192);
  for (const [time, value] of pairs) series.add(at(time), value);
  return series;
}

describe("heatCells", () => {
  it("gives what each hour added to a day counter, in the city's zone, and starts anew at midnight", () => {
    const series = hourly(["2026-11-20T22:59:00", 90], ["2026-11-20T23:59:00", 100], ["2026-11-21T00:59:00", 4], ["2026-11-21T01:59:00", 10]);
    expect(heatCells(series, metric, at("2026-11-21T02:00:00"), "Asia/Shanghai")).toEqual([[23, 4, 10], [0, 5, 4], [1, 5, 6]]);
  });

  it("has no cell after an hour that is missing", () => {
    expect(heatCells(hourly(["2026-11-20T08:59:00", 10], ["2026-11-20T11:59:00", 40]), metric, at("2026-11-20T12:00:00"), "Asia/Shanghai")).toEqual([]);
  });

  it("gives a gauge as it stood and forgets what is a week old", () => {
    const series = hourly(["2026-11-12T08:30:00", 1], ["2026-11-20T08:30:00", 7]);
    expect(heatCells(series, { ...metric, kind: "gauge" }, at("2026-11-20T09:00:00"), "Asia/Shanghai")).toEqual([[8, 4, 7]]);
  });

  it("makes an option for nothing at all", () => {
    expect(heatOption([], "zh", (r) => r * 16).visualMap).toMatchObject({ min: 0, max: 1 });
  });
});
