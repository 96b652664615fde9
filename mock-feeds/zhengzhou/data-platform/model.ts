import { fixed, type SystemModel } from "../../kit/model";

/** 数据中台 */
export const model: SystemModel = {
  id: "data-platform",
  basis: "Published: 52 provincial and city units, 199 interfaces, 191 tables. 2.1 M calls a day are assumed.",
  metrics: [
    fixed("data-units", 52),
    fixed("data-interfaces", 199),
    fixed("data-tables", 191),
    {
      kind: "day",
      metric: "data-calls-today",
      interval: 5,
      daily: 2_100_000,
      rhythm: "office",
      weekend: 0.5,
      holiday: 0.35,
    },
    { kind: "gauge", metric: "data-calls-rate", interval: 5, low: 240, high: 3_950, rhythm: "office", noise: 0.12 },
  ],
};
