import { fixed, type SystemModel } from "../../kit/model";

/** 粤商通 */
export const model: SystemModel = {
  id: "companies",
  basis:
    "Published: 750,000 downloads, 690,000 companies, 27 M visits, 557 matters. A year of visits is assumed: " +
    "74,000 a day.",
  metrics: [
    {
      kind: "total",
      metric: "companies-downloads",
      interval: 15,
      from: 750_000,
      daily: 1_900,
      rhythm: "office",
      weekend: 0.3,
    },
    {
      kind: "total",
      metric: "companies-users",
      interval: 15,
      from: 690_000,
      daily: 1_700,
      rhythm: "office",
      weekend: 0.2,
    },
    {
      kind: "total",
      metric: "companies-visits",
      interval: 15,
      from: 27_000_000,
      daily: 74_000,
      rhythm: "office",
      weekend: 0.4,
    },
    {
      kind: "day",
      metric: "companies-visits-today",
      interval: 10,
      daily: 74_000,
      rhythm: "office",
      weekend: 0.4,
      byDistrict: true,
    },
    fixed("companies-matters", 557),
    {
      kind: "day",
      metric: "companies-new-today",
      interval: 15,
      daily: 1_700,
      rhythm: "office",
      weekend: 0.2,
      byDistrict: true,
    },
  ],
};
