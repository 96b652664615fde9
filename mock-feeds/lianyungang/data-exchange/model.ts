import { fixed, type SystemModel } from "../../kit/model";

/** 共享交换平台 */
export const model: SystemModel = {
  id: "data-exchange",
  basis:
    "500,000 records exchanged on an average day; 60 M shared in total; 1,071 resources. 12,492 items of 60 " +
    "departments; 3.02 billion records, 1.9 M more a day are assumed.",
  metrics: [
    {
      kind: "day",
      metric: "exchange-today",
      interval: 2,
      daily: 500_000,
      rhythm: "machine",
      weekend: 0.98,
      holiday: 0.95,
    },
    { kind: "gauge", metric: "exchange-rate", interval: 2, low: 60, high: 560, rhythm: "machine", noise: 0.14 },
    { kind: "total", metric: "exchange-total", interval: 10, from: 60_000_000, daily: 500_000, rhythm: "machine" },
    { kind: "gauge", metric: "exchange-resources", interval: 60, low: 1_071, high: 1_071, rhythm: "machine", noise: 0 },
    fixed("exchange-items", 12_492),
    fixed("exchange-departments", 60),
    {
      kind: "total",
      metric: "exchange-records",
      interval: 10,
      from: 3_020_000_000,
      daily: 1_900_000,
      rhythm: "machine",
    },
  ],
};
