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
    const series = hourly(
      ["2026-11-20T22:59:00", 90],
      ["2026-11-20T23:59:00", 100],
      ["2026-11-21T00:59:00", 4],
      ["2026-11-21T01:59:00", 10],
    );
    expect(heatCells(series, metric, at("2026-11-21T02:00:00"), "Asia/Shanghai")).toEqual([
      [23, 4, 10],
      [0, 5, 4],
      [1, 5, 6],
    ]);
  });

  it("gives to an hour what a source reports of it on the full hour that ends it", () => {
    const series = hourly(
      ["2026-11-20T00:00:00", 0],
      ["2026-11-20T01:00:00", 4],
      ["2026-11-20T08:00:00", 30],
      ["2026-11-20T09:00:00", 40],
      ["2026-11-20T10:00:00", 92],
      ["2026-11-20T11:00:00", 140],
    );
    const now = at("2026-11-20T11:10:00");
    expect(heatCells(series, metric, now, "Asia/Shanghai")).toEqual([
      [0, 4, 4],
      [8, 4, 10],
      [9, 4, 52],
      [10, 4, 48],
    ]);
    // A week ago's last hour ends when the six days before today begin: it is no part of them.
    const total = hourly(["2026-11-13T23:00:00", 10], ["2026-11-14T00:00:00", 15], ["2026-11-14T01:00:00", 17]);
    expect(heatCells(total, { ...metric, kind: "total" }, now, "Asia/Shanghai")).toEqual([[0, 5, 2]]);
  });

  it("gives each of two hours half of what came in nearly two", () => {
    const series = hourly(["2026-11-20T09:00:00", 10], ["2026-11-20T10:55:00", 30], ["2026-11-20T11:55:00", 44]);
    expect(heatCells(series, metric, at("2026-11-20T12:00:00"), "Asia/Shanghai")).toEqual([
      [9, 4, 10],
      [10, 4, 10],
      [11, 4, 14],
    ]);
  });

  it("has no cell after an hour that is missing", () => {
    expect(
      heatCells(
        hourly(["2026-11-20T08:59:00", 10], ["2026-11-20T11:59:00", 40]),
        metric,
        at("2026-11-20T12:00:00"),
        "Asia/Shanghai",
      ),
    ).toEqual([]);
  });

  it("leaves what is still to come of today empty, although the same weekday's hours of a week ago are known", () => {
    const series = hourly(
      ["2026-11-13T08:59:00", 10],
      ["2026-11-13T09:59:00", 20],
      ["2026-11-13T15:59:00", 90],
      ["2026-11-13T16:59:00", 99],
      ["2026-11-14T00:30:00", 3],
      ["2026-11-20T08:59:00", 10],
      ["2026-11-20T09:40:00", 14],
    );
    expect(heatCells(series, metric, at("2026-11-20T09:45:00"), "Asia/Shanghai")).toEqual([
      [0, 5, 3],
      [9, 4, 4],
    ]);
    expect(heatCells(series, { ...metric, kind: "gauge" }, at("2026-11-20T09:45:00"), "Asia/Shanghai")).toEqual([
      [0, 5, 3],
      [8, 4, 10],
      [9, 4, 14],
    ]);
  });

  it("begins days as the clocks do, and adds up an hour that they show twice", () => {
    const utc = (...pairs: [string, number][]): Series =>
      pairs.reduce(
        (series, [time, value]) => (series.add(Date.parse(time), value), series),
        new Series(3_600_000, 192),
      );
    // Havana goes from 23:59 to 01:00 on 2026-03-08, and shows the hour from 0:00 twice on 2026-11-01.
    const spring = utc(["2026-03-08T04:59:00Z", 500], ["2026-03-08T05:59:00Z", 7], ["2026-03-08T06:59:00Z", 12]);
    expect(heatCells(spring, metric, Date.parse("2026-03-08T07:00:00Z"), "America/Havana")).toEqual([
      [1, 6, 7],
      [2, 6, 5],
    ]);
    const autumn = utc(["2026-11-01T04:59:00Z", 5], ["2026-11-01T05:59:00Z", 8], ["2026-11-01T06:59:00Z", 14]);
    expect(heatCells(autumn, metric, Date.parse("2026-11-01T07:00:00Z"), "America/Havana")).toEqual([
      [0, 6, 8],
      [1, 6, 6],
    ]);
  });

  it("takes nothing from a bad reading", () => {
    const series = hourly(["2026-11-20T07:59:00", 10], ["2026-11-20T09:59:00", 40]);
    series.add(at("2026-11-20T08:59:00"), 9_999, "bad");
    expect(heatCells(series, { ...metric, kind: "gauge" }, at("2026-11-20T10:00:00"), "Asia/Shanghai")).toEqual([
      [7, 4, 10],
      [9, 4, 40],
    ]);
  });

  it("gives a gauge as it stood and forgets what is a week old", () => {
    const series = hourly(["2026-11-12T08:30:00", 1], ["2026-11-13T08:30:00", 3], ["2026-11-20T08:30:00", 7]);
    expect(heatCells(series, { ...metric, kind: "gauge" }, at("2026-11-20T09:00:00"), "Asia/Shanghai")).toEqual([
      [8, 4, 7],
    ]);
  });

  it("makes an option for nothing at all", () => {
    expect(heatOption([], 0, "zh", (r) => r * 16).visualMap).toMatchObject({ min: 0, max: 1 });
  });
});
