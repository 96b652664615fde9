import type { SystemModel } from "../../kit/model";

/** 互联网+监管: dispatch, accept, handle, review */
export const model: SystemModel = {
  id: "supervision",
  basis: "Four stages are published, no figure; 420 tasks a day are assumed.",
  metrics: [
    { kind: "gauge", metric: "tasks-dispatch", interval: 5, low: 22, high: 96, rhythm: "office", noise: 0.15 },
    { kind: "gauge", metric: "tasks-accept", interval: 5, low: 30, high: 84, rhythm: "office", noise: 0.15 },
    { kind: "gauge", metric: "tasks-handle", interval: 5, low: 148, high: 262, rhythm: "office", noise: 0.08 },
    { kind: "gauge", metric: "tasks-review", interval: 5, low: 40, high: 88, rhythm: "office", noise: 0.12 },
    { kind: "day", metric: "tasks-today", interval: 5, daily: 420, rhythm: "office", weekend: 0.3, holiday: 0.15, byDistrict: true },
    { kind: "day", metric: "tasks-closed-today", interval: 5, daily: 402, rhythm: "office", weekend: 0.3, holiday: 0.15 },
    { kind: "gauge", metric: "tasks-overdue", interval: 10, low: 8, high: 26, rhythm: "office", noise: 0.2, districts: "share" },
  ],
};
