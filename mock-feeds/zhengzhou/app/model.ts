import type { SystemModel } from "../../kit/model";

/** 郑好办 */
export const model: SystemModel = {
  id: "app",
  basis: "Published: the housing fund is about 80 % of all cases; 88.3 % of deposits and 92.5 % of withdrawals are finished online. 18,000 cases and 420,000 active users a day are assumed.",
  metrics: [
    { kind: "day", metric: "cases-today", interval: 5, daily: 18_000, rhythm: "office", weekend: 0.45, holiday: 0.3, byDistrict: true },
    { kind: "day", metric: "cases-fund-today", interval: 5, daily: 14_400, rhythm: "office", weekend: 0.45, holiday: 0.3 },
    { kind: "day", metric: "cases-social-today", interval: 10, daily: 1_440, rhythm: "office", weekend: 0.45, holiday: 0.3 },
    { kind: "day", metric: "cases-medical-today", interval: 10, daily: 900, rhythm: "office", weekend: 0.45, holiday: 0.3 },
    { kind: "day", metric: "cases-household-today", interval: 10, daily: 760, rhythm: "office", weekend: 0.45, holiday: 0.3 },
    { kind: "day", metric: "cases-other-today", interval: 10, daily: 500, rhythm: "office", weekend: 0.45, holiday: 0.3 },
    { kind: "gauge", metric: "fund-deposit-online", interval: 10, decimals: 1, low: 88.3, high: 88.3, rhythm: "machine", noise: 0.002 },
    { kind: "gauge", metric: "fund-withdraw-online", interval: 10, decimals: 1, low: 92.5, high: 92.5, rhythm: "machine", noise: 0.002 },
    { kind: "day", metric: "app-active-today", interval: 5, daily: 420_000, rhythm: "daily" },
    { kind: "gauge", metric: "app-online", interval: 5, low: 1_200, high: 27_800, rhythm: "daily" },
    { kind: "day", metric: "elderly-users-today", interval: 10, daily: 36_000, rhythm: "daily" },
  ],
};
