import { fixed, type SystemModel } from "../../kit/model";

/** 便捷停车 */
export const model: SystemModel = {
  id: "parking",
  basis:
    "Wrong-parking messages with the nearest free car park, and leaving first and paying later; no figure is " +
    "published, 2,300 messages and 310,000 late payments a day are assumed.",
  metrics: [
    {
      kind: "gauge",
      metric: "parking-free",
      interval: 5,
      low: 286_000,
      high: 94_000,
      rhythm: "daily",
      noise: 0.02,
      districts: "share",
    },
    fixed("parking-lots", 4_720),
    { kind: "day", metric: "wrong-parking-today", interval: 5, daily: 2_300, rhythm: "daily", byDistrict: true },
    {
      kind: "gauge",
      metric: "wrong-parking-moved",
      interval: 10,
      decimals: 1,
      low: 71,
      high: 64,
      rhythm: "daily",
      noise: 0.03,
      cap: 100,
    },
    {
      kind: "gauge",
      metric: "wrong-parking-minutes",
      interval: 10,
      decimals: 1,
      low: 5.8,
      high: 8.2,
      rhythm: "daily",
      noise: 0.08,
    },
    { kind: "day", metric: "leave-first-today", interval: 5, daily: 310_000, rhythm: "daily" },
    {
      kind: "gauge",
      metric: "parking-seconds",
      interval: 10,
      decimals: 1,
      low: 2.1,
      high: 3.4,
      rhythm: "daily",
      noise: 0.08,
    },
  ],
};
