import type { SystemModel } from "../../kit/model";

/** 大联动 */
export const model: SystemModel = {
  id: "joint-response",
  basis: "Seven stages and two classes are published, no figure; 310 reports of city parts and 540 city events a day are assumed.",
  metrics: [
    { kind: "day", metric: "parts-today", interval: 5, daily: 310, rhythm: "daily", weekend: 0.8, byDistrict: true },
    { kind: "day", metric: "affairs-today", interval: 5, daily: 540, rhythm: "daily", weekend: 0.9, byDistrict: true },
    { kind: "day", metric: "joint-closed-today", interval: 10, daily: 812, rhythm: "office", weekend: 0.7 },
    { kind: "gauge", metric: "joint-open", interval: 5, low: 96, high: 188, rhythm: "daily", noise: 0.1, districts: "share" },
    { kind: "gauge", metric: "joint-overdue", interval: 10, low: 3, high: 11, rhythm: "office", noise: 0.25 },
    { kind: "gauge", metric: "joint-closed-rate", interval: 10, decimals: 1, low: 99.1, high: 98.2, rhythm: "daily", noise: 0.004, cap: 100 },
    { kind: "gauge", metric: "joint-hours", interval: 10, decimals: 1, low: 3.4, high: 4.6, rhythm: "daily", noise: 0.08 },
  ],
};
