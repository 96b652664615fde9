import { fixed, type SystemModel } from "../../kit/model";

/** 政务大数据 */
export const model: SystemModel = {
  id: "data",
  basis:
    "Published: 55 departments, 14,350 data items, 9.5 billion records; 1,068 systems before. 11 M new records " +
    "and 6.8 M exchanged a day are assumed.",
  metrics: [
    fixed("data-departments", 55),
    fixed("data-items", 14_350),
    { kind: "total", metric: "data-records", interval: 10, from: 9_500_000_000, daily: 11_000_000, rhythm: "machine" },
    fixed("data-systems-before", 1_068),
    { kind: "day", metric: "exchange-today", interval: 5, daily: 6_800_000, rhythm: "machine" },
    { kind: "gauge", metric: "exchange-rate", interval: 5, low: 1_100, high: 7_900, rhythm: "machine", noise: 0.12 },
  ],
};
