import type { SystemModel } from "../../kit/model";

/** 城市运营中心: the hotline and the events it follows */
export const model: SystemModel = {
  id: "operations-center",
  basis: "No figure is published; 1,450 hotline calls and 160 city events a day are assumed.",
  metrics: [
    { kind: "day", metric: "hotline-today", interval: 5, daily: 1_450, rhythm: "daily", weekend: 0.8, byDistrict: true },
    { kind: "day", metric: "events-today", interval: 5, daily: 160, rhythm: "daily", weekend: 0.9, byDistrict: true },
    { kind: "gauge", metric: "events-open", interval: 5, low: 22, high: 48, rhythm: "daily", noise: 0.15, districts: "share" },
    { kind: "gauge", metric: "events-closed-rate", interval: 10, decimals: 1, low: 97.4, high: 95.6, rhythm: "daily", noise: 0.012, cap: 100 },
  ],
};
