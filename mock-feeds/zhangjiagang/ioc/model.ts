import type { SystemModel } from "../../kit/model";

/** 城市运行中心 */
export const model: SystemModel = {
  id: "ioc",
  basis:
    "No figure is published; power, water, air, port and visitors of a county-level city of 1.43 M people are assumed.",
  metrics: [
    { kind: "day", metric: "hotline-today", interval: 5, daily: 820, rhythm: "daily", weekend: 0.8, byDistrict: true },
    { kind: "gauge", metric: "power-load", interval: 10, low: 2_750, high: 4_180, rhythm: "daily", noise: 0.02 },
    { kind: "day", metric: "water-today", interval: 10, daily: 392_000, rhythm: "daily" },
    {
      kind: "gauge",
      metric: "air-index",
      interval: 10,
      low: 48,
      high: 76,
      rhythm: "commute",
      noise: 0.1,
      districts: "level",
    },
    { kind: "day", metric: "port-today", interval: 10, decimals: 0, daily: 742_000, rhythm: "machine" },
    { kind: "day", metric: "visitors-today", interval: 10, daily: 26_400, rhythm: "daily", weekend: 1.5, holiday: 2.2 },
    {
      kind: "gauge",
      metric: "congestion-index",
      interval: 5,
      decimals: 2,
      low: 1.02,
      high: 1.68,
      rhythm: "commute",
      noise: 0.07,
      districts: "level",
    },
    {
      kind: "gauge",
      metric: "vehicles-on-road",
      interval: 5,
      low: 1_900,
      high: 31_200,
      rhythm: "commute",
      noise: 0.05,
      districts: "share",
    },
  ],
};
