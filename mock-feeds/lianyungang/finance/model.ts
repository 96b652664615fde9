import type { SystemModel } from "../../kit/model";

/** 普惠金融 / 公积金 */
export const model: SystemModel = {
  id: "finance",
  basis: "No figure is published; CNY 38 M of loans and 900 withdrawals a day are assumed. So are 1,350 deposits.",
  metrics: [
    {
      kind: "day",
      metric: "loans-today",
      interval: 10,
      decimals: 1,
      daily: 3_800,
      rhythm: "office",
      weekend: 0.2,
      holiday: 0.1,
    },
    {
      kind: "day",
      metric: "fund-withdrawals-today",
      interval: 10,
      daily: 900,
      rhythm: "office",
      weekend: 0.3,
      holiday: 0.15,
    },
    {
      kind: "day",
      metric: "fund-deposits-today",
      interval: 10,
      daily: 1_350,
      rhythm: "office",
      weekend: 0.3,
      holiday: 0.15,
    },
  ],
};
