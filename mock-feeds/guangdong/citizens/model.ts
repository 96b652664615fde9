import { fixed, type SystemModel } from "../../kit/model";

/** 粤省事 */
export const model: SystemModel = {
  id: "citizens",
  basis: "Published: 30 M real-name users. 3.1 M active users, 21,000 new users and 1.9 M cases a day are assumed.",
  metrics: [
    { kind: "total", metric: "citizens-users", interval: 15, from: 30_000_000, daily: 21_000, rhythm: "daily" },
    {
      kind: "day",
      metric: "citizens-active-today",
      interval: 15,
      daily: 3_100_000,
      rhythm: "daily",
      byDistrict: true,
      byPart: true,
    },
    {
      kind: "gauge",
      metric: "citizens-online",
      interval: 10,
      low: 21_000,
      high: 214_000,
      rhythm: "daily",
      districts: "share",
    },
    {
      kind: "day",
      metric: "cases-today",
      interval: 15,
      daily: 1_900_000,
      rhythm: "office",
      weekend: 0.5,
      holiday: 0.3,
      byDistrict: true,
      byPart: true,
    },
    fixed("citizens-services", 1_683),
  ],
};
