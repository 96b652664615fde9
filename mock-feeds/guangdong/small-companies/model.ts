import { fixed, type SystemModel } from "../../kit/model";

/** 小微企业专栏 */
export const model: SystemModel = {
  id: "small-companies",
  basis: "Published: 12 M businesses addressed. 41,000 reads and 3,200 applications a day are assumed.",
  metrics: [
    fixed("small-addressed", 12_000_000),
    { kind: "gauge", metric: "small-policies", interval: 10, low: 2_680, high: 2_684, rhythm: "office", noise: 0.0005 },
    { kind: "day", metric: "small-reads-today", interval: 10, daily: 41_000, rhythm: "office", weekend: 0.4 },
    { kind: "day", metric: "small-applied-today", interval: 10, daily: 3_200, rhythm: "office", weekend: 0.15 },
    {
      kind: "day",
      metric: "small-loans-today",
      interval: 10,
      daily: 18_600,
      rhythm: "office",
      weekend: 0.05,
      holiday: 0,
    },
  ],
};
