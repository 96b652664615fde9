import type { SystemModel } from "../../kit/model";

/** 医院门诊登记 */
export const model: SystemModel = {
  id: "outpatient",
  basis: "Built in 38 hours to spread patients over hospitals; no figure is published, 26,000 registrations a day at eight hospitals are assumed.",
  metrics: [
    { kind: "day", metric: "outpatient-today", interval: 5, daily: 26_000, rhythm: "office", weekend: 0.7, holiday: 0.5 },
    { kind: "gauge", metric: "outpatient-waiting", interval: 5, low: 40, high: 2_300, rhythm: "office", noise: 0.08 },
    { kind: "gauge", metric: "outpatient-minutes", interval: 10, low: 9, high: 38, rhythm: "office", noise: 0.1 },
    { kind: "day", metric: "outpatient-diverted-today", interval: 10, daily: 3_100, rhythm: "office", weekend: 0.7, holiday: 0.5 },
    { kind: "day", metric: "outpatient-zdyfy", interval: 10, daily: 5_200, rhythm: "office", weekend: 0.7, holiday: 0.5 },
    { kind: "day", metric: "outpatient-rmyy", interval: 10, daily: 4_420, rhythm: "office", weekend: 0.7, holiday: 0.5 },
    { kind: "day", metric: "outpatient-zdefy", interval: 10, daily: 3_120, rhythm: "office", weekend: 0.7, holiday: 0.5 },
    { kind: "day", metric: "outpatient-szy", interval: 10, daily: 2_860, rhythm: "office", weekend: 0.7, holiday: 0.5 },
    { kind: "day", metric: "outpatient-etyy", interval: 10, daily: 3_380, rhythm: "office", weekend: 0.7, holiday: 0.5 },
    { kind: "day", metric: "outpatient-szxyy", interval: 10, daily: 2_600, rhythm: "office", weekend: 0.7, holiday: 0.5 },
    { kind: "day", metric: "outpatient-dqyy", interval: 10, daily: 2_080, rhythm: "office", weekend: 0.7, holiday: 0.5 },
    { kind: "day", metric: "outpatient-zdwfy", interval: 10, daily: 2_340, rhythm: "office", weekend: 0.7, holiday: 0.5 },
  ],
};
