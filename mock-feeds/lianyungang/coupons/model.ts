import type { SystemModel } from "../../kit/model";

/** 电子消费券 */
export const model: SystemModel = {
  id: "coupons",
  basis: "CNY 50 M in total; 120 days of batches from May 2020 are assumed: CNY 416,667 a day.",
  metrics: [
    { kind: "day", metric: "coupons-redeemed-today", interval: 5, daily: 416_667, rhythm: "daily", weekend: 1.03 },
    { kind: "total", metric: "coupons-issued", interval: 10, from: 50_000_000, daily: 0, rhythm: "daily" },
  ],
};
