import { fixed, type SystemModel } from "../../kit/model";

/** 数据归集 */
export const model: SystemModel = {
  id: "data",
  basis:
    "Published: 59 departments, 29.36 billion records; before: 899 systems, 627 databases, 600,000 tables. 24 M " +
    "new records a day are assumed.",
  metrics: [
    fixed("data-departments", 59),
    { kind: "total", metric: "data-records", interval: 10, from: 29_360_000_000, daily: 24_000_000, rhythm: "machine" },
    { kind: "day", metric: "data-today", interval: 5, daily: 24_000_000, rhythm: "machine" },
    { kind: "gauge", metric: "data-rate", interval: 5, low: 4_200, high: 27_600, rhythm: "machine", noise: 0.1 },
    fixed("data-systems-before", 899),
    fixed("data-databases-before", 627),
    fixed("data-tables-before", 600_000),
  ],
};
