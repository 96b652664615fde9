import { fixed, type SystemModel } from "../../kit/model";

/** 张家港党政通 */
export const model: SystemModel = {
  id: "portal",
  basis: "No figure is published; 6,800 staff and 150 events followed from start to end are assumed.",
  metrics: [
    {
      kind: "day",
      metric: "portal-active-today",
      interval: 10,
      daily: 6_100,
      rhythm: "office",
      weekend: 0.2,
      holiday: 0.12,
    },
    { kind: "gauge", metric: "portal-online", interval: 10, low: 0, high: 2_450, rhythm: "office", noise: 0.05 },
    { kind: "gauge", metric: "portal-followed", interval: 10, low: 118, high: 164, rhythm: "office", noise: 0.06 },
    fixed("portal-departments", 62),
    { kind: "day", metric: "portal-steps-today", interval: 10, daily: 3_960, rhythm: "office", weekend: 0.4 },
    { kind: "gauge", metric: "portal-instructions", interval: 10, low: 4, high: 9, rhythm: "office", noise: 0.2 },
  ],
};
