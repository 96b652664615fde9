import type { SystemModel } from "../../kit/model";

/** 运行指挥 */
export const model: SystemModel = {
  id: "operations",
  basis: "No figure is published; 12,400 hotline calls and 520 events a day are assumed.",
  metrics: [
    { kind: "day", metric: "hotline-today", interval: 5, daily: 12_400, rhythm: "daily", weekend: 0.8, byDistrict: true },
    { kind: "day", metric: "events-today", interval: 5, daily: 520, rhythm: "daily", weekend: 0.9, byDistrict: true },
    { kind: "gauge", metric: "events-open", interval: 5, low: 60, high: 138, rhythm: "daily", noise: 0.12, districts: "share" },
    { kind: "gauge", metric: "events-closed-rate", interval: 10, decimals: 1, low: 98.1, high: 96.8, rhythm: "daily", noise: 0.008, cap: 100 },
  ],
};
