import type { SystemModel } from "../../kit/model";

/** 郑政钉 */
export const model: SystemModel = {
  id: "staff-app",
  basis: "Published: 90,000+ users. 61,000 active users and 1.4 M messages a day are assumed.",
  metrics: [
    { kind: "total", metric: "staff-users", interval: 15, from: 90_000, daily: 12, rhythm: "office", weekend: 0.1 },
    {
      kind: "day",
      metric: "staff-active-today",
      interval: 10,
      daily: 61_000,
      rhythm: "office",
      weekend: 0.3,
      holiday: 0.2,
    },
    { kind: "gauge", metric: "staff-online", interval: 10, low: 900, high: 38_500, rhythm: "office", noise: 0.04 },
    { kind: "day", metric: "staff-messages-today", interval: 10, daily: 1_400_000, rhythm: "office", weekend: 0.25 },
    { kind: "day", metric: "staff-approvals-today", interval: 10, daily: 8_300, rhythm: "office", weekend: 0.1 },
  ],
};
