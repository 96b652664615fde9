import type { SystemModel } from "../../kit/model";

/** 疫情防检 */
export const model: SystemModel = {
  id: "inbound-check",
  basis: "About 300,000 registrations; 300 days are assumed: 1,000 a day, seven in ten of them with a vehicle.",
  metrics: [
    { kind: "day", metric: "inbound-people-today", interval: 5, daily: 1_000, rhythm: "daily", weekend: 1.05 },
    { kind: "day", metric: "inbound-vehicles-today", interval: 5, daily: 700, rhythm: "daily", weekend: 1.05 },
    {
      kind: "total",
      metric: "inbound-total",
      interval: 15,
      from: 300_000,
      daily: 1_000,
      rhythm: "daily",
      weekend: 1.05,
    },
  ],
};
