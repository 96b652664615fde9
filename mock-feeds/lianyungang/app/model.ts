import { fixed, type SystemModel } from "../../kit/model";

/** 我的连云港 */
export const model: SystemModel = {
  id: "app",
  basis:
    "150,000 active users on an average day; 250 M uses over 18 months (548 days) are 456,000 a day; 2.5 M " +
    "downloads over the same time are 4,562 a day. 394 matters on the phone, 1,600+ queried and filed online, " +
    "14 releases.",
  metrics: [
    {
      kind: "day",
      metric: "app-active-today",
      interval: 5,
      daily: 150_000,
      rhythm: "daily",
      weekend: 0.99,
      holiday: 0.95,
      byDistrict: true,
      surge: 300_000,
    },
    {
      kind: "gauge",
      metric: "app-online",
      interval: 2,
      low: 380,
      high: 9_400,
      rhythm: "daily",
      districts: "share",
      surge: 2,
    },
    {
      kind: "day",
      metric: "app-uses-today",
      interval: 5,
      daily: 456_000,
      rhythm: "daily",
      weekend: 0.98,
      byDistrict: true,
    },
    { kind: "total", metric: "app-uses-total", interval: 5, from: 250_000_000, daily: 456_000, rhythm: "daily" },
    { kind: "total", metric: "app-downloads", interval: 10, from: 2_500_000, daily: 4_562, rhythm: "daily" },
    { kind: "gauge", metric: "app-matters", interval: 60, low: 394, high: 394, rhythm: "machine", noise: 0 },
    fixed("app-filed-matters", 1_600),
    fixed("app-releases", 14),
    { kind: "gauge", metric: "app-complaints-open", interval: 10, low: 14, high: 46, rhythm: "daily", noise: 0.2 },
  ],
};
