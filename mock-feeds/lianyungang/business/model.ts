import type { SystemModel } from "../../kit/model";

/** 不动产 / 开办企业 / 工程审批 / 不见面开标 */
export const model: SystemModel = {
  id: "business",
  basis: "No figure is published; registrations in line with a prefecture city of 4.6 M people are assumed.",
  metrics: [
    { kind: "day", metric: "property-today", interval: 15, daily: 520, rhythm: "office", weekend: 0.25, holiday: 0.05 },
    { kind: "day", metric: "company-today", interval: 15, daily: 168, rhythm: "office", weekend: 0.2, holiday: 0.05 },
    { kind: "day", metric: "construction-today", interval: 15, daily: 34, rhythm: "office", weekend: 0.05, holiday: 0 },
    { kind: "day", metric: "bidding-today", interval: 15, daily: 14, rhythm: "office", weekend: 0, holiday: 0 },
  ],
};
