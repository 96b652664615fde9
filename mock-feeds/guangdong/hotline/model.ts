import type { SystemModel } from "../../kit/model";

/** 12345热线 */
export const model: SystemModel = {
  id: "hotline",
  basis: "No figure is published; 186,000 calls a day over the province are assumed.",
  metrics: [
    {
      kind: "day",
      metric: "hotline-today",
      interval: 15,
      daily: 186_000,
      rhythm: "daily",
      weekend: 0.8,
      byDistrict: true,
      districtsOnly: true,
      byPart: true,
    },
    { kind: "gauge", metric: "hotline-waiting", interval: 5, low: 8, high: 410, rhythm: "office", noise: 0.2 },
    {
      kind: "gauge",
      metric: "satisfaction",
      interval: 15,
      decimals: 1,
      low: 98.9,
      high: 98.1,
      rhythm: "office",
      noise: 0.005,
      districts: "level",
      cap: 100,
    },
    {
      kind: "gauge",
      metric: "online-rate",
      interval: 15,
      decimals: 1,
      low: 94.8,
      high: 92.4,
      rhythm: "office",
      noise: 0.01,
      districts: "level",
      cap: 99.9,
    },
  ],
};
