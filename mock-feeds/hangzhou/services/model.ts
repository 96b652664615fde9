import { fixed, type SystemModel } from "../../kit/model";

/** 杭州办事服务 */
export const model: SystemModel = {
  id: "services",
  basis: "Published: 310 matters at once, 585 personal matters, 81 joint matters. 64,000 cases a day are assumed.",
  metrics: [
    {
      kind: "day",
      metric: "cases-today",
      interval: 5,
      daily: 64_000,
      rhythm: "office",
      weekend: 0.4,
      holiday: 0.25,
      byDistrict: true,
    },
    fixed("matters-at-once", 310),
    fixed("matters-personal", 585),
    fixed("matters-joint", 81),
    {
      kind: "gauge",
      metric: "online-rate",
      interval: 10,
      decimals: 1,
      low: 93.6,
      high: 90.8,
      rhythm: "office",
      noise: 0.01,
      districts: "level",
      cap: 99.9,
    },
    {
      kind: "gauge",
      metric: "satisfaction",
      interval: 10,
      decimals: 1,
      low: 99.3,
      high: 98.8,
      rhythm: "office",
      noise: 0.004,
      cap: 100,
    },
    { kind: "day", metric: "kiosk-today", interval: 10, daily: 7_900, rhythm: "daily" },
  ],
};
