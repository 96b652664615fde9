import { fixed, type SystemModel } from "../../kit/model";

/** 商事登记1+X */
export const model: SystemModel = {
  id: "registration",
  basis:
    "Published: one matter in 1 working day, X matters in at most 4; 70 % less paper, 80 % fewer steps, 80 % " +
    "less time. Trips saved (75 %) and 620 companies a day are assumed.",
  metrics: [
    {
      kind: "day",
      metric: "company-today",
      interval: 5,
      daily: 620,
      rhythm: "office",
      weekend: 0.2,
      holiday: 0.05,
      byDistrict: true,
    },
    {
      kind: "day",
      metric: "registration-x-today",
      interval: 10,
      daily: 1_480,
      rhythm: "office",
      weekend: 0.2,
      holiday: 0.05,
    },
    fixed("registration-one-days", 1),
    {
      kind: "gauge",
      metric: "registration-x-days",
      interval: 10,
      decimals: 1,
      low: 3.2,
      high: 3.7,
      rhythm: "office",
      noise: 0.04,
      cap: 4,
    },
    {
      kind: "gauge",
      metric: "registration-hours",
      interval: 10,
      decimals: 1,
      low: 5.2,
      high: 6.6,
      rhythm: "office",
      noise: 0.06,
    },
    fixed("registration-paper", 70),
    fixed("registration-steps", 80),
    fixed("registration-time", 80),
    fixed("registration-trips", 75),
  ],
};
