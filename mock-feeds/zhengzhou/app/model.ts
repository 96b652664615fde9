import { portions, type DayCount, type SystemModel } from "../../kit/model";

const CASES: DayCount = {
  kind: "day",
  metric: "cases-today",
  interval: 5,
  daily: 18_000,
  rhythm: "office",
  weekend: 0.45,
  holiday: 0.3,
  byDistrict: true,
};

/** 郑好办 */
export const model: SystemModel = {
  id: "app",
  basis:
    "Published: the housing fund is about 80 % of all cases; 88.3 % of deposits and 92.5 % of withdrawals are " +
    "finished online. 18,000 cases and 420,000 active users a day are assumed.",
  metrics: [
    CASES,
    ...portions(CASES, 10, {
      "cases-fund-today": 800,
      "cases-social-today": 80,
      "cases-medical-today": 50,
      "cases-household-today": 42,
      "cases-other-today": 28,
    }),
    {
      kind: "gauge",
      metric: "fund-deposit-online",
      interval: 10,
      decimals: 1,
      low: 88.3,
      high: 88.3,
      rhythm: "machine",
      noise: 0.002,
    },
    {
      kind: "gauge",
      metric: "fund-withdraw-online",
      interval: 10,
      decimals: 1,
      low: 92.5,
      high: 92.5,
      rhythm: "machine",
      noise: 0.002,
    },
    { kind: "day", metric: "app-active-today", interval: 5, daily: 420_000, rhythm: "daily" },
    { kind: "gauge", metric: "app-online", interval: 5, low: 1_200, high: 27_800, rhythm: "daily" },
    { kind: "day", metric: "elderly-users-today", interval: 10, daily: 36_000, rhythm: "daily" },
  ],
};
